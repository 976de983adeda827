import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RowBatch } from '#shared/contracts/detection-store.contract.ts';
import { NamedError, type WireError } from '#shared/contracts/wire-error.ts';
import type { TrackBox } from '#shared/domain/track.ts';
import {
  BATCH_ROWS,
  MAX_UNACKNOWLEDGED,
  RowSpool,
  type Rows,
} from '../../../src-worker/detection/row-spool.ts';

const box = (frame: number): TrackBox => ({
  trackId: 1,
  frame,
  ptsMs: frame * 40,
  box: { x1: 0, y1: 0, x2: 1, y2: 1 },
  label: 'car',
  confidence: 0.5,
  origin: 'detected',
});
const rows = (first: number, count: number): Rows => ({
  boxes: Array.from({ length: count }, (_, i) => box(first + i)),
  raw: [],
  tracks: [],
  crossings: [],
  visits: [],
  gaps: [],
});
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A spool with time and the store's answers in the test's hand. */
function spoolAtHand(emptyAfterMs: number | null = null, roomAt = MAX_UNACKNOWLEDGED - 1) {
  let nowMs = 0;
  const timers: { dueMs: number; fire: () => void }[] = [];
  const writes: { batch: RowBatch; acknowledge(): void; refuse(kind: WireError['kind']): void }[] = [];
  const told = { room: 0, failed: [] as WireError[] };
  const spool = new RowSpool({
    runId: 7,
    emptyAfterMs,
    roomAt,
    write: (batch) =>
      new Promise((resolve, reject) => {
        writes.push({
          batch,
          acknowledge: () => resolve(),
          refuse: (kind) => reject(new NamedError(kind, 'no')),
        });
      }),
    schedule: (delayMs, fire) => {
      const timer = { dueMs: nowMs + delayMs, fire };
      timers.push(timer);
      return () => {
        const at = timers.indexOf(timer);
        if (at >= 0) timers.splice(at, 1);
      };
    },
    onRoom: () => {
      told.room += 1;
    },
    onFailed: (error) => told.failed.push(error),
  });
  const pass = async (ms: number): Promise<void> => {
    nowMs += ms;
    for (const timer of timers.filter(({ dueMs }) => dueMs <= nowMs)) {
      timers.splice(timers.indexOf(timer), 1);
      timer.fire();
    }
    await settle();
  };
  return { spool, writes, told, pass };
}

