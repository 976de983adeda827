import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { IntervalMs } from '#shared/domain/count-interval.ts';
import { CorrectionBook } from '../../../src-worker/store/evidence/correction-book.ts';
import { writeExport } from '../../../src-worker/store/exports/export-file.ts';
import { at, countedStore } from './counted-store.ts';
import { batchOf, boxOf, crossingOf, gapOf, rareOf } from './store-fixture.ts';

const kept = countedStore();
const _lastBox = (frame: number) => boxOf(frame, 1, { ptsMs: frame * 100 });

describe('count-intervals.csv', () => {
  const csv = async (runId: number, intervalMs?: IntervalMs): Promise<string[]> => {
    const outPath = join(kept.folder, 'count-intervals.csv');
    await writeExport(kept.store.path, { runId, kind: 'count-intervals', outPath, intervalMs });
    return readFileSync(outPath, 'utf8').split('\r\n');
  };

  test('has the counts of each interval, a zero where nothing crossed, and beside them the gaps and how long looks came too rarely', async () => {
    const runId = kept.beginLive(at(3));
    kept.rows.write(
      batchOf(runId, 0, {
        crossings: [crossingOf(0, { wallMs: at(4) }), crossingOf(1, { wallMs: at(4), label: 'bus' })],
        gaps: [gapOf(0, { fromWallMs: at(20), toWallMs: at(21) })],
        tooRare: [
          rareOf(0, { fromWallMs: at(14), toWallMs: at(15) }),
          rareOf(1, { fromWallMs: at(20.5), toWallMs: at(21.5) }),
        ],
      }),
    );
    kept.end(runId, 'stopped', at(25));
    expect(await csv(runId)).toEqual([
      'from_utc,to_utc,line,direction,class,count,corrected,watched_ms,gaps,too_rare_ms',
      '2026-01-02T03:00:00.000Z,2026-01-02T03:15:00.000Z,main,forward,bus,1,1,720000,,60000',
      '2026-01-02T03:00:00.000Z,2026-01-02T03:15:00.000Z,main,forward,car,1,1,720000,,60000',
      '2026-01-02T03:00:00.000Z,2026-01-02T03:15:00.000Z,main,backward,,0,0,720000,,60000',
      '2026-01-02T03:15:00.000Z,2026-01-02T03:30:00.000Z,main,forward,,0,0,540000,lost 2026-01-02T03:20:00.000Z/2026-01-02T03:21:00.000Z,30000',
      '2026-01-02T03:15:00.000Z,2026-01-02T03:30:00.000Z,main,backward,,0,0,540000,lost 2026-01-02T03:20:00.000Z/2026-01-02T03:21:00.000Z,30000',
      '',
    ]);
  });

  test('adds up to the total over more intervals than one question may have', async () => {
    const runId = kept.beginLive(at(0));
    const crossings = Array.from({ length: 50 }, (_, n) => crossingOf(n, { wallMs: at(n * 240 + 0.5) }));
    kept.rows.write(batchOf(runId, 0, { crossings }));
    kept.end(runId, 'stopped', at(50 * 240));
    const rows = (await csv(runId, 60_000)).slice(1, -1).map((row) => row.split(','));
    expect(rows.reduce((sum, row) => sum + Number(row[5]), 0)).toBe(50);
    expect(new Set(rows.map((row) => row[0])).size).toBe(12_000);
  });

  test('a crossing that a jump of the wall clock put outside of the run is in it too', async () => {
    const runId = kept.beginLive(at(60));
    const crossings = [crossingOf(0, { wallMs: at(1) }), crossingOf(1, { wallMs: at(130) })];
    kept.rows.write(batchOf(runId, 0, { crossings }));
    kept.end(runId, 'stopped', at(61));
    const rows = (await csv(runId, 3_600_000)).slice(1, -1).map((row) => row.split(','));
    expect(rows.reduce((sum, row) => sum + Number(row[5]), 0)).toBe(2);
  });
});

describe('what people said', () => {
  const missed = { kind: 'missed', line: 'main', direction: 'forward', label: 'car', note: '' } as const;

  test('stands beside the machine’s number in the interval of its crossing, here and in the file', async () => {
    const runId = kept.beginLive(at(0));
    // The times in the medium began anew in between.
    const crossings = [
      crossingOf(0, { wallMs: at(1), ptsMs: 60_000 }),
      crossingOf(1, { wallMs: at(6), ptsMs: 360_000 }),
      crossingOf(2, { wallMs: at(20), ptsMs: 1_200_000 }),
    ];
    kept.rows.write(batchOf(runId, 0, { crossings }));
    kept.end(runId, 'stopped', at(30));
    const book = new CorrectionBook(kept.store.db, { wallMs: () => at(40), monoMs: () => 0 });
    book.add(runId, 'ann', { kind: 'wrong', number: 1, reason: 'no-object', note: '' });
    book.add(runId, 'ann', { ...missed, ptsMs: 1_260_000 });
    book.add(runId, 'ann', { ...missed, ptsMs: 1_320_000, direction: 'backward' });
    const place = { line: 'main', direction: 'forward', label: 'car' };
    expect(kept.ask(0, 30, 900_000).counts).toEqual([
      { ...place, fromWallMs: at(0), count: 2, wrong: 1, missed: 0 },
      { ...place, fromWallMs: at(15), count: 1, wrong: 0, missed: 1 },
      { ...place, fromWallMs: at(15), direction: 'backward', count: 0, wrong: 0, missed: 1 },
    ]);
    const outPath = join(kept.folder, 'intervals.csv');
    await writeExport(join(kept.folder, 'ivis.db'), { runId, kind: 'count-intervals', outPath });
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
    const [first, second] = [kept.beginLive(at(0)), kept.beginLive(at(10))];
    kept.rows.write(batchOf(first, 0, { crossings: [crossingOf(0, { wallMs: at(1) })] }));
    const later = [crossingOf(0, { wallMs: at(11) }), crossingOf(1, { wallMs: at(12), label: 'bus' })];
    kept.rows.write(batchOf(second, 0, { crossings: later }));
    const book = new CorrectionBook(kept.store.db, { wallMs: () => at(40), monoMs: () => 0 });
    book.add(first, 'ann', { kind: 'wrong', number: 0, reason: 'no-object', note: '' });
    const outPath = join(kept.folder, 'counts.csv');
    const written = async (withRuns: number[]): Promise<string[]> => {
      await writeExport(join(kept.folder, 'ivis.db'), { runId: second, withRuns, kind: 'counts', outPath });
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
