import type { Clock } from '#shared/clock.ts';
import type { WireError } from '#shared/contracts/wire-error.ts';
import type { LiveStatus } from '#shared/domain/live-state.ts';
import { isDecodeError } from '../ffmpeg/stderr.ts';
import { DamageWatch } from './damage-watch.ts';
import type { Live } from './live.ts';
import type { Mask } from './mask.ts';
import { RateWatch } from './rate-watch.ts';
import { StatusBoard } from './status-board.ts';

/** Figures beside the state of a live source: how many pictures come, how many are damaged, what ffmpeg says. */
export class LiveVitals {
  readonly rate = new RateWatch();
  readonly #damage = new DamageWatch();
  readonly #clock: Clock;
  readonly #board: StatusBoard;
  #complaint: WireError | null = null;
  #scarce: WireError | null = null;

  constructor(clock: Clock, mask: Mask, tell: (status: LiveStatus) => void) {
    this.#clock = clock;
    this.#board = new StatusBoard(clock, mask, tell);
  }

  get decodeErrors(): number {
    return this.#damage.errors;
  }

  line(line: string): void {
    this.#board.line(line);
    if (isDecodeError(line)) this.#damage.error();
  }

  picture(monoMs: number): void {
    this.rate.picture(monoMs);
    this.#damage.frame();
  }

  /** Another attempt begins: what ffmpeg says from now on is about that one. */
  begin(): void {
    this.#board.begin();
    this.rate.begin(null);
    this.#damage.begin();
    this.#complaint = null;
  }

  /** What ffmpeg said last of the attempt, masked. */
  get lastWords(): string {
    return this.#board.lastWords;
  }

  /** Looks how many of the last pictures were damaged. */
  tick(): void {
    const share = this.#damage.share(this.#clock.monoMs());
    const message = `${((share ?? 0) * 100).toFixed(0)} % of the pictures of the last seconds are damaged`;
    this.#complaint = share === null ? null : { kind: 'camera-damaged', message };
  }

  /** The ring holds so many pictures, fewer than were wished; null when all are there. */
  ringIs(short: { readonly slots: number; readonly wanted: number } | null): void {
    const message = `there is room for ${short?.slots} pictures, ${short?.wanted} are wished`;
    this.#scarce = short === null ? null : { kind: 'shm-scarce', message };
  }

  show(live: Live): void {
    this.#board.show(live, {
      fps: live.phase === 'running' ? this.rate.fps(this.#clock.monoMs()) : 0,
      decodeErrors: this.#damage.errors,
      complaint: this.#complaint ?? this.#scarce,
    });
  }
}
