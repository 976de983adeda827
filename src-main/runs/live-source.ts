import { isDeepStrictEqual } from 'node:util';
import { NamedError, type WireError } from '#shared/contracts/wire-error.ts';
import type { Counting } from '#shared/domain/counting.ts';
import type { LiveLimits } from '#shared/domain/live-limits.ts';
import type { LiveStatus } from '#shared/domain/live-state.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { RunProgress, RunSettings } from '#shared/domain/run.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { inputName, type LiveInput, type Login } from '#shared/domain/source-input.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import { type DeskSource, type DeskSourceEvents, newView, type SourceChange } from './desk-source.ts';
import type { Engine } from './engine.ts';
import type { LiveNews } from './live-request.ts';
import { LiveRun } from './live-run.ts';
import { LiveTally } from './live-tally.ts';
import { middleLine } from './middle-line.ts';
import { quietStatus, shownFault, shownStatus, toldProgress } from './quiet-status.ts';
import type { SourceEntry } from './source-book.ts';
import { storedPast } from './stored-past.ts';
import { UnseenTime } from './unseen-time.ts';

export interface LiveSourceParts {
  readonly engine: Engine;
  readonly events: DeskSourceEvents;
  login(): Promise<Login | null>;
  hasLogin(): boolean;
  limits(): LiveLimits;
  /** Takes every secret out of a text. */
  mask(text: string): string;
}

/** A camera, a webcam or a stream: kept going from the operator's start to the operator's stop. */
export class LiveSource implements DeskSource {
  readonly #parts: LiveSourceParts;
  readonly #input: () => LiveInput;
  #view: SourceView;
  #run: LiveRun | null = null;
  #over: Promise<void> = Promise.resolve();
  #status: LiveStatus;
  readonly #tally = new LiveTally();
  /** The operator started it and did not stop it. */
  #wanted = false;
  #startedMs = 0;
  #toldMs = 0;
  /** What an earlier ivis had counted, until it is read. */
  #resuming: Counting | null = null;
  readonly #unseen = new UnseenTime();
  /** Its pictures come, and detection is being started again. */
  #blind = false;

  constructor(entry: SourceEntry & { readonly input: LiveInput }, parts: LiveSourceParts) {
    this.#parts = parts;
    this.#status = quietStatus('STOPPED', parts.engine.clock.wallMs());
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
    return this.#run?.capture ?? null;
  }

