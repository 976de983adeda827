import { isDeepStrictEqual } from 'node:util';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { toFault } from '#shared/domain/fault-text.ts';
import type { LiveLimits } from '#shared/domain/live-limits.ts';
import type { LiveStatus } from '#shared/domain/live-state.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { Interval, LiveView, SourceView } from '#shared/domain/source.ts';
import { inputName, type LiveInput, type Login } from '#shared/domain/source-input.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import { type DeskSource, type DeskSourceEvents, newView, type SourceChange } from './desk-source.ts';
import type { Engine } from './engine.ts';
import { GapBook } from './gap-book.ts';
import type { LiveNews } from './live-attempt.ts';
import { LiveCounts } from './live-counts.ts';
import { LiveRun } from './live-run.ts';
import { middleLine } from './middle-line.ts';
import { quietStatus } from './quiet-status.ts';
import type { SourceEntry } from './source-book.ts';

/** The table of counts over time is made anew this often at most. */
const INTERVALS_EVERY_MS = 1000;
/** Lines of ffmpeg that the window gets. */
const LOG_LINES = 12;

export interface LiveSourceParts {
  readonly engine: Engine;
  readonly events: DeskSourceEvents;
  login(): Promise<Login | null>;
  hasLogin(): boolean;
  limits(): LiveLimits;
  /** Takes every secret out of a text. */
  mask(text: string): string;
}

/** Settings under which counts may be added up: with other lines or classes they would be neither's. */
function countedBy({ rate, ...counted }: RunSettings): Omit<RunSettings, 'rate'> {
  return counted;
}

/** A camera, a webcam or a stream: kept going from the operator's start to the operator's stop. */
export class LiveSource implements DeskSource {
  readonly #parts: LiveSourceParts;
  readonly #input: () => LiveInput;
  #view: SourceView;
  #run: LiveRun | null = null;
  #over: Promise<void> = Promise.resolve();
  #capture: SupervisedWorker | null = null;
  #status: LiveStatus;
  #gaps = new GapBook();
  #counts: LiveCounts | null = null;
  #runs = 0;
  /** The operator started it and did not stop it. */
  #wanted = false;
  /** What was counted so far does not go with the newest settings. */
  #fresh = false;
  #startedMs = 0;
  /** Up to then its last run knew what was seen; null when its operator stopped it since. */
  #knownToWallMs: number | null = null;
  #intervals: { readonly atMs: number; readonly value: Interval[] } = { atMs: 0, value: [] };

