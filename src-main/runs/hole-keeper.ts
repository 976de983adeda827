import { toWireError } from '#shared/contracts/wire-error.ts';
import type { Hole } from '#shared/domain/gap.ts';
import { noteInLog } from '../logging/main-note.ts';
import type { Engine } from './engine.ts';
import type { LiveOutcome } from './live-request.ts';
import { tellStore } from './patient-store.ts';

type Left = Pick<LiveOutcome, 'died' | 'holeTold' | 'knownToWallMs'>;

/**
 * The hole that lasts while no run of a live source goes on. The next run tells it as its first gap; if none comes any
 * more, it is written beside the gaps of the last one.
 */
export class HoleKeeper {
  /** The last run that was begun. */
  runId: number | null = null;
  readonly #engine: Pick<Engine, 'askStore' | 'clock' | 'log'>;
  #hole: Hole;
  #told = false;

  constructor(engine: Pick<Engine, 'askStore' | 'clock' | 'log'>, hole: Hole) {
    this.#engine = engine;
    this.#hole = hole;
  }

  get hole(): Hole {
    return this.#hole;
  }

  /** The run has it among its gaps. */
  told(): void {
    this.#told = true;
  }

  /** The run is over, and the source is wanted still. */
  left({ died, holeTold, knownToWallMs }: Left): void {
    // A run that did not come so far as to tell its hole leaves that one as it was.
    if (!holeTold) return;
    this.#hole = { cause: `${died ?? 'capture'}-restart`, fromWallMs: knownToWallMs };
    this.#told = false;
  }

  /** No run comes any more. Never rejects. */
  async keep(toWallMs: number): Promise<void> {
    if (this.#told || this.runId === null) return;
    try {
      await tellStore(this.#engine, 'gap.add', { ...this.#hole, runId: this.runId, toWallMs });
    } catch (thrown) {
      const message = `a gap of run ${this.runId} was not stored: ${toWireError(thrown).message}`;
      noteInLog(this.#engine, 'error', message);
    }
  }
}
