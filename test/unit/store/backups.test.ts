import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backupPath, backupsOf } from '../../../src-worker/store/backup-files.ts';
import {
  BACKUP_EVERY_MS,
  BackupKeeper,
  FIRST_BACKUP_MS,
  LOOK_MS,
} from '../../../src-worker/store/backup-keeper.ts';
import { type OpenStore, openStore } from '../../../src-worker/store/database.ts';
import { PictureFiles, pictureFolder } from '../../../src-worker/store/evidence/picture-files.ts';
import { migrations } from '../../../src-worker/store/migrations/index.ts';
import { latestVersion } from '../../../src-worker/store/migrations/runner.ts';
import { batchOf, boxOf, openFixture, temporaryFolder, WALL_MS } from './store-fixture.ts';

const VERSION = latestVersion(migrations);
let folder: string;
let path: string;
let remove: () => void;
let open: OpenStore | null = null;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  path = join(folder, 'ivis.db');
});
afterEach(() => {
  open?.db.close();
  open = null;
  remove();
});

const boxesIn = (file: string): unknown => {
  const db = new Database(file, { readonly: true });
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    return db.prepare('SELECT count(*) FROM detection').pluck().get();
  } finally {
    db.close();
  }
};
const boxes = (from: number, count: number) => Array.from({ length: count }, (_, i) => boxOf(from + i, 1));
const many = 1e12;

/** A database with a run in it, and its keeper, whose clocks are in the test's hand. */
function kept(freeBytes: () => number = () => many) {
  const fixture = openFixture(path);
  const runId = fixture.beginRun();
  let wallMs = WALL_MS;
  let fire: () => void = () => {};
  const notes: string[] = [];
  let parts = 0;
  const keeper = new BackupKeeper({
    db: fixture.store.db,
    path,
    schedule: (delayMs, due) => {
      expect(delayMs).toBe(LOOK_MS);
      fire = due;
      return () => {
        fire = () => {};
      };
    },
    wallMs: () => wallMs,
    note: (message, fields) => notes.push(`${message} ${fields.reason ?? ''}`.trim()),
    worked: () => {
      parts += 1;
    },
    freeBytes,
  });
  const look = (laterMs: number): void => {
    wallMs += laterMs;
    fire();
  };
  const looked = async (laterMs: number): Promise<void> => {
    look(laterMs);
    await keeper.idle();
  };
  return { ...fixture, runId, keeper, notes, look, looked, parts: () => parts };
}

describe('the backup of a database', () => {
  test('is made an hour after its first run, then once a day, and three are kept', async () => {
    const { looked, rows, runId, store, keeper } = kept();
    await looked(FIRST_BACKUP_MS - 1);
    expect(backupsOf(path)).toEqual([]);
    await looked(1);
    expect(backupsOf(path)).toHaveLength(1);
    for (let day = 0; day < 4; day++) {
      rows.write(batchOf(runId, day, { boxes: boxes(day * 10, 10) }));
      await looked(BACKUP_EVERY_MS - 1);
      await looked(1);
    }
    await keeper.stop();
    store.db.close();
    expect(backupsOf(path).map((backup) => [backup.schemaVersion, boxesIn(backup.path)])).toEqual([
      [VERSION, 40],
      [VERSION, 30],
      [VERSION, 20],
    ]);
    expect(readdirSync(folder).filter((name) => name.includes('.backup.new'))).toEqual([]);
  });

  test('has what is written while it is made, and keeps nobody waiting', async () => {
    const { look, keeper, rows, runId, store, parts } = kept();
    // Some steps of 4 MB.
    for (let batch = 0; batch < 12; batch++) {
      rows.write(batchOf(runId, batch, { boxes: boxes(batch * 20_000, 20_000) }));
    }
    look(FIRST_BACKUP_MS);
    let written = 12;
    let going = true;
    const made = keeper.idle().then(() => {
      going = false;
    });
    while (going) {
      rows.write(batchOf(runId, written, { boxes: boxes(written * 20_000, 10) }));
      written += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await made;
    expect(parts()).toBeGreaterThan(2);
    expect(written).toBeGreaterThan(14);
    const [backup] = backupsOf(path);
    const stored = Number(boxesIn(backup?.path ?? ''));
    // All of one moment near its end.
    expect((stored - 240_000) % 10).toBe(0);
    expect(stored).toBeGreaterThan(240_000);
    store.db.close();
  });

  test('is not made where it would take the room that rows need, which is said once', async () => {
    const { looked, notes, store } = kept(() => 1 << 30);
    await looked(FIRST_BACKUP_MS);
    await looked(LOOK_MS);
    expect(backupsOf(path)).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/not backed up no room for a copy of \d+ bytes/)]);
    store.db.close();
  });

  test('is given up when the store ends, and leaves nothing', async () => {
    const { look, keeper, rows, runId, store } = kept();
    for (let batch = 0; batch < 10; batch++) {
      rows.write(batchOf(runId, batch, { boxes: boxes(batch * 20_000, 20_000) }));
    }
    look(FIRST_BACKUP_MS);
    await keeper.stop();
    store.db.close();
    expect(readdirSync(folder)).toEqual(['ivis.db']);
  });
});

