import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { batchOf, boxOf, crossingOf, openFixture, temporaryFolder } from './store-fixture.ts';

const BATCHES = 12;
const BOXES = 20;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;

const removals: (() => void)[] = [];
afterEach(() => {
  for (const remove of removals.splice(0)) remove();
});

/** A database with its write-ahead log, as a power cut finds them: nobody has closed or checkpointed anything. */
function written() {
  const { folder, remove } = temporaryFolder();
  removals.push(remove);
  const path = join(folder, 'ivis.db');
  const fixture = openFixture(path);
  const { db } = fixture.store;
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.pragma('wal_autocheckpoint = 0');
  const runId = fixture.beginRun();
  for (let batch = 0; batch < BATCHES; batch++) {
    const boxes = Array.from({ length: BOXES }, (_, i) => boxOf(batch * BOXES + i, 1));
    fixture.rows.write(batchOf(runId, batch, { boxes, crossings: [crossingOf(batch)] }));
  }
  const before = join(folder, 'before.db');
  copyFileSync(path, before);
  const wal = readFileSync(`${path}-wal`);
  db.close();
  const frameBytes = FRAME_HEADER + wal.readUInt32BE(8);
  return { folder, before, wal, frameBytes, frames: (wal.length - WAL_HEADER) / frameBytes };
}

/** Opens the database with this much of its log, as the store does at the next start; how many batches are there. */
function opened(folder: string, name: string, before: string, wal: Uint8Array): number {
  const place = join(folder, name);
  mkdirSync(place);
  const path = join(place, 'ivis.db');
  copyFileSync(before, path);
  writeFileSync(`${path}-wal`, wal);
  const { store } = openFixture(path);
  const { db } = store;
  try {
    expect(store.damage).toBeNull();
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    const batches = db.prepare('SELECT batch FROM row_batch ORDER BY batch').pluck().all();
    expect(batches).toEqual(batches.map((_, n) => n));
    // Every batch whole or not at all.
    expect(db.prepare('SELECT count(*) FROM detection').pluck().get()).toBe(batches.length * BOXES);
    expect(db.prepare('SELECT count(*) FROM crossing').pluck().get()).toBe(batches.length);
    return batches.length;
  } finally {
    db.close();
  }
}

describe('row 30: a power cut in mid-write', () => {
  test('at every frame of the log leaves a prefix of whole batches, never more than were on the disk', {
    timeout: 120_000,
  }, () => {
    const { folder, before, wal, frameBytes, frames } = written();
    expect(Number.isInteger(frames)).toBe(true);
    expect(frames).toBeGreaterThan(BATCHES);
    const found: number[] = [];
    for (let kept = 0; kept <= frames; kept++) {
      const part = wal.subarray(0, WAL_HEADER + kept * frameBytes);
      found.push(opened(folder, `cut-${kept}`, before, part));
    }
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found[0]).toBe(0);
    expect(found.at(-1)).toBe(BATCHES);
    expect(new Set(found).size).toBe(BATCHES + 1);
  });

  test('within a frame, or with rubbish in it, loses that frame and what follows, and nothing before', {
    timeout: 120_000,
  }, () => {
    const { folder, before, wal, frameBytes, frames } = written();
    for (const kept of [1, Math.floor(frames / 3), Math.floor(frames / 2), frames - 1]) {
      const whole = WAL_HEADER + kept * frameBytes;
      const sofar = opened(folder, `whole-${kept}`, before, wal.subarray(0, whole));
      for (const bytes of [1, FRAME_HEADER, frameBytes - 1]) {
        const cut = wal.subarray(0, whole + bytes);
        expect(opened(folder, `part-${kept}-${bytes}`, before, cut)).toBe(sofar);
      }
      // A page that never reached the disk, while later ones did: the checksums chain.
      const torn = Buffer.from(wal);
      torn.fill(0xa5, whole + FRAME_HEADER, whole + frameBytes);
      expect(opened(folder, `torn-${kept}`, before, torn)).toBe(sofar);
    }
  });
});
