import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import type { AppState } from '#shared/domain/app-state.ts';
import { openStore } from '../../../src-worker/store/database.ts';
import { Acknowledged, brokenInDatabase, brokenLeftOvers, brokenSecrecy } from '../../drivers/invariants.ts';
import { lookUp } from '../../drivers/process-tree.ts';
import { temporaryFolder } from '../../fixtures/ffmpeg.ts';

const { folder, remove } = temporaryFolder('invariants');
afterAll(remove);

const whole = `
  INSERT INTO source (source_id, path, added_wall_ms) VALUES ('file-1', '/a.mp4', 1);
  INSERT INTO label (label_id, name) VALUES (1, 'car');
  INSERT INTO run (run_id, source_id, path, status, attempt, settings_json, model_id, model_sha256, started_wall_ms,
    ledger_json, crossing_rows)
  VALUES (1, 'file-1', '/a.mp4', 'complete', 1, '{}', 'm', '', 1,
    '{"decoded":10,"processed":9,"dropped":{"sampled":1},"inFlight":0}', 2);
  INSERT INTO row_batch (run_id, batch, row_count) VALUES (1, 0, 1), (1, 1, 1);
  INSERT INTO crossing (run_id, number, line, direction, label_id, track_id, frame, pts_us, x_cpx, y_cpx)
  VALUES (1, 1, 'a', 'forward', 1, 1, 1, 1000, 0, 0), (1, 2, 'a', 'forward', 1, 2, 2, 2000, 0, 0);
`;

let made = 0;
function databaseWith(change: string): string {
  const path = join(folder, `${made++}.db`);
  openStore(path, 1).db.close();
  const db = new Database(path);
  db.pragma('foreign_keys = OFF');
  db.exec(whole + change);
  db.close();
  return path;
}

/** What main told a window of a run. */
function storedTo(runId: number, batch: number): AppState {
  const told = { sources: [{ progress: { stages: { stored: { runId, batch } } } }] };
  return told as unknown as AppState;
}

describe('the checker', () => {
  it('finds nothing in a whole database', () => {
    expect(brokenInDatabase(databaseWith(''))).toEqual([]);
  });

  it('knows of a lost tail of acknowledged batches, of which the database itself knows nothing', () => {
    const acknowledged = new Acknowledged();
    for (const batch of [0, 2, 1]) acknowledged.note(storedTo(1, batch));
    expect(acknowledged.lostFrom(databaseWith(''))).toEqual([expect.stringMatching(/^I1: run 1 .* batch 2/)]);
    // Both of its two batches gone, and every count in the file says so.
    const cut = databaseWith(
      'DELETE FROM row_batch WHERE batch = 1; DELETE FROM crossing WHERE number = 2; UPDATE run SET crossing_rows = 1',
    );
    expect(brokenInDatabase(cut)).toEqual([]);
    const told = new Acknowledged();
    told.note(storedTo(1, 1));
    expect(told.lostFrom(cut)).toHaveLength(1);
    expect(told.lostFrom(databaseWith(''))).toEqual([]);
    told.note(storedTo(9, 0));
    expect(told.lostFrom(databaseWith(''))).toEqual([expect.stringMatching(/^I1: run 9 /)]);
  });

  it.each([
    ['a lost crossing', 'DELETE FROM crossing WHERE number = 1', 'I1'],
    ['a crossing too many', 'UPDATE run SET crossing_rows = 1', 'I1'],
    ['a lost batch', 'DELETE FROM row_batch WHERE batch = 0', 'I1'],
    ['rows of no run', 'UPDATE crossing SET run_id = 7 WHERE number = 2', 'I2'],
    [
      'an open ledger',
      `UPDATE run SET ledger_json = '{"decoded":10,"processed":8,"dropped":{},"inFlight":0}'`,
      'I3',
    ],
    ['a run nobody ended', "UPDATE run SET status = 'running'", 'I3'],
    [
      'a gap nobody ended',
      "INSERT INTO gap (run_id, number, cause, from_wall_ms) VALUES (1, 0, 'x', 1)",
      'I4',
    ],
    ['a crossing within a gap', "INSERT INTO gap VALUES (1, 0, 'x', 500, 1500, 1, 2)", 'I4'],
  ])('finds %s', (_what, change, promise) => {
    const found = brokenInDatabase(databaseWith(change));
    expect(found.map((each) => each.slice(0, 2))).toContain(promise);
  });

  it('finds a database that is damaged or missing', () => {
    expect(brokenInDatabase(join(folder, 'nowhere.db'))[0]).toMatch(/^I2/);
  });

  it.skipIf(process.platform !== 'linux')('finds a living process, and not a dead one', async () => {
    const child = spawn('sleep', ['60']);
    const known = lookUp(child.pid ?? -1);
    const family = known === null ? [] : [known];
    expect(brokenLeftOvers(-1, family)[0]).toMatch(/^I7/);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    expect(brokenLeftOvers(-1, family)).toEqual([]);
  });

  it('finds a secret in any file, in either encoding, and in what was said', () => {
    writeFileSync(join(folder, 'wide.bin'), Buffer.from('x s3cret-w x', 'utf16le'));
    writeFileSync(join(folder, 'plain.txt'), 'x s3cret-p x');
    expect(brokenSecrecy('s3cret-w', [folder])).toHaveLength(1);
    expect(brokenSecrecy('s3cret-p', [folder], [], ['s3cret-p'])).toHaveLength(2);
    expect(brokenSecrecy('not-there', [folder], [], ['a'])).toEqual([]);
  });
});
