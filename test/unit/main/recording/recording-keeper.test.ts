import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  closedName,
  type DiskShares,
  dayFolder,
  INDEX_NAME,
  openName,
  type ProtectedRange,
  type RecordingDiskView,
} from '#shared/domain/recording.ts';
import type { DiskRoom } from '../../../../src-main/disk-room.ts';
import { RecordingBook } from '../../../../src-main/recording/recording-book.ts';
import { RecordingKeeper } from '../../../../src-main/recording/recording-keeper.ts';
import type { SourceLimit } from '../../../../src-main/recording/retention-policy.ts';
import { SegmentCatalog } from '../../../../src-main/recording/segment-catalog.ts';
import { canMount, mountMemory } from '../../store/memory-disk.ts';

const root = mkdtempSync(join(tmpdir(), 'ivis-keeper-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder: string;
let folders = 0;
beforeEach(() => {
  folder = join(root, String(folders++));
});

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 20, 12);

/** A segment of an hour that ended so many hours ago, as a recorder leaves it. */
function place(sourceId: string, hoursAgo: number, bytes = 1000, indexed = true): string {
  const fromWallMs = NOW - (hoursAgo + 1) * HOUR;
  const day = join(folder, sourceId, dayFolder(fromWallMs));
  mkdirSync(day, { recursive: true });
  const file = closedName(fromWallMs, fromWallMs + HOUR);
  writeFileSync(join(day, file), Buffer.alloc(bytes));
  const line = {
    file,
    fromWallMs,
    toWallMs: fromWallMs + HOUR,
    bytes,
    packets: 1,
    codec: 'x',
    shape: '0'.repeat(16),
  };
  if (indexed) appendFileSync(join(day, INDEX_NAME), `${JSON.stringify(line)}\n`);
  return join(day, file);
}

interface Rig {
  readonly keeper: RecordingKeeper;
  readonly views: RecordingDiskView[];
}
function rig(
  options: {
    limits?: ReadonlyMap<string, SourceLimit>;
    ranges?: readonly ProtectedRange[];
    room?: () => Promise<DiskRoom>;
    shares?: () => DiskShares;
    total?: () => SourceLimit;
  } = {},
): Rig {
  const views: RecordingDiskView[] = [];
  const keeper = new RecordingKeeper({
    folder,
    catalog: new SegmentCatalog(folder),
    limits: () => options.limits ?? new Map(),
    ranges: () => options.ranges ?? [],
    wallMs: () => NOW,
    ...(options.shares === undefined ? {} : { shares: options.shares }),
    ...(options.total === undefined ? {} : { total: options.total }),
    room: options.room ?? (async () => ({ totalBytes: 1e6, freeBytes: 9e5 })),
    changed: (view) => void views.push(view),
    deleted: () => {},
  });
  return { keeper, views };
}

describe('the keeper of recordings', () => {
  it('deletes what is too old, and the folder of a day that is empty then', async () => {
    const old = place('gate', 50);
    const young = place('gate', 1);
    const { keeper } = rig({ limits: new Map([['gate', { keepMs: 24 * HOUR, keepBytes: null }]]) });
    await keeper.turn();
    expect(existsSync(old)).toBe(false);
    expect(existsSync(join(old, '..'))).toBe(false);
    expect(existsSync(young)).toBe(true);
  });

  it('knows the size of files whose index is lost, torn or lies about what is gone', async () => {
    const files = [place('gate', 3, 100), place('gate', 2, 200), place('gate', 1, 300)];
    const day = join(files[0] ?? '', '..');
    for (const index of [null, '{"file":"torn', '\u0000\u0000\n[]\n{"file":7}\n']) {
      rmSync(join(day, INDEX_NAME), { force: true });
      if (index !== null) writeFileSync(join(day, INDEX_NAME), index);
      const { keeper } = rig();
      await keeper.turn();
      expect(keeper.view).toMatchObject({ recordedBytes: 600, problem: '' });
    }
    writeFileSync(join(day, INDEX_NAME), '{"file":"20261120T010000000Z-3600000.mkv","bytes":9999}\n');
    const { keeper } = rig();
    await keeper.turn();
    expect(keeper.view.recordedBytes).toBe(600);
  });

  it('leaves what is written now, what is protected, and what is not a recording', async () => {
    const safe = place('gate', 40);
    const open = join(folder, 'gate', dayFolder(NOW - 50 * HOUR), openName(NOW - 50 * HOUR));
    mkdirSync(join(open, '..'), { recursive: true });
    writeFileSync(open, 'x');
    const foreign = join(folder, 'gate', dayFolder(NOW - 50 * HOUR), 'holiday.mp4');
    writeFileSync(foreign, 'x');
    const range = { sourceId: 'gate', fromWallMs: NOW - 40.5 * HOUR, toWallMs: NOW - 40.4 * HOUR, why: '' };
    const full = async () => ({ totalBytes: 1e6, freeBytes: 0 });
    const limits = new Map([['gate', { keepMs: HOUR, keepBytes: 0 }]]);
    const { keeper } = rig({ ranges: [range], room: full, limits });
    await keeper.turn();
    for (const file of [safe, open, foreign]) expect(existsSync(file)).toBe(true);
    expect(keeper.view).toMatchObject({ level: 'act', deleted: 0 });
    expect(keeper.view.problem).toContain('nothing more can be deleted');
  });

  it('deletes a bounded number at a turn, the oldest first, until it is done', async () => {
    for (let hour = 0; hour < 230; hour++) place(hour % 2 === 0 ? 'gate' : 'yard', hour, 10, false);
    const { keeper } = rig({
      limits: new Map(['gate', 'yard'].map((id) => [id, { keepMs: 0, keepBytes: null }])),
    });
    expect(await keeper.turn()).toBe(true);
    expect(keeper.view.deleted).toBe(100);
    const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.mkv'),
    );
    expect(left.length).toBe(130);
    expect(left.some((name) => name.includes(closedName(NOW - 230 * HOUR, NOW - 229 * HOUR)))).toBe(false);
    expect(await keeper.turn()).toBe(true);
    expect(await keeper.turn()).toBe(false);
    // The one that ends now is not older than nothing.
    expect(keeper.view.deleted).toBe(229);
  });

  it('takes other limits at its next look', async () => {
    for (let hour = 0; hour < 6; hour++) place('gate', hour, 1000);
    let shares: DiskShares = { warnShare: 0.8, actShare: 0.9 };
    let total: SourceLimit = { keepMs: null, keepBytes: null };
    const room = async () => ({ totalBytes: 1e6, freeBytes: 4e5 });
    const { keeper } = rig({ room, shares: () => shares, total: () => total });
    await keeper.turn();
    expect(keeper.view).toMatchObject({ level: 'ok', deleted: 0, recordedBytes: 6000 });
    shares = { warnShare: 0.5, actShare: 0.7 };
    total = { keepMs: null, keepBytes: 3500 };
    await keeper.turn();
    expect(keeper.view).toMatchObject({ level: 'warn', deleted: 3, recordedBytes: 3000, shares });
  });

  it('says when its folder cannot be used', async () => {
    writeFileSync(folder, 'a file where the folder should be');
    const { keeper } = rig();
    await keeper.turn();
    expect(keeper.view.level).toBeNull();
    expect(keeper.view.problem).toMatch(/folder of the recordings cannot be used: .*EEXIST|ENOTDIR/);
  });

  it.skipIf(!canMount)('makes room on a real disk that fills up, and warns before', async () => {
    mkdirSync(folder, { recursive: true });
    const disk = mountMemory(folder, '10m');
    try {
      const views: RecordingDiskView[] = [];
      const keeper = new RecordingKeeper({
        folder,
        catalog: new SegmentCatalog(folder),
        limits: () => new Map(),
        ranges: () => [],
        wallMs: () => NOW,
        changed: (view) => void views.push(view),
        deleted: () => {},
      });
      const levels: unknown[] = [];
      for (let hour = 40; hour > 0; hour--) {
        place(hour % 2 === 0 ? 'gate' : 'yard', hour, 400_000);
        await keeper.turn();
        levels.push(keeper.view.level);
        const { blocks, bavail } = statfsSync(folder);
        expect(1 - bavail / blocks).toBeLessThan(0.9);
      }
      expect(levels.indexOf('warn')).toBeGreaterThan(0);
      expect(levels.indexOf('act')).toBeGreaterThan(levels.indexOf('warn'));
      const left = await new SegmentCatalog(folder).all();
      // The newest are there, without a hole.
      const starts = left.map(({ fromWallMs }) => fromWallMs).sort((a, b) => b - a);
      expect(starts).toEqual(starts.map((_, n) => NOW - (2 + n) * HOUR));
      expect(starts.length).toBeGreaterThan(15);
    } finally {
      disk.unmount();
    }
  });
});

