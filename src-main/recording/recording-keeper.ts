import { mkdir, rm, rmdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type DiskShares,
  diskShares,
  INDEX_NAME,
  type ProtectedRange,
  type RecordingDiskView,
} from '#shared/domain/recording.ts';
import { type DiskRoom, roomOf } from '../disk-room.ts';
import { type Deletion, planRetention, type RetentionPlan, type SourceLimit } from './retention-policy.ts';
import type { SegmentCatalog } from './segment-catalog.ts';

export interface KeeperParts {
  readonly folder: string;
  readonly catalog: SegmentCatalog;
  limits(): ReadonlyMap<string, SourceLimit>;
  /** Of all sources together; none when left out. */
  total?(): SourceLimit;
  ranges(): readonly ProtectedRange[];
  readonly wallMs: () => number;
  /** The disk that holds the folder; asked of the system unless a test knows better. */
  readonly room?: () => Promise<DiskRoom>;
  shares?(): DiskShares;
  changed(view: RecordingDiskView): void;
  deleted(deletion: Deletion): void;
}

/** One turn deletes so many files at most: the disk and main have other work. */
const PER_TURN = 100;
const EACH_MS = 30_000;
const GO_ON_MS = 1000;

/** What was found at a look. */
interface Seen {
  readonly disk: DiskRoom;
  readonly shares: DiskShares;
  readonly recordedBytes: number;
}

const missingWords = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;

/** Deletes what has to go, a bounded piece at a time, and says how the disk is. */
export class RecordingKeeper {
  readonly #parts: KeeperParts;
  #timer: NodeJS.Timeout | null = null;
  #turning: Promise<void> = Promise.resolve();
  #running = false;
  #deleted = 0;
  /** Files that could not be deleted; tried again after a restart. */
  readonly #stuck = new Set<string>();
  #view: RecordingDiskView;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    const { folder } = parts;
    const shares = parts.shares?.() ?? diskShares;
    const nothing = { usedShare: 0, freeBytes: 0, shares, recordedBytes: 0, deleted: 0, problem: '' };
    this.#view = { folder, level: null, ...nothing };
  }

  get view(): RecordingDiskView {
    return this.#view;
  }

  start(): void {
    this.#running = true;
    this.#after(0);
  }

  /** Looks again at once: limits or protected times are others now. */
  lookSoon(): void {
    void this.#turning.then(() => this.#after(0));
  }

  async stop(): Promise<void> {
    this.#running = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#turning;
  }

  /** One look and one bounded round of deleting. Resolves with true when there is more to delete. */
  async turn(): Promise<boolean> {
    const { catalog, folder, limits, ranges, wallMs } = this.#parts;
    const shares = this.#parts.shares?.() ?? diskShares;
    const total = this.#parts.total?.() ?? { keepMs: null, keepBytes: null };
    try {
      await mkdir(folder, { recursive: true });
      const disk = await (this.#parts.room?.() ?? statfs(folder).then(roomOf));
      const all = await catalog.all();
      const segments = all.filter((segment) => !this.#stuck.has(segment.path));
      const facts = { limits: limits(), total, ranges: ranges(), disk, shares, nowWallMs: wallMs() };
      const plan = planRetention({ segments, ...facts });
      const now = plan.deletions.slice(0, PER_TURN);
      for (const deletion of now) await this.#delete(deletion);
      const gone = now.reduce((sum, { segment }) => sum + segment.bytes, 0);
      const recordedBytes = Math.max(0, all.reduce((sum, segment) => sum + segment.bytes, 0) - gone);
      this.#show(plan, { disk, shares, recordedBytes });
      return plan.deletions.length > now.length;
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      this.#tell({
        level: null,
        problem: `The folder of the recordings cannot be used: ${why}`.slice(0, 500),
      });
      return false;
    }
  }

  async #delete(deletion: Deletion): Promise<void> {
    const { path } = deletion.segment;
    try {
      await rm(path);
      this.#deleted += 1;
      this.#parts.deleted(deletion);
    } catch (thrown) {
      const gone = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
      if (!gone) this.#stuck.add(path);
    }
    await this.#tidy(dirname(path));
  }

  /** A day without segments goes; one with anything else in it than its index stays. */
  async #tidy(day: string): Promise<void> {
    if (await this.#parts.catalog.holdsAny(day)) return;
    await rm(join(day, INDEX_NAME), { force: true }).catch(() => {});
    await rmdir(day).catch(() => {});
  }

  #show({ level, shortBytes }: RetentionPlan, { disk, shares, recordedBytes }: Seen): void {
    const usedShare = disk.totalBytes > 0 ? 1 - disk.freeBytes / disk.totalBytes : 0;
    const short =
      shortBytes > 0
        ? `The disk is too full and nothing more can be deleted: ${missingWords(shortBytes)} are missing.`
        : '';
    const stuck = this.#stuck.size > 0 ? `${this.#stuck.size} recordings cannot be deleted.` : '';
    this.#tell({
      level,
      usedShare: Math.min(1, Math.max(0, usedShare)),
      freeBytes: disk.freeBytes,
      shares,
      recordedBytes,
      problem: [short, stuck].filter((words) => words !== '').join(' '),
    });
  }

  #tell(change: Partial<RecordingDiskView>): void {
    this.#view = { ...this.#view, ...change, deleted: this.#deleted };
    this.#parts.changed(this.#view);
  }

  #after(delayMs: number): void {
    if (!this.#running) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#turning = this.turn().then((more) => this.#after(more ? GO_ON_MS : EACH_MS));
    }, delayMs);
  }
}