/** A database with so many boxes, closed, and a copy of it under the name of a backup of that moment. */
function backedUp(count: number, wallMs: number): string {
  const file = join(folder, `${count}.db`);
  const fixture = openFixture(file);
  fixture.rows.write(batchOf(fixture.beginRun(), 0, { boxes: boxes(0, count) }));
  fixture.store.db.close();
  const backup = backupPath(path, VERSION, wallMs);
  copyFileSync(file, backup);
  return backup;
}

describe('a damaged database with backups', () => {
  beforeEach(() => writeFileSync(path, 'damaged'.repeat(1000)));
  const boxCount = (): unknown => open?.db.prepare('SELECT count(*) FROM detection').pluck().get();

  test('is kept, its newest backup is opened, and since when rows are missing is said', () => {
    backedUp(10, WALL_MS - 3000);
    const newest = backedUp(20, WALL_MS - 1000);
    const bytes = readFileSync(newest);
    open = openStore(path, WALL_MS);
    expect(boxCount()).toBe(20);
    expect(open).toMatchObject({ refusal: null, restoredFromWallMs: WALL_MS - 1000 });
    expect(open.damage).toMatchObject({ kind: 'store-corrupt' });
    expect(open.damage?.message).toContain(`backup of ${new Date(WALL_MS - 1000).toISOString()} was opened`);
    expect(readFileSync(`${path}.corrupt-${WALL_MS}`, 'utf8')).toMatch(/^damaged/);
    expect(readFileSync(newest).equals(bytes)).toBe(true);
    open.db.exec('DELETE FROM detection WHERE frame < 5');
    expect(boxCount()).toBe(15);
  });

  test('takes the one before when the newest is damaged itself, of a newer ivis or no database of ours', () => {
    const [first, second, third] = [1, 2, 3].map((ago) => backedUp(10 + ago, WALL_MS - 1000 * ago));
    backedUp(20, WALL_MS - 5000);
    truncateSync(first ?? '', 5000);
    const db = new Database(second ?? '');
    db.pragma('user_version = 999');
    db.close();
    const other = new Database(third ?? '');
    other.pragma('application_id = 7');
    other.close();
    open = openStore(path, WALL_MS);
    expect(boxCount()).toBe(20);
  });

  test('is begun anew where no backup is sound', () => {
    truncateSync(backedUp(10, WALL_MS - 1000), 5000);
    open = openStore(path, WALL_MS);
    expect(boxCount()).toBe(0);
    expect(open.restoredFromWallMs).toBeNull();
    expect(open.damage?.message).toContain('no sound backup, a new one was begun');
  });
});

test('pictures of runs that a restored database knows stay, others are kept out of the way', () => {
  const files = new PictureFiles(pictureFolder(path));
  for (const run of ['1', '2']) {
    mkdirSync(join(pictureFolder(path), run), { recursive: true });
    writeFileSync(join(pictureFolder(path), run, '0.jpg'), run);
  }
  files.setAside(WALL_MS, (runId) => runId === 1);
  expect(existsSync(join(pictureFolder(path), '1', '0.jpg'))).toBe(true);
  expect(existsSync(join(pictureFolder(path), '2'))).toBe(false);
  expect(readFileSync(join(`${pictureFolder(path)}.corrupt-${WALL_MS}`, '2', '0.jpg'), 'utf8')).toBe('2');
});
