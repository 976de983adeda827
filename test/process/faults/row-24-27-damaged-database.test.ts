import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../src-worker/store/database.ts';
import { migrations } from '../../../src-worker/store/migrations/index.ts';
import { readDatabase } from '../../drivers/run-database.ts';
import { Analysis, analysisFolder } from './analysis-rig.ts';

const { at, clip } = analysisFolder('damaged');

const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** A folder of results with a whole database in it, made by an analysis. */
beforeAll(async () => {
  await new Analysis(await clip(), at('good')).endsTrue(1);
});
function folderWithDatabase(name: string): string {
  mkdirSync(at(name));
  copyFileSync(at('good', 'ivis.db'), at(name, 'ivis.db'));
  return at(name, 'ivis.db');
}
const setAside = (name: string): string[] =>
  readdirSync(at(name)).filter((file) => file.startsWith('ivis.db.corrupt-') && !/-(wal|shm)$/.test(file));

describe('row 24: the database is damaged', () => {
  it.each([
    [
      'its header is overwritten',
      (file: string) => writeFileSync(file, Buffer.alloc(64, 0x5a), { flag: 'r+' }),
    ],
    [
      'it is cut in half',
      (file: string) => truncateSync(file, Math.floor(readFileSync(file).length / 8192) * 4096),
    ],
  ])('and %s: it is kept under another name, said aloud, and the analysis goes on', async (what, damage) => {
    const name = what.replaceAll(' ', '-');
    const file = folderWithDatabase(name);
    damage(file);
    const broken = digest(file);
    const analysis = new Analysis(await clip(), at(name));
    await analysis.endsTrue(1);
    const [kept = '', ...more] = setAside(name);
    expect(more).toEqual([]);
    expect(digest(at(name, kept))).toBe(broken);
    expect(analysis.logged('the database was damaged')).toBe(true);
    expect(readDatabase(file).runs).toHaveLength(1);
  });
});

describe('row 25: the database has 0 bytes', () => {
  it('is told as lost data, not taken for a new one', async () => {
    const file = folderWithDatabase('empty');
    truncateSync(file, 0);
    const analysis = new Analysis(await clip(), at('empty'));
    await analysis.endsTrue(1);
    expect(analysis.logged('the file is empty')).toBe(true);
    expect(setAside('empty')).toHaveLength(1);
  });
});

describe('row 26: the database is of an older ivis', () => {
  it('is copied, then brought to today, with its runs', async () => {
    mkdirSync(at('older'));
    const file = at('older', 'ivis.db');
    const old = openStore(file, 1_700_000_000_000, migrations.slice(0, 1));
    old.db.exec(`
      INSERT INTO source (source_id, path, added_wall_ms) VALUES ('file-1', '/old.mp4', 1);
      INSERT INTO run (source_id, path, status, attempt, settings_json, model_id, model_sha256, started_wall_ms)
      VALUES ('file-1', '/old.mp4', 'running', 1, '{"mode":"analyse"}', 'old', '', 1);
    `);
    old.db.close();
    await new Analysis(await clip(), at('older')).endsTrue(1);
    const runs = readDatabase(file).runs;
    // Nobody ended it: the ivis that began it is gone.
    expect(runs.map((run) => run.status)).toEqual(['failed', 'complete']);
    expect(readdirSync(at('older')).filter((each) => each.includes('.backup-v1-'))).toHaveLength(1);
  });
});

describe('row 27: the database is of a newer ivis', () => {
  it('is not written, and says which version it has', async () => {
    const file = folderWithDatabase('newer');
    const db = new Database(file);
    db.pragma('user_version = 999');
    db.close();
    const before = digest(file);
    const analysis = new Analysis(await clip(), at('newer'));
    const end = await analysis.end();
    expect(end.code).toBe(6);
    expect(end.stderr).toContain('error store-newer');
    expect(end.stderr).toContain('999');
    expect(digest(file)).toBe(before);
    expect(existsSync(at('newer', 'detections.csv'))).toBe(false);
    expect(await analysis.broken()).toEqual([]);
  });
});
