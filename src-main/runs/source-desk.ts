import { NamedError } from '#shared/contracts/wire-error.ts';
import type { Line } from '#shared/domain/line.ts';
import type { LiveLimits } from '#shared/domain/live-limits.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import { type SourceView, shownRuns } from '#shared/domain/source.ts';
import type { LoginChange, SourceDraft } from '#shared/domain/source-draft.ts';
import type { SourceInput } from '#shared/domain/source-input.ts';
import { secrets } from '../logging/secret-mask.ts';
import type { LoginBook } from '../secrets/login-book.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import { ChangeBook } from './change-book.ts';
import type { DeskSource, DeskSourceEvents } from './desk-source.ts';
import type { Engine } from './engine.ts';
import { FileSource } from './file-source.ts';
import type { LiveNews } from './live-request.ts';
import { LiveSource } from './live-source.ts';
import { keptAs, newEntry, newSettings, titleOf } from './new-entry.ts';
import type { SourceEntry } from './source-book.ts';

/** More files at once only share the one detection process, and each holds a decoder and a ring. */
const MAX_RUNNING = 4;
/** Files that a watched folder brought and that are done; older ones leave the list, their runs stay stored. */
const KEPT_OF_FOLDER = 20;

export interface SourceDefaults {
  readonly lines: readonly Line[];
  readonly classes: readonly string[];
  /** Of live sources, as they are now. */
  limits(): LiveLimits;
}

/** The sources of the window: what is wanted of each, and how far it is. */
export class SourceDesk {
  readonly #engine: Engine;
  readonly #events: DeskSourceEvents;
  readonly #defaults: SourceDefaults;
  readonly #logins: LoginBook;
  readonly #sources = new Map<string, DeskSource>();
  /** Sources that are wanted but were not started, because ivis is in safe mode. */
  readonly #held = new Map<string, SourceEntry>();
  readonly #changes: ChangeBook;
  #stopping = false;