  constructor(entry: SourceEntry & { readonly input: LiveInput }, parts: LiveSourceParts) {
    this.#parts = parts;
    this.#status = this.#quiet('STOPPED');
    this.#view = { ...newView(entry, inputName(entry.input)), media: entry.media, state: 'STOPPED' };
    this.#input = () => {
      const { input } = this.#view;
      return input.kind === 'file' ? entry.input : input;
    };
  }

  get sourceId(): string {
    return this.#view.sourceId;
  }

  get capture(): SupervisedWorker | null {
    return this.#capture;
  }

  get view(): SourceView {
    const { engine, hasLogin } = this.#parts;
    const { cause } = this.#status;
    return {
      ...this.#view,
      hasLogin: hasLogin(),
      state: this.#status.state,
      fault: cause === null ? null : toFault(cause.kind, cause.message),
      elapsedMs: this.#run === null ? this.#view.elapsedMs : engine.clock.monoMs() - this.#startedMs,
      attempt: Math.max(1, this.#runs),
      live: this.#live(),
    };
  }

  get entry(): SourceEntry {
    const { sourceId, title, input, loginKept, folderId, settings, media } = this.#view;
    const wanted = this.#wanted;
    return { sourceId, title, input, loginKept, folderId, settings, media, wanted, last: null };
  }

  start(): void {
    this.#wanted = true;
    this.#fresh = true;
    this.#begin();
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    await this.#halt();
  }

  heed(news: LiveNews): void {
    this.#run?.heed(news);
  }

  async configure(settings: RunSettings): Promise<void> {
    const before = this.#view.settings;
    this.#show({ settings });
    if (isDeepStrictEqual(before, settings)) return;
    await this.#again(!isDeepStrictEqual(countedBy(before), countedBy(settings)));
  }

  async change({ title, input, loginKept, settings, newLogin }: SourceChange): Promise<void> {
    const before = this.#view;
    const other = !isDeepStrictEqual(before.input, input);
    this.#show({ title, input, loginKept, settings, path: inputName(input) });
    if (other) this.#show({ media: null });
    const counted = !isDeepStrictEqual(countedBy(before.settings), countedBy(settings));
    const rated = !isDeepStrictEqual(before.settings.rate, settings.rate);
    if (other || newLogin || counted || rated) await this.#again(other || counted);
  }

  async #halt(): Promise<void> {
    this.#run?.stop();
    await this.#over;
  }

  /** What is going on ends and begins anew; `fresh`: its counts begin at zero. */
  async #again(fresh: boolean): Promise<void> {
    this.#fresh ||= fresh;
    // Its end begins the next, as it is still wanted.
    if (this.#wanted) await this.#halt();
  }

  /** Unless one is going on: its end begins the next when that is wanted. */
  #begin(): void {
    if (this.#run !== null) return;
    const { engine } = this.#parts;
    const wallMs = engine.clock.wallMs();
    if (this.#fresh || this.#counts === null) {
      this.#fresh = false;
      this.#counts = new LiveCounts(wallMs);
      this.#gaps = new GapBook();
      this.#runs = 0;
      this.#startedMs = engine.clock.monoMs();
      this.#show({ progress: null });
    }
    this.#over = this.#keepGoing(this.#counts);
  }

  async #keepGoing(counts: LiveCounts): Promise<void> {
    const { engine, events, limits } = this.#parts;
    const { wallMs } = engine.clock;
    const { sourceId, settings } = this.#view;
    const input = this.#input();
    const hole = { cause: 'connecting', fromWallMs: this.#knownToWallMs ?? wallMs() } as const;
    const run = new LiveRun(
      engine,
      {
        sourceId,
        input,
        settings,
        hole,
        limits,
        login: () => this.#login(),
        recording: events.recording(sourceId),
      },
      {
        captureStarted: (capture) => {
          this.#capture = capture;
          events.captureStarted(sourceId, capture);
        },
        began: (runId) => {
          this.#runs += 1;
          this.#show({ runId });
        },
        changed: (status) => this.#take(status),
        described: (media) => this.#describe(media),
        gapBegan: (gap) => this.#told(() => this.#gaps.began(gap)),
        gapEnded: (gap) => this.#told(() => this.#gaps.ended(gap)),
        progressed: (progress) => this.#show({ progress: counts.progressed(progress, wallMs()) }),
        runOver: (last, whole) => {
          this.#capture = null;
          const progress = counts.runOver(last, wallMs());
          if (progress !== null) this.#show({ progress });
          if (!whole) void this.#recount(counts);
        },
        died: (which, sinceMs) => this.#told(() => this.#gaps.restarted(`${which}-restart`, sinceMs)),
      },
    );
    this.#run = run;
    this.#take(this.#quiet('CONNECTING'));
    const end = await run.run();
    this.#run = null;
    if (end.over) this.#wanted = false;
    this.#knownToWallMs = this.#wanted ? end.knownToWallMs : null;
    this.#gaps.stopped(wallMs());
    this.#view = { ...this.#view, elapsedMs: engine.clock.monoMs() - this.#startedMs };
    const cause = end.over && end.error !== null ? end.error : null;
    this.#take({ ...this.#quiet(end.over ? 'ENDED' : 'STOPPED'), cause });
    if (this.#wanted) this.#begin();
  }

  /** After a run without a last word: what counts is what was stored. A store that is away leaves what was told. */
  async #recount(counts: LiveCounts): Promise<void> {
    const { engine } = this.#parts;
    const range = { fromWallMs: counts.startedWallMs, toWallMs: engine.clock.wallMs() };
    try {
      const { sourceId } = this;
      const stored = await engine.askStore('counts.get', { sourceId, ...range, intervalMs: null });
      counts.recount(stored.counts);
      const { progress } = this.#view;
      const total = progress === null ? null : counts.total(progress);
      if (total !== null && this.#counts === counts) this.#show({ progress: total });
    } catch (thrown) {
      this.#note(`counts of ${this.sourceId} could not be read back: ${String(thrown)}`);
    }
  }

  #note(message: string): void {
    const { log, clock } = this.#parts.engine;
    const { sourceId } = this;
    log.write({
      level: 'warn',
      process: 'main',
      pid: process.pid,
      sourceId,
      message,
      fields: {},
      wallMs: clock.wallMs(),
    });
  }

  async #login(): Promise<Login | null> {
    const { login, hasLogin } = this.#parts;
    if (this.#view.loginKept !== null && !hasLogin())
      throw new NamedError('login-needed', 'the login was kept for an earlier session only');
    return login();
  }

  #take(status: LiveStatus): void {
    const { mask } = this.#parts;
    const { cause } = status;
    this.#status = {
      ...status,
      cause: cause === null ? null : { ...cause, message: mask(cause.message) },
      log: status.log.slice(-LOG_LINES).map(mask),
    };
    if (status.state === 'LIVE') this.#gaps.pictured(status.sinceWallMs);
    this.#parts.events.changed();
  }

  #describe(media: MediaInfo): void {
    const { media: before, settings } = this.#view;
    this.#show({ media });
    // The first time its picture is known, it gets the line a newcomer counts over.
    if (before === null && settings.lines.length === 0) {
      void this.configure({ ...settings, lines: [middleLine(media)] });
    }
  }

  #told(note: () => void): void {
    note();
    this.#parts.events.changed();
  }

  #live(): LiveView {
    const nowWallMs = this.#parts.engine.clock.wallMs();
    if (Math.abs(nowWallMs - this.#intervals.atMs) >= INTERVALS_EVERY_MS) {
      const value = this.#counts?.intervals(this.#gaps, nowWallMs) ?? [];
      this.#intervals = { atMs: nowWallMs, value };
    }
    return {
      status: this.#status,
      gaps: this.#gaps.recent(nowWallMs),
      intervals: this.#intervals.value,
      runs: this.#runs,
      startedWallMs: this.#counts?.startedWallMs ?? null,
    };
  }

  #quiet(state: LiveStatus['state']): LiveStatus {
    return quietStatus(state, this.#parts.engine.clock.wallMs());
  }

  #show(change: Partial<SourceView>): void {
    this.#view = { ...this.#view, ...change };
    this.#parts.events.changed();
  }
}
