import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IntervalMs } from '#shared/domain/count-interval.ts';
import type { RunStatus } from '#shared/domain/run.ts';
import { at, countedStore, MINUTE_MS, total, unsaid } from './counted-store.ts';
import { batchOf, boxOf, crossingOf, gapOf, rareOf, WALL_MS } from './store-fixture.ts';

const kept = countedStore();
const lastBox = (frame: number) => boxOf(frame, 1, { ptsMs: frame * 100 });

describe('counts over time', () => {
  test('a crossing lies in the interval of its own time, by line, direction and class', () => {
    const runId = kept.beginLive(at(0));
    kept.rows.write(
      batchOf(runId, 0, {
        crossings: [
          crossingOf(0, { wallMs: at(0) }),
          crossingOf(1, { wallMs: at(5) - 1, label: 'bus' }),
          crossingOf(2, { wallMs: at(5), direction: 'backward' }),
          crossingOf(3, { wallMs: at(5) + 0.5 }),
          crossingOf(4, { wallMs: at(9), line: 'gate' }),
          crossingOf(5, { wallMs: at(10) }),
        ],
      }),
    );
    expect(kept.ask(0, 10, 300_000).counts).toEqual([
      { fromWallMs: at(0), line: 'main', direction: 'forward', label: 'bus', count: 1, ...unsaid },
      { fromWallMs: at(0), line: 'main', direction: 'forward', label: 'car', count: 1, ...unsaid },
      { fromWallMs: at(5), line: 'gate', direction: 'forward', label: 'car', count: 1, ...unsaid },
      { fromWallMs: at(5), line: 'main', direction: 'forward', label: 'car', count: 1, ...unsaid },
      { fromWallMs: at(5), line: 'main', direction: 'backward', label: 'car', count: 1, ...unsaid },
    ]);
  });

  test('a file’s crossing lies where its start and its media time put it', () => {
    const runId = kept.beginRun();
    const crossings = [crossingOf(0, { ptsMs: 0 }), crossingOf(1, { ptsMs: 1999 })];
    kept.rows.write(batchOf(runId, 0, { crossings, boxes: [lastBox(19)] }));
    kept.end(runId, 'complete', WALL_MS + 50_000_000);
    const counted = kept.counts.ofSource('street', { from: WALL_MS, to: WALL_MS + 1000 }, null);
    expect(total(counted)).toBe(1);
    expect(total(kept.counts.ofSource('street', { from: WALL_MS, to: WALL_MS + 2000 }, null))).toBe(2);
  });

  test('an interval tells how much of it was watched, so that a zero can be believed or not', () => {
    const runId = kept.beginLive(at(1));
    const gaps = [
      gapOf(0, { fromWallMs: at(2), toWallMs: at(2.5) }),
      gapOf(1, { cause: 'black', fromWallMs: at(2.25), toWallMs: at(3.25) }),
    ];
    kept.rows.write(batchOf(runId, 0, { gaps }));
    kept.end(runId, 'stopped', at(4.5));
    const { intervals, counts } = kept.ask(0, 6, 60_000);
    expect(counts).toEqual([]);
    expect(intervals.map(({ watchedMs }) => watchedMs / MINUTE_MS)).toEqual([0, 1, 0, 0.75, 0.5, 0]);
    expect(intervals.map((interval) => interval.gaps.map(({ cause }) => cause))).toEqual([
      [],
      [],
      ['lost', 'black'],
      ['black'],
      [],
      [],
    ]);
  });

  test('an interval tells how much of it was looked at too rarely, of what was watched at all', () => {
    const runId = kept.beginLive(at(1));
    kept.rows.write(
      batchOf(runId, 0, {
        gaps: [gapOf(0, { fromWallMs: at(2), toWallMs: at(3) })],
        tooRare: [rareOf(0, { fromWallMs: at(1.5), toWallMs: null, toPtsMs: null })],
      }),
    );
    const tooRare = () => kept.ask(0, 6, 60_000).intervals.map(({ tooRareMs }) => tooRareMs / MINUTE_MS);
    kept.nowMs = at(4);
    // It goes on.
    expect(tooRare()).toEqual([0, 0.5, 0, 1, 0, 0]);
    kept.rows.write(batchOf(runId, 1, { tooRare: [rareOf(0, { fromWallMs: at(1.5), toWallMs: at(3.25) })] }));
    // Told again as it was, after an answer that was lost.
    kept.rows.write(
      batchOf(runId, 2, { tooRare: [rareOf(0, { fromWallMs: at(1.5), toWallMs: null, toPtsMs: null })] }),
    );
    expect(tooRare()).toEqual([0, 0.5, 0, 0.25, 0, 0]);
  });

  test('that of a file lies where its media time puts it, and lasts as long as a run that broke off', () => {
    const runId = kept.beginRun();
    const wallNull = { fromWallMs: null, toWallMs: null };
    const tooRare = [
      rareOf(0, { fromPtsMs: 200, toPtsMs: 500, ...wallNull }),
      rareOf(1, { fromPtsMs: 1500, toPtsMs: null, ...wallNull }),
    ];
    kept.rows.write(batchOf(runId, 0, { boxes: [lastBox(19)], tooRare }));
    kept.end(runId, 'failed', WALL_MS + 50_000_000);
    const { intervals } = kept.counts.ofSource('street', { from: WALL_MS, to: WALL_MS + 2000 }, null);
    // The last box is at 1900, and its millisecond counts.
    expect(intervals[0]?.tooRareMs).toBe(300 + 401);
  });

  test('a gap that still lasts reaches to the end, and a run that goes on is watched until now', () => {
    const runId = kept.beginLive(at(0));
    kept.rows.write(batchOf(runId, 0, { gaps: [gapOf(0, { fromWallMs: at(3) })] }));
    kept.nowMs = at(8);
    const { intervals } = kept.ask(0, 10, 300_000);
    expect(intervals.map(({ watchedMs }) => watchedMs / MINUTE_MS)).toEqual([3, 0]);
    expect(intervals.map(({ gaps }) => gaps.map(({ toWallMs }) => toWallMs))).toEqual([[null], [null]]);
    kept.end(runId, 'stopped', at(9));
    expect(kept.ask(0, 10, null).intervals[0]?.gaps[0]?.toWallMs).toBe(at(9));
  });

  test('the end of a gap takes the place of its beginning, also when it is told again', () => {
    const runId = kept.beginLive(at(0));
    const open = gapOf(0, { fromWallMs: at(1) });
    const closed = { ...open, toWallMs: at(2), toPtsMs: 5000 };
    kept.rows.write(batchOf(runId, 0, { gaps: [open] }));
    const whole = { from: at(0), to: at(9) };
    expect(kept.counts.gaps('street', whole)).toEqual([{ ...open, runId }]);
    kept.rows.write(batchOf(runId, 1, { gaps: [closed] }));
    kept.rows.write(batchOf(runId, 1, { gaps: [closed] }));
    kept.rows.write(batchOf(runId, 2, { gaps: [open] }));
    expect(kept.counts.gaps('street', whole)).toEqual([{ ...closed, runId }]);
    expect(kept.counts.gaps('street', { from: at(2), to: at(9) })).toEqual([]);
  });

  test('a wall clock set back in a gap takes no watched time and is still told', () => {
    const runId = kept.beginLive(at(0));
    const gap = gapOf(0, { cause: 'clock-jump', fromWallMs: at(5), toWallMs: at(2) });
    kept.rows.write(batchOf(runId, 0, { gaps: [gap] }));
    kept.end(runId, 'stopped', at(10));
    const { intervals } = kept.ask(0, 10, 300_000);
    expect(intervals.map(({ watchedMs }) => watchedMs / MINUTE_MS)).toEqual([5, 5]);
    expect(intervals.map(({ gaps }) => gaps.length)).toEqual([0, 1]);
  });

  test('superseded runs count for nothing; of the runs over one file the last whole one does', () => {
    const runOver = (path: string, status: Exclude<RunStatus, 'running'>, crossings: number): void => {
      const runId = kept.beginRun(path);
      const rows = Array.from({ length: crossings }, (_, n) => crossingOf(n));
      kept.rows.write(batchOf(runId, 0, { crossings: rows, boxes: [lastBox(19)] }));
      kept.end(runId, status, WALL_MS + 9000);
    };
    const all = (): number =>
      total(kept.counts.ofSource('street', { from: WALL_MS, to: WALL_MS + 60_000 }, null));
    runOver('/a.mp4', 'superseded', 100);
    expect(all()).toBe(0);
    runOver('/a.mp4', 'complete', 7);
    runOver('/a.mp4', 'complete', 8);
    runOver('/a.mp4', 'failed', 3);
    expect(all()).toBe(8);
    runOver('/b.mp4', 'failed', 2);
    expect(all()).toBe(10);
  });

  test('a live run that failed keeps what it saw, beside the one after it', () => {
    const first = kept.beginLive(at(0));
    kept.rows.write(batchOf(first, 0, { crossings: [crossingOf(0, { wallMs: at(1) })] }));
    kept.end(first, 'failed', at(2));
    const second = kept.beginLive(at(3));
    kept.rows.write(batchOf(second, 0, { crossings: [crossingOf(0, { wallMs: at(4) })] }));
    kept.end(second, 'stopped', at(5));
    const counted = kept.ask(0, 5, null);
    expect(total(counted)).toBe(2);
    expect(counted.intervals[0]?.watchedMs).toBe(4 * MINUTE_MS);
  });

  test('after a crash nothing is claimed beyond the last row, and the open gap is closed', () => {
    kept.elsewhere('crash.db', () => at(10));
    const runId = kept.beginLive(at(0));
    kept.rows.write(batchOf(runId, 0, { gaps: [gapOf(0, { fromWallMs: at(9) })] }));
    expect(kept.runs.abandon(at(30))).toEqual([runId]);
    const { intervals } = kept.ask(0, 40, null);
    expect(intervals[0]?.watchedMs).toBe(9 * MINUTE_MS);
    expect(intervals[0]?.gaps.map(({ cause, toWallMs }) => [cause, toWallMs])).toEqual([
      ['lost', at(30)],
      ['ivis-restart', at(30)],
    ]);
  });

  test('a run that a crash left open does not end before its last row, whatever was known of the crash', () => {
    kept.elsewhere('early.db', () => at(10));
    const runId = kept.beginLive(at(0));
    kept.rows.write(batchOf(runId, 0, { crossings: [crossingOf(0, { wallMs: at(9) })] }));
    const later = kept.beginLive(at(12));
    expect(kept.runs.abandon(at(5))).toEqual([runId, later]);
    const ended = kept.store.db.prepare('SELECT ended_wall_ms FROM run ORDER BY run_id').pluck().all();
    expect(ended).toEqual([at(10), at(12)]);
  });

  test('a hole that a death left is told by the next run, and taken out of the one before too', () => {
    const first = kept.beginLive(at(0));
    kept.end(first, 'failed', at(10));
    const second = kept.beginLive(at(12));
    const hole = gapOf(0, { cause: 'capture-restart', fromWallMs: at(9), toWallMs: at(13) });
    kept.rows.write(batchOf(second, 0, { gaps: [hole] }));
    kept.end(second, 'stopped', at(20));
    expect(kept.ask(0, 20, null).intervals[0]?.watchedMs).toBe(16 * MINUTE_MS);
  });

  test('a hole that no run told of stands beside the gaps of the last one', () => {
    const runId = kept.beginLive(at(0));
    kept.rows.write(batchOf(runId, 0, { gaps: [gapOf(0, { fromWallMs: at(1), toWallMs: at(2) })] }));
    kept.end(runId, 'failed', at(5));
    const hole = { runId, cause: 'capture-restart', fromWallMs: at(5), toWallMs: at(7) } as const;
    kept.runs.addGap(hole);
    // The answer was lost, and it is asked for again.
    kept.runs.addGap(hole);
    expect(kept.counts.gaps('street', { from: at(0), to: at(60) })).toMatchObject([
      { number: 0 },
      { ...hole, number: 1 },
    ]);
    // A clock that was set back makes none of negative length.
    kept.runs.addGap({ ...hole, fromWallMs: at(6), toWallMs: at(4) });
    expect(kept.counts.gaps('street', { from: at(0), to: at(60) }).at(-1)).toMatchObject({ toWallMs: at(6) });
    expect(() => kept.runs.addGap({ ...hole, runId: 99 })).toThrow(/no run 99/);
  });

  test('too many intervals are refused by name', () => {
    expect(() => kept.ask(0, 60 * 24 * 30, 60_000)).toThrow(/too many/);
    expect(() => kept.ask(5, 5, null)).toThrow(/empty/);
  });

  test('whatever the crossings and however they are sent, the intervals add up to the total', () => {
    const step = fc.constantFrom<IntervalMs>(60_000, 300_000, 900_000, 3_600_000, null);
    const times = fc.array(fc.double({ min: 0, max: 180, noNaN: true }), { maxLength: 60 });
    let url = 0;
    fc.assert(
      fc.property(times, step, fc.boolean(), (minutes, intervalMs, live) => {
        kept.store.db.exec(
          'DELETE FROM crossing; DELETE FROM detection; DELETE FROM row_batch; DELETE FROM gap; DELETE FROM run;',
        );
        url += 1;
        const runId = live ? kept.beginLive(at(0)) : kept.beginRun(`/${url}.mp4`);
        const start = live ? at(0) : WALL_MS;
        minutes.forEach((minute, number) => {
          const ptsMs = minute * MINUTE_MS;
          const crossing = crossingOf(number, {
            ptsMs,
            line: `l${number % 3}`,
            ...(live ? { wallMs: start + ptsMs } : {}),
          });
          const batch = batchOf(runId, number, { crossings: [crossing] });
          kept.rows.write(batch);
          kept.rows.write(batch);
        });
        const range = { from: start, to: start + 181 * MINUTE_MS };
        const counted = kept.counts.ofSource('street', range, intervalMs);
        expect(total(counted)).toBe(minutes.length);
        for (const { fromWallMs } of counted.counts) {
          expect(counted.intervals.some((interval) => interval.fromWallMs === fromWallMs)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});