  constructor(engine: Engine, logins: LoginBook, events: DeskSourceEvents, defaults: SourceDefaults) {
    this.#engine = engine;
    this.#logins = logins;
    this.#events = events;
    this.#defaults = defaults;
    this.#changes = new ChangeBook({
      read: async (runIds) => (await engine.askStore('changes.list', { runIds: [...runIds] })).changes,
      changed: () => events.changed(),
      clock: engine.clock,
    });
  }

  get views(): SourceView[] {
    return this.#changes.correct([...this.#sources.values()].map((source) => source.view));
  }

  get entries(): SourceEntry[] {
    return [...this.#sources.values()].map(({ entry }) => {
      const held = this.#held.get(entry.sourceId);
      return held === undefined ? entry : { ...entry, wanted: true, counting: held.counting };
    });
  }

  /**
   * Puts back what was there when ivis was closed. Sources that ran go on; `held`: at the next start.
   * `ranUntilWallMs`: when ivis ended without being asked to; since then nothing was seen.
   */
  restore(entries: readonly SourceEntry[], held = false, ranUntilWallMs: number | null = null): void {
    for (const entry of entries) {
      const source = this.#place(entry);
      if (entry.wanted && source instanceof LiveSource) source.unseenSince(ranUntilWallMs);
      if (entry.wanted && held) this.#held.set(entry.sourceId, entry);
      else if (entry.wanted && source instanceof LiveSource) source.resume(entry.counting);
      else if (entry.wanted) source.start();
      // Never looked at, because ivis was closed too soon.
      else if (source instanceof FileSource && entry.media === null) void source.look();
    }
    const sourceIds = entries.map(({ sourceId }) => sourceId);
    this.#logins.keepTo(sourceIds);
    this.#engine.journals.keepTo(sourceIds);
    this.#startQueued();
  }

  /** Adds a file; resolves when it was looked at. A file that is no video stays listed with its fault. */
  async add(path: string, start: boolean, folder: FolderOrigin | null = null): Promise<SourceView> {
    const classes = folder?.classes ?? this.#defaults.classes;
    const input: SourceInput = { kind: 'file', path, loop: false };
    const settings = newSettings('analyse', this.#defaults.lines, classes);
    const source = this.#place(
      newEntry({ input, title: '', settings, loginKept: null, folderId: folder?.folderId ?? null }),
    );
    if (folder !== null) await this.#forgetOld(folder.folderId);
    await this.#look(source, start);
    return source.view;
  }

  /** Adds what the add dialog holds. Rejects when its login cannot be kept as asked: nothing is added then. */
  async create(draft: SourceDraft, start: boolean): Promise<void> {
    const { input, title, rate, classes } = draft;
    const mode = input.kind !== 'file' ? 'live' : draft.realSpeed || input.loop ? 'play' : 'analyse';
    const plain = newSettings(mode, this.#defaults.lines, classes);
    const settings = rate === null || input.kind === 'file' ? plain : { ...plain, rate };
    const entry = newEntry({ input, title, settings, loginKept: keptAs(draft.login, null), folderId: null });
    await this.#keepLogin(entry.sourceId, draft.login);
    const source = this.#place(entry);
    if (source instanceof FileSource) void this.#look(source, start);
    else if (start) this.start(entry.sourceId);
  }

  async change(sourceId: string, draft: SourceDraft): Promise<void> {
    const source = this.#need(sourceId);
    const { input, title, login, classes, rate } = draft;
    const { view } = source;
    if ((input.kind === 'file') !== (view.input.kind === 'file'))
      throw new NamedError('bad-argument', 'a file does not become a camera: add it as a new source');
    await this.#keepLogin(sourceId, login);
    const file = draft.realSpeed || (input.kind === 'file' && input.loop) ? 'play' : 'analyse';
    const mode = input.kind === 'file' ? file : 'live';
    await source.change({
      title: title === '' ? titleOf(input) : title,
      input,
      loginKept: keptAs(login, view.loginKept),
      settings: { ...view.settings, mode, classes: [...classes], ...(rate === null ? {} : { rate }) },
      newLogin: login.kind !== 'keep',
    });
    this.#events.kept();
  }

  /** Begins the analysis, or queues it while enough other files run. */
  start(sourceId: string): void {
    this.#held.delete(sourceId);
    const source = this.#need(sourceId);
    // What could not be read when it was added is looked at first: without its size it has no line to count over.
    if (source instanceof FileSource && source.view.media === null) return void this.#look(source, true);
    source.start();
    this.#startQueued();
    this.#events.kept();
  }

  async stop(sourceId: string): Promise<void> {
    this.#held.delete(sourceId);
    await this.#need(sourceId).stop();
    this.#events.kept();
  }

  async remove(sourceId: string): Promise<void> {
    const source = this.#need(sourceId);
    this.#sources.delete(sourceId);
    this.#logins.forget(sourceId);
    this.#events.changed();
    this.#events.kept();
    await source.stop();
    this.#engine.journals.remove(sourceId);
  }

  async configure(sourceId: string, settings: RunSettings): Promise<void> {
    await this.#need(sourceId).configure(settings);
    this.#events.kept();
  }

  viewOf(sourceId: string): SourceView {
    return this.#need(sourceId).view;
  }

  /** As `viewOf`, with what people said about its counts. */
  shownOf(sourceId: string): SourceView {
    const { view } = this.#need(sourceId);
    return this.views.find((shown) => shown.sourceId === sourceId) ?? view;
  }

  /** Shows an earlier run of a file again; a source that is gone by now stays gone. */
  async putBack(view: SourceView): Promise<void> {
    const source = this.#sources.get(view.sourceId);
    if (source instanceof FileSource) await source.putBack(view);
    this.#events.kept();
  }

  captureOf(sourceId: string): SupervisedWorker | null {
    return this.#need(sourceId).capture;
  }

  titleOf(sourceId: string): string {
    return this.#need(sourceId).view.title;
  }

  /** The runs whose rows are shown, the newest last; throws NamedError 'bad-argument' when there is none yet. */
  runsOf(sourceId: string): { runIds: readonly number[]; title: string } {
    const { view } = this.#need(sourceId);
    const runIds = shownRuns(view);
    if (runIds.length === 0) throw new NamedError('bad-argument', `${view.title} has not been analysed yet`);
    return { runIds, title: view.title };
  }

  /** Somebody corrected a count of this run: the numbers on show follow. */
  async corrected(runId: number): Promise<void> {
    await this.#changes.said(runId);
  }

  /** Tells every live source. */
  heed(news: LiveNews): void {
    for (const source of this.#sources.values()) if (source instanceof LiveSource) source.heed(news);
  }

  async stopAll(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#sources.values()].map((source) => source.stop()));
  }

  #need(sourceId: string): DeskSource {
    const source = this.#sources.get(sourceId);
    if (source === undefined) throw new NamedError('bad-argument', `there is no source ${sourceId}`);
    return source;
  }

  #place(entry: SourceEntry): DeskSource {
    const { input, sourceId } = entry;
    const source: DeskSource =
      input.kind === 'file'
        ? new FileSource(this.#engine, entry, {
            ...this.#events,
            ended: () => {
              this.#startQueued();
              this.#events.kept();
            },
          })
        : new LiveSource(
            { ...entry, input },
            {
              engine: this.#engine,
              events: this.#events,
              login: () => this.#logins.read(sourceId),
              hasLogin: () => this.#logins.has(sourceId),
              limits: () => this.#defaults.limits(),
              mask: (text) => secrets.mask(text),
            },
          );
    this.#sources.set(sourceId, source);
    this.#events.changed();
    this.#events.kept();
    return source;
  }

  async #look(source: DeskSource, start: boolean): Promise<void> {
    if (!(source instanceof FileSource)) return;
    const usable = await source.look();
    this.#events.kept();
    if (usable && start && this.#sources.has(source.sourceId)) this.start(source.sourceId);
  }

  async #keepLogin(sourceId: string, login: LoginChange): Promise<void> {
    if (login.kind === 'set') await this.#logins.keep(sourceId, login.login, login.keeping);
    else if (login.kind === 'environment') this.#logins.keepVariable(sourceId, login.variable);
    else if (login.kind === 'none') this.#logins.forget(sourceId);
  }

  #startQueued(): void {
    if (this.#stopping) return;
    const files = [...this.#sources.values()].filter((source) => source instanceof FileSource);
    for (const file of files) {
      if (files.filter((each) => each.running).length >= MAX_RUNNING) return;
      if (file.queued) file.begin();
    }
  }

  async #forgetOld(folderId: string): Promise<void> {
    const done = [...this.#sources.values()].filter(
      ({ view }) => view.folderId === folderId && ['ENDED', 'INCOMPLETE'].includes(view.state),
    );
    for (const source of done.slice(0, Math.max(0, done.length - KEPT_OF_FOLDER)))
      await this.remove(source.sourceId);
  }
}

export interface FolderOrigin {
  readonly folderId: string;
  readonly classes: readonly string[];
}
