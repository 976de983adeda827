import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ivis } from '../drivers/ivis-command.ts';
import { movingPhotograph, type PhotographClip, SPARSE_FPS } from '../fixtures/photograph.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-evidence-'));
let clip: PhotographClip;
beforeAll(async () => {
  clip = await movingPhotograph(join(folder, 'car.mp4'), { fps: SPARSE_FPS });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lineOf = ({ line }: PhotographClip): string =>
  `main:${line.points.map(({ x, y }) => `${x},${y}`).join(',')}`;

describe('ivis analyze --evidence', () => {
  it('keeps two pictures of every crossing, and counts as it does without', async () => {
    const [plain, kept] = [join(folder, 'plain'), join(folder, 'kept')];
    const without = await ivis(['analyze', clip.path, '--line', lineOf(clip), '--out', plain]);
    const withPictures = await ivis([
      'analyze',
      clip.path,
      '--line',
      lineOf(clip),
      '--out',
      kept,
      '--evidence',
    ]);
    expect([without.code, withPictures.code]).toEqual([0, 0]);
    expect(readFileSync(join(kept, 'crossings.csv'), 'utf8')).toBe(
      readFileSync(join(plain, 'crossings.csv'), 'utf8'),
    );
    expect(readdirSync(plain)).not.toContain('evidence');
    const crossings = clip.forward + clip.backward;
    const files = readdirSync(join(kept, 'evidence', '1')).sort();
    expect(files).toEqual(Array.from({ length: crossings }, (_, n) => [`${n}-frame.jpg`, `${n}.jpg`]).flat());
    for (const name of files) {
      expect(readFileSync(join(kept, 'evidence', '1', name)).subarray(0, 3)).toEqual(
        Buffer.from([0xff, 0xd8, 0xff]),
      );
    }
    const db = new Database(join(kept, 'ivis.db'), { readonly: true });
    const exact = db
      .prepare('SELECT count(*) FROM crossing JOIN crossing_picture USING (run_id, number, frame)')
      .pluck()
      .get();
    const ways = db.prepare('SELECT count(*) FROM crossing_path').pluck().get();
    db.close();
    expect(exact).toBe(crossings * 2);
    expect(ways).toBe(crossings);
  });
});

describe('ivis audit verify', () => {
  it('says that an audit is whole, and names a row that was changed', async () => {
    const sound = join(folder, 'plain', 'ivis.db');
    const first = await ivis(['audit', 'verify', sound]);
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/0 audit rows, all as they were written/);
    const broken = join(folder, 'broken.db');
    copyFileSync(sound, broken);
    const db = new Database(broken);
    db.exec(
      "INSERT INTO audit (wall_ms, mono_ms, actor, action, subject, detail_json, prev_hash, hash) VALUES (1, 1, 'x', 'x', 'x', '{}', '0', '0')",
    );
    db.close();
    const second = await ivis(['audit', 'verify', broken, '--json']);
    expect(second.code).toBe(1);
    expect(JSON.parse(second.stdout)).toMatchObject({ sound: false, rows: 1 });
    expect(second.stdout).toMatch(/audit row 1/);
  });

  it('says what is no database of ivis', async () => {
    const none = await ivis(['audit', 'verify', clip.path]);
    expect(none.code).not.toBe(0);
    expect(none.stderr).toMatch(/error/);
    const nothing = await ivis(['audit']);
    expect(nothing.code).toBe(2);
  });
});
