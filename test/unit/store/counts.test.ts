import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IntervalMs } from '#shared/domain/count-interval.ts';
import type { RunStatus } from '#shared/domain/run.ts';
import { CountReader, type CountsOverTime } from '../../../src-worker/store/count-reader.ts';
import { CorrectionBook } from '../../../src-worker/store/evidence/correction-book.ts';
import { writeExport } from '../../../src-worker/store/exports/export-file.ts';
import {
  batchOf,
  boxOf,
  crossingOf,
  gapOf,
  type OpenFixture,
  openFixture,
  temporaryFolder,
  WALL_MS,
} from './store-fixture.ts';

const MINUTE_MS = 60_000;
/** Nobody corrected it. */
const unsaid = { wrong: 0, missed: 0 };
/** A whole quarter of an hour. */
const HOUR = Math.floor(WALL_MS / 3_600_000) * 3_600_000;
let fixture: OpenFixture;
let folder: string;
let remove: () => void;
let nowMs: number;
let reader: CountReader;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  fixture = openFixture(join(folder, 'ivis.db'));
  nowMs = HOUR + 3_600_000;
  reader = new CountReader(fixture.store.db, () => nowMs);
});

afterEach(() => {
  fixture.store.db.close();
  remove();
});

function end(runId: number, status: Exclude<RunStatus, 'running'>, endedWallMs: number): void {
  fixture.runs.end({ runId, status, endedWallMs, ledger: null, counts: null, model: null, error: null });
}
const at = (minutes: number): number => HOUR + minutes * MINUTE_MS;
const ask = (fromMinute: number, toMinute: number, intervalMs: IntervalMs): CountsOverTime =>
  reader.ofSource('street', { from: at(fromMinute), to: at(toMinute) }, intervalMs);
const total = ({ counts }: CountsOverTime): number => counts.reduce((sum, { count }) => sum + count, 0);
const lastBox = (frame: number) => boxOf(frame, 1, { ptsMs: frame * 100 });

