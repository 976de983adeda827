import { NamedError } from '#shared/contracts/wire-error.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { operatorName } from '../evidence/operator.ts';
import type { Engine } from '../runs/engine.ts';
import type { SourceDesk } from '../runs/source-desk.ts';

const FINISHED: readonly SourceView['state'][] = ['ENDED', 'INCOMPLETE', 'STOPPED'];

/**
 * Counts by people. A file that was analysed is played again from its start, as a run of its own, and afterwards the
 * source shows its analysis as before: that is what the person's count is held against. A live source goes on.
 */
export class RecountDesk {
  readonly #engine: Engine;
  readonly #desk: SourceDesk;
  /** Sources that are being played, as they were before. */
  readonly #kept = new Map<string, SourceView>();

  constructor(engine: Engine, desk: SourceDesk) {
    this.#engine = engine;
    this.#desk = desk;
  }

  /** Rejects with 'bad-argument' when there is nothing yet that a count could be held against. */
  async begin(sourceId: string, fromPtsMs: number): Promise<{ recountId: number; runId: number }> {
    const view = this.#desk.viewOf(sourceId);
    const { runId, title } = view;
    const isFile = view.input.kind === 'file';
    if (runId === null) throw new NamedError('bad-argument', `${title} has not been analysed yet`);
    if (this.#kept.has(sourceId)) throw new NamedError('bad-argument', `${title} is being counted already`);
    if (isFile && !FINISHED.includes(view.state)) {
      throw new NamedError('bad-argument', `${title} is still being analysed`);
    }
    const { recountId } = await this.#engine.askStore('recount.begin', {
      runId,
      by: operatorName(),
      fromPtsMs: isFile ? 0 : fromPtsMs,
    });
    if (isFile) {
      this.#kept.set(sourceId, view);
      await this.#desk.configure(sourceId, { ...view.settings, mode: 'play', evidence: 'off' });
      this.#desk.start(sourceId);
    }
    return { recountId, runId };
  }

  /** Ends the playing and the count; the source is as it was before, whatever becomes of the count. */
  async end(sourceId: string, recountId: number, toPtsMs: number): Promise<void> {
    await this.#putBack(sourceId);
    await this.#engine.askStore('recount.end', { recountId, toPtsMs });
  }

  /** Breaks off what is being played, before ivis ends. */
  async breakOff(): Promise<void> {
    for (const sourceId of [...this.#kept.keys()]) await this.#putBack(sourceId);
  }

  async #putBack(sourceId: string): Promise<void> {
    const view = this.#kept.get(sourceId);
    if (view === undefined) return;
    this.#kept.delete(sourceId);
    await this.#desk.putBack(view);
  }
}
