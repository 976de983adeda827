/** Longest step that is taken as a pause of the pictures rather than a jump of the stream's clock. */
const JUMP_MS = 1000;
/** Pictures closer together than this have a broken time. */
const LEAST_STEP_MS = 1;
/** MPEG clocks count 33 bits at 90 kHz: after 26.5 hours they begin anew. */
const WRAP_MS = 2 ** 33 / 90;
/** A step back is a wrap when it is a whole turn of the clock to within this. */
const WRAP_SLACK_MS = 10_000;
/** So many pictures in a row whose clock does not agree with their arrival, and the clock is not believed. */
const DISBELIEF = 25;
/** Part by which the stream's pace may differ from that of arrival before it counts as disagreement. */
const PACE_SLACK = 0.25;
const PACE_WINDOW_MS = 4000;
/** One window may be off: many cameras begin with the pictures of the last seconds at once. */
const PACE_WINDOWS = 2;

export interface MediaTime {
  readonly ptsMs: number;
  /** First after a gap or a jump of the stream's clock. */
  readonly discontinuity: boolean;
  /** From the arrival: the stream gave no usable time. */
  readonly ptsEstimated: boolean;
}

/**
 * The one media time of a run over many connections: milliseconds since the run began, always rising. Within a
 * connection the stream's own times count; at each connection, and where they jump, they are anchored to the monotonic
 * clock of their arrival, so that a gap is as long in media time as it was.
 */
export class MediaTimeline {
  #lastMs: number | null = null;
  #lastMonoMs: number;
  /** Media time minus the clock, by the last picture whose time was believed. */
  #anchorMs: number;
  /** Media time minus stream time; null until the first picture of a connection. */
  #offsetMs: number | null = null;
  #lastRawMs = 0;
  #wrapsMs = 0;
  #stuck = 0;
  #arrivalOnly = false;
  #marked = false;
  #window: { rawMs: number; monoMs: number } | null = null;
  #offPace = 0;

  constructor(startMonoMs: number) {
    this.#lastMonoMs = startMonoMs;
    this.#anchorMs = -startMonoMs;
  }

  /** Media time of the last picture; null before the first. */
  get lastMs(): number | null {
    return this.#lastMs;
  }

  /** The stream's times stand still although pictures arrive. */
  get stuck(): boolean {
    return this.#stuck >= DISBELIEF;
  }

  /** A new connection: its times have nothing to do with those before. `arrivalOnly`: it is known to have none. */
  reconnect(arrivalOnly: boolean): void {
    this.#offsetMs = null;
    this.#wrapsMs = 0;
    this.#stuck = 0;
    this.#arrivalOnly = arrivalOnly;
    this.#window = null;
    this.#offPace = 0;
    this.#marked = true;
  }

  /** The next picture is the first of something new, whatever its time says. */
  mark(): void {
    this.#marked = true;
  }

  resolve(rawMs: number | null, monoMs: number): MediaTime {
    const first = this.#lastMs === null;
    const told = this.#resolve(rawMs, monoMs);
    this.#lastMonoMs = monoMs;
    this.#lastMs = told.ptsMs;
    const discontinuity = told.discontinuity || (this.#marked && !first);
    this.#marked = false;
    return { ...told, discontinuity };
  }

  #resolve(rawMs: number | null, monoMs: number): MediaTime {
    if (rawMs === null || this.#arrivalOnly) return this.#byArrival(rawMs, monoMs, false);
    if (this.#offsetMs === null) return { ...this.#byArrival(rawMs, monoMs, false), ptsEstimated: false };
    this.#unwrap(rawMs);
    const unwrappedMs = rawMs + this.#wrapsMs;
    const stepMs = unwrappedMs - this.#lastRawMs;
    const arrivalMs = monoMs - this.#lastMonoMs;
    this.#stuck = Math.abs(stepMs) < LEAST_STEP_MS ? this.#stuck + 1 : 0;
    if (stepMs < LEAST_STEP_MS && stepMs > -JUMP_MS) return this.#byArrival(rawMs, monoMs, false);
    const agrees = Math.abs(stepMs - arrivalMs) <= JUMP_MS;
    if (stepMs < 0 || (stepMs > JUMP_MS && !agrees)) return this.#byArrival(rawMs, monoMs, true);
    this.#watchPace(unwrappedMs, monoMs);
    this.#lastRawMs = unwrappedMs;
    const ptsMs = Math.max(unwrappedMs + this.#offsetMs, (this.#lastMs ?? 0) + LEAST_STEP_MS);
    this.#anchorMs = ptsMs - monoMs;
    return { ptsMs, discontinuity: stepMs > JUMP_MS, ptsEstimated: false };
  }

  /** Anchors the stream's clock to the arrival of this picture. */
  #byArrival(rawMs: number | null, monoMs: number, jump: boolean): MediaTime {
    const lastMs = this.#lastMs;
    const arrivedMs = Math.max(0, monoMs + this.#anchorMs);
    const ptsMs = lastMs === null ? arrivedMs : Math.max(arrivedMs, lastMs + LEAST_STEP_MS);
    if (rawMs !== null) {
      this.#lastRawMs = rawMs + this.#wrapsMs;
      this.#offsetMs = ptsMs - this.#lastRawMs;
      this.#window = null;
    }
    return { ptsMs, discontinuity: jump, ptsEstimated: true };
  }

  #unwrap(rawMs: number): void {
    const backMs = this.#lastRawMs - (rawMs + this.#wrapsMs);
    if (Math.abs(backMs - WRAP_MS) < WRAP_SLACK_MS) this.#wrapsMs += WRAP_MS;
  }

  /** Times that run at another pace than the pictures arrive are made up: a guessed rate of a stream without times. */
  #watchPace(rawMs: number, monoMs: number): void {
    this.#window ??= { rawMs, monoMs };
    const tookMs = monoMs - this.#window.monoMs;
    if (tookMs < PACE_WINDOW_MS) return;
    const pace = (rawMs - this.#window.rawMs) / tookMs;
    this.#window = { rawMs, monoMs };
    this.#offPace = Math.abs(pace - 1) > PACE_SLACK ? this.#offPace + 1 : 0;
    if (this.#offPace >= PACE_WINDOWS) this.#arrivalOnly = true;
  }
}