  get view(): SourceView {
    const { engine, hasLogin } = this.#parts;
    return {
      ...this.#view,
      hasLogin: hasLogin(),
      state: this.#status.state,
      fault: shownFault(this.#status, this.#blind, this.#tally.gaps.storeAway, engine),
      elapsedMs: this.#run === null ? this.#view.elapsedMs : engine.clock.monoMs() - this.#startedMs,
      attempt: Math.max(1, this.#tally.runIds.length),
      progress: toldProgress(this.#view.progress, engine.clock.monoMs() - this.#toldMs),
      live: { status: this.#status, ...this.#tally.view(engine.clock.wallMs()) },
    };
  }

  get entry(): SourceEntry {
    const { sourceId, title, input, loginKept, folderId, settings, media } = this.#view;
    const wanted = this.#wanted;
    const counting = wanted ? (this.#resuming ?? this.#tally.counting) : null;
    return { sourceId, title, input, loginKept, folderId, settings, media, wanted, counting, last: null };
  }

  /** ivis itself ended at that moment while the source was on; null: it did not. */
  unseenSince(ranUntilWallMs: number | null): void {
    this.#unseen.ivisEnded(ranUntilWallMs);
  }

  /** Begins as `start`, with what an earlier ivis had counted as far as the database holds it. */
  resume(counting: Counting | null): void {
    if (counting === null) return this.start();
    this.#wanted = true;
    this.#resuming = counting;
    const { engine, events } = this.#parts;
    const { monoMs, wallMs } = engine.clock;
    this.#take(quietStatus('CONNECTING', wallMs()));
    const asking = {
      wanted: () => this.#resuming === counting,
      refused: (cause: WireError) => this.#take({ ...quietStatus('RETRYING', wallMs()), cause }),
    };
    void storedPast(engine, this.sourceId, counting, asking).then((past) => {
      // Its operator stopped it meanwhile, or began it anew.
      if (this.#resuming !== counting) return;
      this.#resuming = null;
      if (past !== null) {
        this.#show({ progress: this.#tally.resume(counting, past) });
        // Also what was changed so late that no run had it yet, or while the database was waited for.
        if (past.settings !== null) this.#tally.settingsChanged(past.settings, this.#view.settings);
        this.#unseen.ivisClosed(past.endedWallMs);
        this.#startedMs = monoMs() - Math.max(0, wallMs() - counting.startedWallMs);
      }
      events.kept();
      this.#begin();
    });
  }

  start(): void {
    this.#resuming = null;
    this.#wanted = true;
    this.#tally.nothingStays();
    this.#begin();
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    if (this.#resuming !== null) this.#take(quietStatus('STOPPED', this.#parts.engine.clock.wallMs()));
    this.#resuming = null;
    await this.#halt();
  }

  heed(news: LiveNews): void {
    this.#run?.heed(news);
  }

  async configure(settings: RunSettings): Promise<void> {
    const before = this.#view.settings;
    this.#show({ settings });
    await this.#reconfigure(before, settings, false);
  }

  async change({ title, input, loginKept, settings, newLogin }: SourceChange): Promise<void> {
    const before = this.#view;
    const other = !isDeepStrictEqual(before.input, input);
    this.#show({ title, input, loginKept, settings, path: inputName(input) });
    if (other) {
      this.#show({ media: null });
      this.#tally.nothingStays();
    }
    await this.#reconfigure(before.settings, settings, other || newLogin);
  }

  /** Goes on with other settings, on the same connection unless `anew`. */
  async #reconfigure(before: RunSettings, settings: RunSettings, anew: boolean): Promise<void> {
    if (!anew && isDeepStrictEqual(before, settings)) return;
    this.#tally.settingsChanged(before, settings);
    const run = this.#run;
    const taken = !anew && run !== null && (await run.configure(settings));
    // Its end begins the next, as it is still wanted.
    if (!taken && this.#wanted) await this.#halt();
  }

  async #halt(): Promise<void> {
    this.#run?.stop();
    await this.#over;
  }

  /** Unless one is going on: its end begins the next when that is wanted. */
  #begin(): void {
    if (this.#run !== null) return;
    if (this.#tally.start()) this.#startedMs = this.#parts.engine.clock.monoMs();
    this.#renew();
    this.#over = this.#keepGoing();
  }

  /** Another run begins, as far as possible with the counts so far. */
  #renew(): void {
    if (this.#tally.renew(this.#parts.engine.clock.wallMs())) this.#show({ progress: null });
  }

  #runBegan(runId: number): void {
    this.#renew();
    this.#tally.runBegan(runId);
    this.#show({ runId });
    this.#parts.events.kept();
  }

  /** A run is over, and what it counted is part of the sum. */
  #sum(last: RunProgress | null): void {
    const progress = this.#tally.runOver(last, this.#parts.engine.clock.wallMs());
    if (progress !== null) this.#show({ progress });
  }

  async #keepGoing(): Promise<void> {
    const { engine, events, limits } = this.#parts;
    const { wallMs } = engine.clock;
    const { sourceId, settings } = this.#view;
    const hole = this.#unseen.hole(wallMs());
    // Its run tells it when it begins, which may wait for the model or the database: until then nothing is seen either.
    this.#tally.gaps.unseen(hole.cause, hole.fromWallMs);
    const run = new LiveRun(
      engine,
      {
        sourceId,
        input: this.#input(),
        settings,
        hole,
        limits,
        login: () => this.#login(),
        recording: events.recording(sourceId),
      },
      {
        captureStarted: () => events.captureStarted(sourceId),
        regained: () => this.#told(() => (this.#blind = false)),
        began: (runId) => this.#runBegan(runId),
        handedOver: (runId, last) => {
          this.#sum(last);
          this.#runBegan(runId);
        },
        changed: (status) => this.#take(status),
        described: (media) => this.#describe(media),
        gapBegan: (gap) => this.#told(() => this.#tally.gaps.began(gap)),
        gapEnded: (gap) => this.#told(() => this.#tally.gaps.ended(gap)),
        progressed: (progress) => {
          this.#toldMs = engine.clock.monoMs();
          this.#show({ progress: this.#tally.progressed(progress, wallMs()) });
        },
        runOver: (last, whole) => {
          this.#sum(last);
          if (!whole) void this.#recount();
        },
        died: (which, sinceMs, kept) =>
          this.#told(() => {
            this.#blind = kept;
            this.#tally.gaps.unseen(`${which}-restart`, sinceMs);
          }),
      },
    );
    this.#run = run;
    this.#take(quietStatus('CONNECTING', wallMs()));
    const end = await run.run();
    this.#run = null;
    this.#blind = false;
    if (end.over) this.#wanted = false;
    this.#unseen.runEnded(this.#wanted ? end.knownToWallMs : null);
    this.#tally.gaps.stopped(wallMs());
    this.#view = { ...this.#view, elapsedMs: engine.clock.monoMs() - this.#startedMs };
    const cause = end.over && end.error !== null ? end.error : null;
    this.#take({ ...quietStatus(end.over ? 'ENDED' : 'STOPPED', wallMs()), cause });
    if (this.#wanted) this.#begin();
  }

  /** After a run without a last word. */
  async #recount(): Promise<void> {
    const { engine } = this.#parts;
    const progress = await this.#tally.recount(engine, this.sourceId, () => this.#view.progress);
    if (progress !== null) this.#show({ progress });
  }

  async #login(): Promise<Login | null> {
    const { login, hasLogin } = this.#parts;
    if (this.#view.loginKept !== null && !hasLogin())
      throw new NamedError('login-needed', 'the login was kept for an earlier session only');
    return login();
  }

  #take(status: LiveStatus): void {
    this.#status = shownStatus(status, this.#parts.mask);
    if (status.state === 'LIVE' && !this.#blind) this.#tally.gaps.pictured(status.sinceWallMs);
    this.#parts.events.changed();
  }

  #describe(media: MediaInfo): void {
    const { media: before, settings } = this.#view;
    this.#show({ media });
    // The first time its picture is known, it gets the line a newcomer counts over.
    if (before === null && settings.lines.length === 0)
      void this.configure({ ...settings, ...middleLine(media) });
  }

  #told(note: () => void): void {
    note();
    this.#parts.events.changed();
  }

  #show(change: Partial<SourceView>): void {
    this.#view = { ...this.#view, ...change };
    this.#parts.events.changed();
  }
}
