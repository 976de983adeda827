import type { Clock } from '#shared/clock.ts';
import type { WireError } from '#shared/contracts/wire-error.ts';
import type { LiveStatus } from '#shared/domain/live-state.ts';
import type { Live } from './live.ts';
import type { Mask } from './mask.ts';

const MAX_LINES = 20;
const MAX_LINE_CHARS = 1000;
/** Kept with a loss. */
const LAST_LINES = 8;
const FIGURES_EACH_MS = 500;

/** Figures beside the state. */
export interface LiveFigures {
  readonly fps: number;
  readonly decodeErrors: number;
  /** Shown while LIVE. */
  readonly complaint: WireError | null;
}

/** Keeps ffmpeg's last lines and tells the status: a new state at once, moved figures at most twice a second. */
export class StatusBoard {
  readonly #clock: Clock;
  readonly #mask: Mask;
  readonly #tell: (status: LiveStatus) => void;
  #log: string[] = [];
  /** Of them, those of the ffmpeg that runs now or ran last. */
  #own = 0;
  #state = '';
  #told = '';
  #toldMs = Number.NEGATIVE_INFINITY;
  #sinceWallMs = 0;
  #shown: Live['state'] | null = null;

  constructor(clock: Clock, mask: Mask, tell: (status: LiveStatus) => void) {
    this.#clock = clock;
    this.#mask = mask;
    this.#tell = tell;
  }

  line(line: string): void {
    this.#log.push(line.slice(0, MAX_LINE_CHARS));
    if (this.#log.length > MAX_LINES) this.#log.shift();
    this.#own = Math.min(this.#own + 1, LAST_LINES);
  }

  /** Another ffmpeg speaks from now on. */
  begin(): void {
    this.#own = 0;
  }

  /** What the last ffmpeg said last, masked; empty when it said nothing. */
  get lastWords(): string {
    const lines = this.#own === 0 ? [] : this.#log.slice(-this.#own);
    return lines.map((line) => this.#mask(line).slice(0, MAX_LINE_CHARS)).join('\n');
  }

  show(live: Live, figures: LiveFigures): void {
    const nowMs = this.#clock.monoMs();
    const wallMs = this.#clock.wallMs();
    if (live.state !== this.#shown) {
      this.#shown = live.state;
      this.#sinceWallMs = wallMs;
    }
    const state = JSON.stringify([live.state, live.cause?.kind, live.attempt, live.nextTryMs]);
    if (state === this.#state && nowMs - this.#toldMs < FIGURES_EACH_MS) return;
    const status: LiveStatus = {
      state: live.state,
      sinceWallMs: this.#sinceWallMs,
      cause: this.#masked(live.cause ?? (live.state === 'LIVE' ? figures.complaint : null)),
      attempt: live.attempt,
      nextTryWallMs: live.nextTryMs === null ? null : Math.round(wallMs + live.nextTryMs - nowMs),
      fps: Math.round(figures.fps * 10) / 10,
      decodeErrors: figures.decodeErrors,
      // Masked when told, not when heard: a flood of lines costs nothing.
      log: this.#log.map((line) => this.#mask(line).slice(0, MAX_LINE_CHARS)),
    };
    // The wall clock's own jitter is nothing new.
    const told = JSON.stringify({ ...status, nextTryWallMs: live.nextTryMs });
    this.#state = state;
    if (told === this.#told) return;
    this.#told = told;
    this.#toldMs = nowMs;
    this.#tell(status);
  }

  #masked(cause: WireError | null): WireError | null {
    return cause === null ? null : { kind: cause.kind, message: this.#mask(cause.message).slice(0, 1000) };
  }
}