describe('the catalogue', () => {
  it('finds the pieces of a time, over midnight, also one that is still open', async () => {
    place('gate', 20);
    const late = place('gate', 12);
    const early = place('gate', 11);
    const open = join(folder, 'gate', dayFolder(NOW - HOUR), openName(NOW - HOUR));
    writeFileSync(open, 'x');
    const catalog = new SegmentCatalog(folder);
    const at = (fromHoursAgo: number, toHoursAgo: number) =>
      catalog.pieces('gate', NOW - fromHoursAgo * HOUR, NOW - toHoursAgo * HOUR);
    expect((await at(12.5, 11.5)).map(({ path }) => path)).toEqual([late, early]);
    expect((await at(0.5, 0)).map(({ path }) => path)).toEqual([open]);
    expect(await catalog.pieces('yard', 0, NOW)).toEqual([]);
  });

  it('sees a day that changed after it was looked at', async () => {
    place('gate', 3);
    const catalog = new SegmentCatalog(folder);
    expect((await catalog.all()).length).toBe(1);
    place('gate', 2);
    expect((await catalog.all()).length).toBe(2);
  });
});

describe('the book of recording', () => {
  it('keeps settings and protected times over a restart, and starts anew from a damaged file', () => {
    const path = join(root, 'recording.json');
    const complaints: string[] = [];
    const open = () => new RecordingBook(path, (message) => void complaints.push(message));
    const range = { sourceId: 'gate', fromWallMs: 1, toWallMs: 2, why: 'theft' };
    const book = open();
    book.set('gate', { ...book.of('gate'), record: true, keepGb: 5 });
    book.protect(range);
    book.protect({ ...range, toWallMs: 3 });
    book.unprotect(range);
    expect(open().of('gate')).toMatchObject({ record: true, keepGb: 5 });
    expect(open().ranges).toEqual([{ ...range, toWallMs: 3 }]);
    expect(open().of('yard').record).toBe(false);
    expect(complaints).toEqual([]);
    writeFileSync(path, '{');
    expect(open().of('gate').record).toBe(true);
    expect(complaints.length).toBe(1);
  });
});