describe('the row spool', () => {
  test('writes what it has after 200 ms', async () => {
    const { spool, writes, pass } = spoolAtHand();
    spool.add(rows(0, 3));
    await pass(199);
    expect(writes).toHaveLength(0);
    await pass(1);
    expect(writes.map(({ batch }) => [batch.runId, batch.batch, batch.boxes.length])).toEqual([[7, 0, 3]]);
  });

  test('tells with an empty batch that a live picture in which nothing moves was looked at', async () => {
    const { spool, writes, pass } = spoolAtHand(10_000);
    const second = async (): Promise<void> => {
      spool.add(rows(0, 0));
      await pass(1000);
    };
    for (let n = 0; n < 9; n++) await second();
    expect(writes).toHaveLength(0);
    await second();
    expect(writes.map(({ batch }) => [batch.batch, batch.boxes.length])).toEqual([[0, 0]]);
    expect(spool.lastBatch).toBeNull();
    // While the store does not answer, no more of them pile up.
    for (let n = 0; n < 30; n++) await second();
    expect(spool.depth).toBe(1);
    writes[0]?.acknowledge();
    await settle();
    // Without frames there is nothing to tell.
    await pass(60_000);
    const before = writes.length;
    await pass(60_000);
    expect(writes).toHaveLength(before);
  });

  test('writes no empty batch beside one with rows, and none of a file', async () => {
    const live = spoolAtHand(10_000);
    live.spool.add(rows(0, 0));
    await live.pass(5000);
    live.spool.add(rows(0, 2));
    await live.pass(200);
    live.writes[0]?.acknowledge();
    await settle();
    await live.pass(9000);
    expect(live.writes.map(({ batch }) => batch.boxes.length)).toEqual([2]);
    const file = spoolAtHand();
    file.spool.add(rows(0, 0));
    await file.pass(60_000);
    expect(file.writes).toHaveLength(0);
  });

  test('closes a batch at its size and numbers without holes, in order, one at a time', async () => {
    const { spool, writes } = spoolAtHand();
    spool.add(rows(0, BATCH_ROWS * 2 + 5));
    expect(writes).toHaveLength(1);
    expect(spool.depth).toBe(2);
    const flushed = spool.flush();
    for (let n = 0; n < 3; n++) {
      writes[n]?.acknowledge();
      await settle();
    }
    await flushed;
    expect(writes.map(({ batch }) => batch.batch)).toEqual([0, 1, 2]);
    const frames = writes.flatMap(({ batch }) => batch.boxes.map(({ frame }) => frame));
    expect(frames).toEqual(Array.from({ length: BATCH_ROWS * 2 + 5 }, (_, i) => i));
  });

  test('writes a refused batch again, with longer and longer pauses of 5 s at most', async () => {
    const { spool, writes, pass } = spoolAtHand();
    spool.add(rows(0, 1));
    await pass(200);
    for (const pauseMs of [250, 500, 1000, 2000, 4000, 5000, 5000]) {
      const count = writes.length;
      writes.at(-1)?.refuse('store-full');
      await settle();
      await pass(pauseMs - 1);
      expect(writes).toHaveLength(count);
      await pass(1);
      expect(writes).toHaveLength(count + 1);
    }
    expect(new Set(writes.map(({ batch }) => batch.batch))).toEqual(new Set([0]));
  });

  test('writes again at once when a new store is attached, and takes no answer of the old one', async () => {
    const { spool, writes } = spoolAtHand();
    spool.add(rows(0, 1));
    const flushed = spool.flush();
    spool.storeAttached();
    expect(writes.map(({ batch }) => batch.batch)).toEqual([0, 0]);
    writes[0]?.acknowledge();
    await settle();
    expect(spool.depth).toBe(1);
    writes[1]?.acknowledge();
    await flushed;
    expect(spool.depth).toBe(0);
  });

  test('lets small batches grow together while the store is silent', async () => {
    const { spool, writes, pass } = spoolAtHand();
    for (let n = 0; n < 100; n++) {
      spool.add(rows(n, 1));
      await pass(200);
    }
    expect(spool.depth).toBe(1);
    expect(writes).toHaveLength(1);
    writes[0]?.acknowledge();
    await settle();
    expect(writes.map(({ batch }) => batch.boxes.length)).toEqual([1, 99]);
  });

  test('is full at its bound and says when there is room', async () => {
    const { spool, writes, told } = spoolAtHand();
    spool.add(rows(0, BATCH_ROWS * (MAX_UNACKNOWLEDGED - 1)));
    expect(spool.full).toBe(false);
    spool.add(rows(0, BATCH_ROWS));
    expect(spool.full).toBe(true);
    writes[0]?.acknowledge();
    await settle();
    expect(spool.full).toBe(false);
    expect(told.room).toBe(1);
  });

  test('says which batch was acknowledged last', async () => {
    const { spool, writes } = spoolAtHand();
    spool.add(rows(0, BATCH_ROWS * 2));
    expect(spool.lastStored).toBeNull();
    writes[0]?.refuse('store-full');
    await settle();
    expect(spool.lastStored).toBeNull();
    spool.storeAttached();
    for (const batch of [0, 1]) {
      writes.at(-1)?.acknowledge();
      await settle();
      expect(spool.lastStored).toBe(batch);
    }
  });

  test('stays full until no more wait than are to, and says so once', async () => {
    const { spool, writes, told } = spoolAtHand(null, 8);
    spool.add(rows(0, BATCH_ROWS * MAX_UNACKNOWLEDGED));
    for (let n = 0; n < 7; n++) {
      writes.at(-1)?.acknowledge();
      await settle();
    }
    expect([spool.depth, spool.full, told.room]).toEqual([9, true, 0]);
    writes.at(-1)?.acknowledge();
    await settle();
    expect([spool.depth, spool.full, told.room]).toEqual([8, false, 1]);
    writes.at(-1)?.acknowledge();
    await settle();
    expect(told.room).toBe(1);
  });

  test('fails on a batch that the store refuses for what it is, and holds nobody up', async () => {
    const { spool, writes, told } = spoolAtHand();
    spool.add(rows(0, 1));
    const flushed = spool.flush();
    writes[0]?.refuse('invalid-message');
    await flushed;
    expect(told.failed).toEqual([{ kind: 'invalid-message', message: 'no' }]);
    spool.add(rows(1, 1));
    await spool.flush();
    expect(writes).toHaveLength(1);
  });

  test('a store that keeps each number once has every row once, whatever answers are lost', async () => {
    const answer = fc.constantFrom('acknowledge', 'lose', 'refuse', 'restart');
    await fc.assert(
      fc.asyncProperty(
        fc.array(answer, { maxLength: 30 }),
        fc.integer({ min: 1, max: 5000 }),
        async (answers, count) => {
          const { spool, writes, pass } = spoolAtHand();
          const stored = new Map<number, RowBatch>();
          spool.add(rows(0, count));
          const flushed = spool.flush();
          let seen = 0;
          for (const kind of [...answers, ...Array.from({ length: 10 }, () => 'acknowledge')]) {
            const write = writes[seen];
            if (write === undefined) break;
            seen += 1;
            if (kind !== 'refuse') stored.set(write.batch.batch, structuredClone(write.batch));
            if (kind === 'acknowledge') write.acknowledge();
            else if (kind === 'restart') spool.storeAttached();
            else write.refuse(kind === 'lose' ? 'timeout' : 'store-failed');
            await settle();
            await pass(5000);
          }
          await flushed;
          expect([...stored.keys()].sort((a, b) => a - b)).toEqual([...stored.keys()].map((_, i) => i));
          const frames = [...stored.values()]
            .sort((a, b) => a.batch - b.batch)
            .flatMap(({ boxes }) => boxes.map(({ frame }) => frame));
          expect(frames).toEqual(Array.from({ length: count }, (_, i) => i));
        },
      ),
      { numRuns: 30 },
    );
  });
});
