import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import {
  type DiskShares,
  MAX_CLIP_MS,
  PRE_ROLL_BYTES,
  type ProtectedRange,
  type RecorderStatus,
  type RecordingDiskView,
  type RecordingSettings,
  type RecordingView,
  type TapSettings,
} from '#shared/domain/recording.ts';
import type { AppSettings } from '#shared/domain/settings.ts';
import { runCaptureTask } from '../runs/capture-task.ts';
import type { Engine } from '../runs/engine.ts';
import { ClipHold, type ClipRange } from './clip-hold.ts';
import type { RecordingBook } from './recording-book.ts';
import type { CaptureLink, RecordingHook } from './recording-hook.ts';
import { RecordingKeeper } from './recording-keeper.ts';
import type { Deletion, SourceLimit } from './retention-policy.ts';
import { SegmentCatalog } from './segment-catalog.ts';

export interface RecordingDeskParts {
  readonly engine: Engine;
  /** Folder of the segments where the settings name none. */
  readonly folder: string;
  settings(): AppSettings['recording'];
  readonly book: RecordingBook;
  changed(): void;
  deleted(deletion: Deletion): void;
  warned(view: RecordingDiskView): void;
}

/** One folder of recordings with who looks after it. */
interface Place {
  readonly folder: string;
  readonly catalog: SegmentCatalog;
  readonly keeper: RecordingKeeper;
}

const off: RecorderStatus = { state: 'off', message: '', bytes: 0, holes: 0 };
const DAY_MS = 86_400_000;
const CONFIGURE_MS = 5000;
const SCRATCH = '.clip-';
const CUT_MS = 30 * 60_000;

/** Recording of all live sources: what is wanted, how it gets on, what is kept, and clips out of it. */
export class RecordingDesk {
  readonly #parts: RecordingDeskParts;
  #place: Place;
  readonly #links = new Map<string, CaptureLink>();
  readonly #status = new Map<string, RecorderStatus>();
  /** Times that clips are being cut of. */
  readonly #held = new Set<ProtectedRange>();
  #applying: Promise<void> = Promise.resolve();
  #clips = 0;

  constructor(parts: RecordingDeskParts) {
    this.#parts = parts;
    this.#place = this.#placeAt(parts.settings().folder ?? parts.folder);
  }

