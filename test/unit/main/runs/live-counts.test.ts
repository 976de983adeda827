import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ledgerCloses } from '#shared/domain/drop-reason.ts';
import type { RunProgress } from '#shared/domain/run.ts';
import { GapBook } from '../../../../src-main/runs/gap-book.ts';
import { LiveCounts } from '../../../../src-main/runs/live-counts.ts';

function progress(forward: number, backward = 0, inFlight = 0, occupancy = 0): RunProgress {
  const way = (total: number) => ({ total, byClass: total > 0 ? { car: total } : {} });
  const processed = forward + backward;
  return {
    ledger: { decoded: processed + inFlight, processed, dropped: {}, inFlight },
    counts: {
      lines: { gate: { forward: way(forward), backward: way(backward) } },
      zones: {
        yard: {
          visits: forward,
          byClass: {},
          dwellMs: { p50: 10 * forward, max: 100 * forward },
          occupancy,
          maxOccupancy: occupancy,
        },
      },
      tracks: { total: processed, byClass: {} },
    },
    ptsMs: 0,
    fps: 10,
    inferMs: { p50: 1, p95: 2 },
  };
}

const gateOf = (shown: RunProgress | null) => shown?.counts.lines.gate;

describe('the counts of a live source', () => {
  it('go on where they were when a process died', () => {
    const counts = new LiveCounts(0);
    expect(gateOf(counts.progressed(progress(3, 1), 1000))?.forward.total).toBe(3);
    counts.runOver(null, 1500);
    expect(gateOf(counts.progressed(progress(0), 2000))?.forward.total).toBe(3);
    const shown = counts.progressed(progress(2, 1), 3000);
    expect(gateOf(shown)).toMatchObject({
      forward: { total: 5, byClass: { car: 5 } },
      backward: { total: 2 },
    });
    expect(shown.counts.tracks.total).toBe(7);
  });

  it('go on for lines and zones that did not change, and begin at zero for the others', () => {
    const counts = new LiveCounts(0);
    counts.progressed(progress(3, 1), 1000);
    counts.runOver(progress(4, 1), 2000);
    counts.keepOnly(new Set(['gate']), new Set(), ['gate', 'door'], 2000);
    const shown = counts.progressed(progress(1), 3000);
    expect(gateOf(shown)).toMatchObject({ forward: { total: 5 }, backward: { total: 1 } });
    expect(shown.counts.zones.yard?.visits).toBe(1);
    expect(counts.lineStarts).toEqual({ door: 2000 });
    counts.runOver(progress(1), 4000);
    counts.keepOnly(new Set(['door']), new Set(), ['gate', 'door'], 4000);
    expect(gateOf(counts.progressed(progress(0), 5000))?.forward.total).toBe(0);
    expect(counts.lineStarts).toEqual({ gate: 4000, door: 2000 });
    // What the table over time says of a stretch is true of all of it.
    const gaps = new GapBook();
    expect(counts.intervals(gaps, 6000)[0]).toMatchObject({ coveredMs: 2000, lines: {} });
  });

  it('believe the last word of a run rather than what it told on the way', () => {
    const counts = new LiveCounts(0);
    counts.progressed(progress(3), 1000);
    expect(gateOf(counts.runOver(progress(4), 1500))?.forward.total).toBe(4);
    expect(gateOf(counts.progressed(progress(1), 2000))?.forward.total).toBe(5);
  });

  it('leave nobody inside when the run is over, and keep the most there ever were', () => {
    const counts = new LiveCounts(0);
    counts.progressed(progress(1, 0, 0, 4), 1000);
    const over = counts.runOver(null, 1500);
    expect(over?.counts.zones.yard).toMatchObject({ occupancy: 0, maxOccupancy: 4 });
    const shown = counts.progressed(progress(2, 0, 0, 1), 2000);
    // The usual stay cannot be added up: it is that of the run going on.
    expect(shown.counts.zones.yard).toMatchObject({
      occupancy: 1,
      maxOccupancy: 4,
      dwellMs: { p50: 20, max: 200 },
    });
  });

  it('count what was in flight when a process died as lost, so that the ledger closes', () => {
    const counts = new LiveCounts(0);
    counts.progressed(progress(3, 0, 2), 1000);
    const over = counts.runOver(null, 1500);
    expect(over?.ledger).toMatchObject({ decoded: 5, processed: 3, dropped: { 'worker-restart': 2 } });
    expect(over !== null && ledgerCloses(over.ledger)).toBe(true);
  });

  it('are those of the stored rows after a run that had no last word', () => {
    const counts = new LiveCounts(0);
    counts.progressed(progress(3, 1), 1000);
    counts.runOver(null, 1500);
    const row = { line: 'gate', direction: 'forward', label: 'car', wrong: 1, missed: 0 } as const;
    counts.recount([
      { ...row, machine: 4 },
      { ...row, label: 'bus', machine: 1 },
    ]);
    expect(gateOf(counts.total(progress(0)))).toEqual({
      forward: { total: 5, byClass: { car: 4, bus: 1 } },
      backward: { total: 0, byClass: {} },
    });
    expect(gateOf(counts.progressed(progress(2), 3000))?.forward.total).toBe(7);
  });

  it('add up to the same whatever the runs are cut into', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat({ max: 9 }), { maxLength: 6 }), { maxLength: 6 }), (runs) => {
        const counts = new LiveCounts(0);
        let shown: RunProgress | null = null;
        let wallMs = 0;
        for (const run of runs) {
          let total = 0;
          for (const more of run) {
            total += more;
            wallMs += 10;
            shown = counts.progressed(progress(total), wallMs);
          }
          shown = counts.runOver(null, wallMs) ?? shown;
        }
        const all = runs.flat().reduce((sum, more) => sum + more, 0);
        expect(gateOf(shown)?.forward.total ?? 0).toBe(all);
        const [minute] = counts.intervals(new GapBook(), wallMs);
        expect(minute?.lines.gate?.forward ?? 0).toBe(all);
      }),
    );
  });
});