describe('counts over time', () => {
  test('a crossing lies in the interval of its own time, by line, direction and class', () => {
    const runId = fixture.beginLive(at(0));
    fixture.rows.write(
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
    expect(ask(0, 10, 300_000).counts).toEqual([
      { fromWallMs: at(0), line: 'main', direction: 'forward', label: 'bus', count: 1, ...unsaid },
      { fromWallMs: at(0), line: 'main', direction: 'forward', label: 'car', count: 1, ...unsaid },
      { fromWallMs: at(5), line: 'gate', direction: 'forward', label: 'car', count: 1, ...unsaid },
      { fromWallMs: at(5), line: 'main', direction: 'forward', label: 'car', count: 1, ...unsaid },
      { fromWallMs: at(5), line: 'main', direction: 'backward', label: 'car', count: 1, ...unsaid },
    ]);
  });

  test('a file’s crossing lies where its start and its media time put it', () => {
    const runId = fixture.beginRun();
    const crossings = [crossingOf(0, { ptsMs: 0 }), crossingOf(1, { ptsMs: 1999 })];
    fixture.rows.write(batchOf(runId, 0, { crossings, boxes: [lastBox(19)] }));
    end(runId, 'complete', WALL_MS + 50_000_000);
    const counted = reader.ofSource('street', { from: WALL_MS, to: WALL_MS + 1000 }, null);
    expect(total(counted)).toBe(1);
    expect(total(reader.ofSource('street', { from: WALL_MS, to: WALL_MS + 2000 }, null))).toBe(2);
  });

  test('an interval tells how much of it was watched, so that a zero can be believed or not', () => {
    const runId = fixture.beginLive(at(1));
    const gaps = [
      gapOf(0, { fromWallMs: at(2), toWallMs: at(2.5) }),
      gapOf(1, { cause: 'black', fromWallMs: at(2.25), toWallMs: at(3.25) }),
    ];
    fixture.rows.write(batchOf(runId, 0, { gaps }));
    end(runId, 'stopped', at(4.5));
    const { intervals, counts } = ask(0, 6, 60_000);
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

  test('a gap that still lasts reaches to the end, and a run that goes on is watched until now', () => {
    const runId = fixture.beginLive(at(0));
    fixture.rows.write(batchOf(runId, 0, { gaps: [gapOf(0, { fromWallMs: at(3) })] }));
    nowMs = at(8);
    const { intervals } = ask(0, 10, 300_000);
    expect(intervals.map(({ watchedMs }) => watchedMs / MINUTE_MS)).toEqual([3, 0]);
    expect(intervals.map(({ gaps }) => gaps.map(({ toWallMs }) => toWallMs))).toEqual([[null], [null]]);
    end(runId, 'stopped', at(9));
    expect(ask(0, 10, null).intervals[0]?.gaps[0]?.toWallMs).toBe(at(9));
  });

  test('the end of a gap takes the place of its beginning, also when it is told again', () => {
    const runId = fixture.beginLive(at(0));
    const open = gapOf(0, { fromWallMs: at(1) });
    const closed = { ...open, toWallMs: at(2), toPtsMs: 5000 };
    fixture.rows.write(batchOf(runId, 0, { gaps: [open] }));
    const whole = { from: at(0), to: at(9) };
    expect(reader.gaps('street', whole)).toEqual([{ ...open, runId }]);
    fixture.rows.write(batchOf(runId, 1, { gaps: [closed] }));
    fixture.rows.write(batchOf(runId, 1, { gaps: [closed] }));
    fixture.rows.write(batchOf(runId, 2, { gaps: [open] }));
    expect(reader.gaps('street', whole)).toEqual([{ ...closed, runId }]);
    expect(reader.gaps('street', { from: at(2), to: at(9) })).toEqual([]);
  });

  test('a wall clock set back in a gap takes no watched time and is still told', () => {
    const runId = fixture.beginLive(at(0));
    const gap = gapOf(0, { cause: 'clock-jump', fromWallMs: at(5), toWallMs: at(2) });
    fixture.rows.write(batchOf(runId, 0, { gaps: [gap] }));
    end(runId, 'stopped', at(10));
    const { intervals } = ask(0, 10, 300_000);
    expect(intervals.map(({ watchedMs }) => watchedMs / MINUTE_MS)).toEqual([5, 5]);
    expect(intervals.map(({ gaps }) => gaps.length)).toEqual([0, 1]);
  });

  test('superseded runs count for nothing; of the runs over one file the last whole one does', () => {
    const runOver = (path: string, status: Exclude<RunStatus, 'running'>, crossings: number): void => {
      const runId = fixture.beginRun(path);
      const rows = Array.from({ length: crossings }, (_, n) => crossingOf(n));
      fixture.rows.write(batchOf(runId, 0, { crossings: rows, boxes: [lastBox(19)] }));
      end(runId, status, WALL_MS + 9000);
    };
    const all = (): number => total(reader.ofSource('street', { from: WALL_MS, to: WALL_MS + 60_000 }, null));
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
    const first = fixture.beginLive(at(0));
    fixture.rows.write(batchOf(first, 0, { crossings: [crossingOf(0, { wallMs: at(1) })] }));
    end(first, 'failed', at(2));
    const second = fixture.beginLive(at(3));
    fixture.rows.write(batchOf(second, 0, { crossings: [crossingOf(0, { wallMs: at(4) })] }));
    end(second, 'stopped', at(5));
    const counted = ask(0, 5, null);
    expect(total(counted)).toBe(2);
    expect(counted.intervals[0]?.watchedMs).toBe(4 * MINUTE_MS);
  });

  test('after a crash nothing is claimed beyond the last row, and the open gap is closed', () => {
    fixture.store.db.close();
    const file = join(folder, 'crash.db');
    fixture = openFixture(file, () => at(10));
    reader = new CountReader(fixture.store.db, () => nowMs);
    const runId = fixture.beginLive(at(0));
    fixture.rows.write(batchOf(runId, 0, { gaps: [gapOf(0, { fromWallMs: at(9) })] }));
    expect(fixture.runs.abandon(at(30))).toEqual([runId]);
    const { intervals } = ask(0, 40, null);
    expect(intervals[0]?.watchedMs).toBe(9 * MINUTE_MS);
    expect(intervals[0]?.gaps.map(({ cause, toWallMs }) => [cause, toWallMs])).toEqual([
      ['lost', at(30)],
      ['ivis-restart', at(30)],
    ]);
  });

  test('a run that a crash left open does not end before its last row, whatever was known of the crash', () => {
    fixture.store.db.close();
    fixture = openFixture(join(folder, 'early.db'), () => at(10));
    const runId = fixture.beginLive(at(0));
    fixture.rows.write(batchOf(runId, 0, { crossings: [crossingOf(0, { wallMs: at(9) })] }));
    const later = fixture.beginLive(at(12));
    expect(fixture.runs.abandon(at(5))).toEqual([runId, later]);
    const ended = fixture.store.db.prepare('SELECT ended_wall_ms FROM run ORDER BY run_id').pluck().all();
    expect(ended).toEqual([at(10), at(12)]);
  });

  test('a hole that a death left is told by the next run, and taken out of the one before too', () => {
    const first = fixture.beginLive(at(0));
    end(first, 'failed', at(10));
    const second = fixture.beginLive(at(12));
    const hole = gapOf(0, { cause: 'capture-restart', fromWallMs: at(9), toWallMs: at(13) });
    fixture.rows.write(batchOf(second, 0, { gaps: [hole] }));
    end(second, 'stopped', at(20));
    expect(ask(0, 20, null).intervals[0]?.watchedMs).toBe(16 * MINUTE_MS);
  });

  test('a hole that no run told of stands beside the gaps of the last one', () => {
    const runId = fixture.beginLive(at(0));
    fixture.rows.write(batchOf(runId, 0, { gaps: [gapOf(0, { fromWallMs: at(1), toWallMs: at(2) })] }));
    end(runId, 'failed', at(5));
    const hole = { runId, cause: 'capture-restart', fromWallMs: at(5), toWallMs: at(7) } as const;
    fixture.runs.addGap(hole);
    // The answer was lost, and it is asked for again.
    fixture.runs.addGap(hole);
    expect(reader.gaps('street', { from: at(0), to: at(60) })).toMatchObject([
      { number: 0 },
      { ...hole, number: 1 },
    ]);
    // A clock that was set back makes none of negative length.
    fixture.runs.addGap({ ...hole, fromWallMs: at(6), toWallMs: at(4) });
    expect(reader.gaps('street', { from: at(0), to: at(60) }).at(-1)).toMatchObject({ toWallMs: at(6) });
    expect(() => fixture.runs.addGap({ ...hole, runId: 99 })).toThrow(/no run 99/);
  });

  test('too many intervals are refused by name', () => {
    expect(() => ask(0, 60 * 24 * 30, 60_000)).toThrow(/too many/);
    expect(() => ask(5, 5, null)).toThrow(/empty/);
  });

  test('whatever the crossings and however they are sent, the intervals add up to the total', () => {
    const step = fc.constantFrom<IntervalMs>(60_000, 300_000, 900_000, 3_600_000, null);
    const times = fc.array(fc.double({ min: 0, max: 180, noNaN: true }), { maxLength: 60 });
    let url = 0;
    fc.assert(
      fc.property(times, step, fc.boolean(), (minutes, intervalMs, live) => {
        fixture.store.db.exec(
          'DELETE FROM crossing; DELETE FROM detection; DELETE FROM row_batch; DELETE FROM gap; DELETE FROM run;',
        );
        url += 1;
        const runId = live ? fixture.beginLive(at(0)) : fixture.beginRun(`/${url}.mp4`);
        const start = live ? at(0) : WALL_MS;
        minutes.forEach((minute, number) => {
          const ptsMs = minute * MINUTE_MS;
          const crossing = crossingOf(number, {
            ptsMs,
            line: `l${number % 3}`,
            ...(live ? { wallMs: start + ptsMs } : {}),
          });
          const batch = batchOf(runId, number, { crossings: [crossing] });
          fixture.rows.write(batch);
          fixture.rows.write(batch);
        });
        const range = { from: start, to: start + 181 * MINUTE_MS };
        const counted = reader.ofSource('street', range, intervalMs);
        expect(total(counted)).toBe(minutes.length);
        for (const { fromWallMs } of counted.counts) {
          expect(counted.intervals.some((interval) => interval.fromWallMs === fromWallMs)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('count-intervals.csv', () => {
  const csv = async (runId: number, intervalMs?: IntervalMs): Promise<string[]> => {
    const outPath = join(folder, 'count-intervals.csv');
    await writeExport(fixture.store.path, { runId, kind: 'count-intervals', outPath, intervalMs });
    return readFileSync(outPath, 'utf8').split('\r\n');
  };

  test('has the counts of each interval, a zero where nothing crossed, and the gaps beside them', async () => {
    const runId = fixture.beginLive(at(3));
    fixture.rows.write(
      batchOf(runId, 0, {
        crossings: [crossingOf(0, { wallMs: at(4) }), crossingOf(1, { wallMs: at(4), label: 'bus' })],
        gaps: [gapOf(0, { fromWallMs: at(20), toWallMs: at(21) })],
      }),
    );
    end(runId, 'stopped', at(25));
    expect(await csv(runId)).toEqual([
      'from_utc,to_utc,line,direction,class,count,corrected,watched_ms,gaps',
      '2026-01-02T03:00:00.000Z,2026-01-02T03:15:00.000Z,main,forward,bus,1,1,720000,',
      '2026-01-02T03:00:00.000Z,2026-01-02T03:15:00.000Z,main,forward,car,1,1,720000,',
      '2026-01-02T03:00:00.000Z,2026-01-02T03:15:00.000Z,main,backward,,0,0,720000,',
      '2026-01-02T03:15:00.000Z,2026-01-02T03:30:00.000Z,main,forward,,0,0,540000,lost 2026-01-02T03:20:00.000Z/2026-01-02T03:21:00.000Z',
      '2026-01-02T03:15:00.000Z,2026-01-02T03:30:00.000Z,main,backward,,0,0,540000,lost 2026-01-02T03:20:00.000Z/2026-01-02T03:21:00.000Z',
      '',
    ]);
  });

  test('adds up to the total over more intervals than one question may have', async () => {
    const runId = fixture.beginLive(at(0));
    const crossings = Array.from({ length: 50 }, (_, n) => crossingOf(n, { wallMs: at(n * 240 + 0.5) }));
    fixture.rows.write(batchOf(runId, 0, { crossings }));
    end(runId, 'stopped', at(50 * 240));
    const rows = (await csv(runId, 60_000)).slice(1, -1).map((row) => row.split(','));
    expect(rows.reduce((sum, row) => sum + Number(row[5]), 0)).toBe(50);
    expect(new Set(rows.map((row) => row[0])).size).toBe(12_000);
  });

  test('a crossing that a jump of the wall clock put outside of the run is in it too', async () => {
    const runId = fixture.beginLive(at(60));
    const crossings = [crossingOf(0, { wallMs: at(1) }), crossingOf(1, { wallMs: at(130) })];
    fixture.rows.write(batchOf(runId, 0, { crossings }));
    end(runId, 'stopped', at(61));
    const rows = (await csv(runId, 3_600_000)).slice(1, -1).map((row) => row.split(','));
    expect(rows.reduce((sum, row) => sum + Number(row[5]), 0)).toBe(2);
  });
});

describe('what people said', () => {
  const missed = { kind: 'missed', line: 'main', direction: 'forward', label: 'car', note: '' } as const;

  test('stands beside the machine’s number in the interval of its crossing, here and in the file', async () => {
    const runId = fixture.beginLive(at(0));
    // The times in the medium began anew in between.
    const crossings = [
      crossingOf(0, { wallMs: at(1), ptsMs: 60_000 }),
      crossingOf(1, { wallMs: at(6), ptsMs: 360_000 }),
      crossingOf(2, { wallMs: at(20), ptsMs: 1_200_000 }),
    ];
    fixture.rows.write(batchOf(runId, 0, { crossings }));
    end(runId, 'stopped', at(30));
    const book = new CorrectionBook(fixture.store.db, { wallMs: () => at(40), monoMs: () => 0 });
    book.add(runId, 'ann', { kind: 'wrong', number: 1, reason: 'no-object', note: '' });
    book.add(runId, 'ann', { ...missed, ptsMs: 1_260_000 });
    book.add(runId, 'ann', { ...missed, ptsMs: 1_320_000, direction: 'backward' });
    const place = { line: 'main', direction: 'forward', label: 'car' };
    expect(ask(0, 30, 900_000).counts).toEqual([
      { ...place, fromWallMs: at(0), count: 2, wrong: 1, missed: 0 },
      { ...place, fromWallMs: at(15), count: 1, wrong: 0, missed: 1 },
      { ...place, fromWallMs: at(15), direction: 'backward', count: 0, wrong: 0, missed: 1 },
    ]);
    const outPath = join(folder, 'intervals.csv');
    await writeExport(join(folder, 'ivis.db'), { runId, kind: 'count-intervals', outPath });
    const numbers = readFileSync(outPath, 'utf8')
      .split('\r\n')
      .map((line) => line.split(',').slice(3, 7).join(','));
    expect(numbers.slice(1, 5)).toEqual([
      'forward,car,2,1',
      'backward,,0,0',
      'forward,car,1,2',
      'backward,car,0,1',
    ]);
  });

  test('counts.csv adds up the runs of one count, machine and corrected', async () => {
    const [first, second] = [fixture.beginLive(at(0)), fixture.beginLive(at(10))];
    fixture.rows.write(batchOf(first, 0, { crossings: [crossingOf(0, { wallMs: at(1) })] }));
    const later = [crossingOf(0, { wallMs: at(11) }), crossingOf(1, { wallMs: at(12), label: 'bus' })];
    fixture.rows.write(batchOf(second, 0, { crossings: later }));
    const book = new CorrectionBook(fixture.store.db, { wallMs: () => at(40), monoMs: () => 0 });
    book.add(first, 'ann', { kind: 'wrong', number: 0, reason: 'no-object', note: '' });
    const outPath = join(folder, 'counts.csv');
    const written = async (withRuns: number[]): Promise<string[]> => {
      await writeExport(join(folder, 'ivis.db'), { runId: second, withRuns, kind: 'counts', outPath });
      return readFileSync(outPath, 'utf8').trim().split('\r\n');
    };
    const head = 'line,direction,class,machine,wrong,missed,corrected';
    expect(await written([first])).toEqual([
      head,
      'main,forward,bus,1,0,0,1',
      'main,forward,car,2,1,0,1',
      'main,backward,,0,0,0,0',
    ]);
    expect(await written([])).toEqual([
      head,
      'main,forward,bus,1,0,0,1',
      'main,forward,car,1,0,0,1',
      'main,backward,,0,0,0,0',
    ]);
  });
});