  /** Of the given sources. */
  view(sourceIds: readonly string[]): RecordingView {
    const sources = sourceIds.map((sourceId) => {
      const status = this.#status.get(sourceId) ?? off;
      return [sourceId, { settings: this.#parts.book.of(sourceId), status }] as const;
    });
    const { keepDays, keepGigabytes } = this.#parts.settings();
    return {
      disk: this.#place.keeper.view,
      limits: { keepDays, keepGigabytes },
      ranges: [...this.#parts.book.ranges],
      sources: Object.fromEntries(sources),
    };
  }

  /** Takes the settings as they are now: another folder holds for what comes, limits at once. */
  apply(): Promise<void> {
    this.#applying = this.#applying.then(() => this.#apply());
    return this.#applying;
  }

  async #apply(): Promise<void> {
    const folder = this.#parts.settings().folder ?? this.#parts.folder;
    const before = this.#place;
    if (folder === before.folder) return before.keeper.lookSoon();
    this.#place = this.#placeAt(folder);
    await before.keeper.stop();
    await this.start();
    for (const [sourceId, link] of this.#links) await this.#send(link, sourceId);
    this.#parts.changed();
  }

  async start(): Promise<void> {
    // A folder that cannot be made is told by the first recorder and by the keeper.
    const { folder, keeper } = this.#place;
    await mkdir(folder, { recursive: true }).catch(() => {});
    // Left by an ivis that was ended while it cut a clip.
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((one) => one.startsWith(SCRATCH))) {
      await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
    }
    keeper.start();
  }

  stop(): Promise<void> {
    return this.#place.keeper.stop();
  }

  hook(sourceId: string): RecordingHook {
    let own: CaptureLink | null = null;
    return {
      opened: async (link) => {
        own = link;
        this.#links.set(sourceId, link);
        await this.#send(link, sourceId);
      },
      changed: (status) => this.#show(sourceId, status),
      closed: () => {
        if (own === null || this.#links.get(sourceId) !== own) return;
        this.#links.delete(sourceId);
        this.#show(sourceId, off);
      },
    };
  }

  /** Takes effect at once; the stream goes on as it is. */
  async configure(sourceId: string, settings: RecordingSettings): Promise<void> {
    this.#parts.book.set(sourceId, settings);
    this.#parts.changed();
    const link = this.#links.get(sourceId);
    if (link !== undefined) await this.#send(link, sourceId);
  }

  /** A clip to be, of a time whose end may be still to come. Throws bad-argument for one too far ahead. */
  hold(range: ClipRange): ClipHold {
    const { engine, book } = this.#parts;
    const { folder, catalog } = this.#place;
    if (range.toWallMs - engine.clock.wallMs() > MAX_CLIP_MS)
      throw new NamedError('bad-argument', 'the end of the clip is too far in the future');
    const link = this.#links.get(range.sourceId) ?? null;
    return new ClipHold(range, {
      catalog,
      holder: book.of(range.sourceId).record ? null : link,
      scratch: join(folder, `${SCRATCH}${process.pid}-${this.#clips++}`),
      wallMs: engine.clock.wallMs,
      protect: (held) => {
        this.#held.add(held);
        return () => void this.#held.delete(held);
      },
      cut: (order) =>
        runCaptureTask(
          engine,
          'clip',
          () => {},
          (task) => task.request('clip.cut', order, { timeoutMs: CUT_MS }),
        ),
    });
  }

  /** Nothing of this time is deleted any more, by age or for room. Throws bad-argument when there are too many. */
  protect(range: ProtectedRange): void {
    this.#parts.book.protect(range);
    this.#parts.changed();
  }

  unprotect(range: ProtectedRange): void {
    this.#parts.book.unprotect(range);
    this.#place.keeper.lookSoon();
    this.#parts.changed();
  }

  /** Whether any picture of a moment lies on disk, so that a clip of it can be cut. */
  async holds(sourceId: string, fromWallMs: number, toWallMs: number): Promise<boolean> {
    return (await this.#place.catalog.pieces(sourceId, fromWallMs, toWallMs)).length > 0;
  }

  #placeAt(folder: string): Place {
    const { book, engine, settings } = this.#parts;
    const catalog = new SegmentCatalog(folder);
    let level: RecordingDiskView['level'] = null;
    const keeper = new RecordingKeeper({
      folder,
      catalog,
      limits: () => new Map([...book.sources].map(([sourceId, own]) => [sourceId, limitOf(own)])),
      total: () => limitOf({ keepDays: settings().keepDays, keepGb: settings().keepGigabytes }),
      ranges: () => [...book.ranges, ...this.#held],
      wallMs: engine.clock.wallMs,
      shares: () => sharesOf(settings()),
      changed: (view) => {
        if (view.level !== level && view.level !== 'ok' && view.level !== null) this.#parts.warned(view);
        level = view.level;
        this.#parts.changed();
      },
      deleted: this.#parts.deleted,
    });
    return { folder, catalog, keeper };
  }

  async #send(link: CaptureLink, sourceId: string): Promise<void> {
    try {
      await link.request('recording.configure', this.#tap(sourceId), { timeoutMs: CONFIGURE_MS });
    } catch (thrown) {
      const { message } = toWireError(thrown);
      this.#show(sourceId, { ...off, state: 'disk-failed', message: message.slice(0, 500) });
    }
  }

  #tap(sourceId: string): TapSettings {
    const { record, segmentS, preRollS } = this.#parts.book.of(sourceId);
    return {
      folder: record ? join(this.#place.folder, sourceId) : null,
      segmentMs: segmentS * 1000,
      preRollMs: preRollS * 1000,
      preRollBytes: PRE_ROLL_BYTES,
    };
  }

  #show(sourceId: string, status: RecorderStatus): void {
    this.#status.set(sourceId, status);
    this.#parts.changed();
  }
}

const sharesOf = ({ diskPercent }: AppSettings['recording']): DiskShares => ({
  warnShare: diskPercent.warn / 100,
  actShare: diskPercent.act / 100,
});

function limitOf({ keepDays, keepGb }: Pick<RecordingSettings, 'keepDays' | 'keepGb'>): SourceLimit {
  return {
    keepMs: keepDays === null ? null : keepDays * DAY_MS,
    keepBytes: keepGb === null ? null : keepGb * 1e9,
  };
}
