import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import { WriteGate } from '../../../src-worker/store/write-gate.ts';
import { canMount, mountMemory } from './memory-disk.ts';
import { batchOf, boxOf, type OpenFixture, openFixture, temporaryFolder } from './store-fixture.ts';

let folder: string;
let remove: () => void;
let told: (WireError['kind'] | 'recovered')[];
let gate: WriteGate;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  told = [];
  gate = new WriteGate({
    faulted: (error) => told.push(error.kind),
    recovered: () => told.push('recovered'),
  });
});

afterEach(() => remove());

function write(fixture: OpenFixture, runId: number, batch: number): string {
  const boxes = Array.from({ length: 200 }, (_, i) => boxOf(batch * 200 + i, 1));
  try {
    gate.pass(() => fixture.rows.write(batchOf(runId, batch, { boxes })));
    return 'acknowledged';
  } catch (thrown) {
    return toWireError(thrown).kind;
  }
}

test.skipIf(!canMount)(
  'on a full disk nothing acknowledged is lost and the same handle goes on once there is room (needs root)',
  () => {
    const disk = mountMemory(join(folder, 'disk'), '4m');
    try {
      const path = join(disk.folder, 'ivis.db');
      const fixture = openFixture(path);
      const runId = fixture.beginRun();
      writeFileSync(join(disk.folder, 'ballast'), Buffer.alloc(2_500_000));
      let next = 0;
      while (next < 1000 && write(fixture, runId, next) === 'acknowledged') next += 1;
      expect(next).toBeGreaterThan(3);
      expect(next).toBeLessThan(1000);
      for (let again = 0; again < 3; again += 1) expect(write(fixture, runId, next)).toBe('store-full');
      expect(told).toEqual(['store-full']);
      expect(fixture.reader.get(runId).rows.boxes).toBe(next * 200);

      rmSync(join(disk.folder, 'ballast'));
      expect(write(fixture, runId, next)).toBe('acknowledged');
      expect(told).toEqual(['store-full', 'recovered']);
      expect(fixture.store.db.prepare('SELECT count(*) FROM detection').pluck().get()).toBe((next + 1) * 200);
      expect(fixture.store.db.pragma('integrity_check', { simple: true })).toBe('ok');
      fixture.store.db.close();
      expect(readdirSync(disk.folder)).toEqual(['ivis.db']);
    } finally {
      disk.unmount();
    }
  },
);

test('a database that another program holds is store-failed until it lets go', { timeout: 20_000 }, () => {
  const path = join(folder, 'ivis.db');
  const fixture = openFixture(path);
  const runId = fixture.beginRun();
  fixture.store.db.pragma('busy_timeout = 50');
  const other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
  expect(write(fixture, runId, 0)).toBe('store-failed');
  expect(write(fixture, runId, 0)).toBe('store-failed');
  other.exec('ROLLBACK');
  other.close();
  expect(write(fixture, runId, 0)).toBe('acknowledged');
  expect(told).toEqual(['store-failed', 'recovered']);
  fixture.store.db.close();
});

test('a batch that is refused for its content is no fault of the database', () => {
  const fixture = openFixture(join(folder, 'ivis.db'));
  expect(write(fixture, 77, 0)).toBe('bad-argument');
  expect(told).toEqual([]);
  fixture.store.db.close();
});