describe('the counts of the last minutes', () => {
  it('hold what was counted within them, to the moment', () => {
    const counts = new LiveCounts(0);
    counts.progressed(progress(2), 10_000);
    counts.progressed(progress(5, 1), 100_000);
    const [one, five] = counts.intervals(new GapBook(), 120_000);
    expect(one).toMatchObject({
      minutes: 1,
      coveredMs: 60_000,
      lines: { gate: { forward: 3, backward: 1 } },
    });
    expect(five).toMatchObject({ minutes: 5, coveredMs: 120_000, lines: { gate: { forward: 5 } } });
    expect(counts.intervals(new GapBook(), 160_001)[0]?.lines).toEqual({});
  });

  it('say how much of them had no true picture', () => {
    const counts = new LiveCounts(0);
    const gaps = new GapBook();
    const hole = { number: 0, cause: 'lost', toWallMs: null, fromPtsMs: null, toPtsMs: null } as const;
    gaps.began({ ...hole, fromWallMs: 30_000 });
    gaps.ended({ ...hole, fromWallMs: 30_000, toWallMs: 70_000 });
    const [one, five] = counts.intervals(gaps, 120_000);
    expect(one?.gapMs).toBe(10_000);
    expect(five?.gapMs).toBe(40_000);
  });

  it('say how long looks came too rarely, over runs, in all and in the last minutes', () => {
    const counts = new LiveCounts(0);
    const told = (tooRareMs: number, wallMs: number) =>
      counts.progressed({ ...progress(1), tooRareMs }, wallMs).tooRareMs;
    expect(told(0, 10_000)).toBe(0);
    expect(told(5000, 20_000)).toBe(5000);
    expect(told(9000, 24_000)).toBe(9000);
    // Often enough from here on.
    expect(told(9000, 100_000)).toBe(9000);
    expect(counts.runOver({ ...progress(1), tooRareMs: 9000 }, 100_000)?.tooRareMs).toBe(9000);
    expect(told(0, 101_000)).toBe(9000);
    expect(told(2000, 110_000)).toBe(11_000);
    const [one, five] = counts.intervals(new GapBook(), 120_000);
    expect([one?.tooRareMs, five?.tooRareMs]).toEqual([2000, 11_000]);
    expect(counts.intervals(new GapBook(), 80_000)[0]?.tooRareMs).toBe(4000);
    told(2000, 3_720_000);
    expect(counts.intervals(new GapBook(), 3_720_000).at(-1)?.tooRareMs).toBe(0);
  });

  it('forget what is older than an hour', () => {
    const counts = new LiveCounts(0);
    counts.progressed(progress(7), 1000);
    expect(counts.intervals(new GapBook(), 3_600_000).at(-1)?.lines.gate?.forward).toBe(7);
    expect(counts.intervals(new GapBook(), 3_601_001).at(-1)?.lines).toEqual({});
  });

  it('go on over a start of ivis, those of the last minutes too', () => {
    const counting = { startedWallMs: 1000, runIds: [1], lineRuns: {}, lineStarts: { door: 2000 } };
    const { counts: before, ledger } = progress(3, 1);
    const lastHour = [
      { wallMs: 100_000, line: 'gate', direction: 'forward', count: 2 },
      { wallMs: 590_000, line: 'gate', direction: 'forward', count: 1 },
      { wallMs: 590_000, line: 'gate', direction: 'backward', count: 1 },
    ] as const;
    const tooRareLastHour = [{ fromWallMs: 550_000, toWallMs: 610_000 }];
    const tooRare = { tooRareMs: 90_000, tooRareLastHour };
    const stored = { counts: before, ledger, lastHour: [...lastHour], ...tooRare };
    const counts = LiveCounts.resumed(counting, stored);
    const shown = counts.progressed(progress(1), 640_000);
    expect(gateOf(shown)).toMatchObject({ forward: { total: 4 }, backward: { total: 1 } });
    expect(shown.ledger.processed).toBe(5);
    expect([counts.startedWallMs, counts.lineStarts]).toEqual([1000, { door: 2000 }]);
    const gaps = new GapBook([{ cause: 'ivis-restart', fromWallMs: 600_000, toWallMs: 630_000 }]);
    expect(shown.tooRareMs).toBe(90_000);
    const table = counts.intervals(gaps, 660_000);
    expect(table.map(({ tooRareMs }) => tooRareMs)).toEqual([10_000, 60_000, 60_000, 60_000]);
    expect(table.map(({ coveredMs, gapMs, lines }) => [coveredMs, gapMs, lines.gate])).toEqual([
      [60_000, 30_000, { forward: 1, backward: 0 }],
      [300_000, 30_000, { forward: 2, backward: 1 }],
      [658_000, 30_000, { forward: 4, backward: 1 }],
      [658_000, 30_000, { forward: 4, backward: 1 }],
    ]);
  });

  it('of a line that is another by now are forgotten, and the table begins with it', () => {
    const counting = { startedWallMs: 1000, runIds: [1], lineRuns: {}, lineStarts: {} };
    const { counts: before, ledger } = progress(3);
    const lastHour = [{ wallMs: 590_000, line: 'gate', direction: 'forward' as const, count: 3 }];
    const tooRare = { tooRareMs: 0, tooRareLastHour: [] };
    const counts = LiveCounts.resumed(counting, { counts: before, ledger, lastHour, ...tooRare });
    counts.keepOnly(new Set(), new Set(), ['gate'], 600_000);
    const [one] = counts.intervals(new GapBook(), 610_000);
    expect([one?.coveredMs, one?.lines]).toEqual([10_000, {}]);
  });
});
