import { expect, it } from 'vitest';
import { type RunSettings, runSettingsSchema } from '#shared/domain/run.ts';
import { LiveTally } from '../../../../src-main/runs/live-tally.ts';

const settings: RunSettings = runSettingsSchema.parse({
  mode: 'live',
  lines: [
    {
      name: 'door',
      points: [
        { x: 10, y: 0 },
        { x: 10, y: 90 },
      ],
    },
  ],
  zones: [],
  classes: ['car'],
  confidence: null,
  every: null,
  fps: null,
});
const way = (total: number) => ({ total, byClass: { car: total } });
const past = {
  counts: {
    lines: { door: { forward: way(5), backward: way(2) } },
    zones: {},
    tracks: { total: 9, byClass: { car: 9 } },
  },
  ledger: { decoded: 100, processed: 100, dropped: {}, inFlight: 0 },
  gaps: [],
  settings,
  endedWallMs: 900,
  lastHour: [],
  tooRareMs: 0,
  tooRareLastHour: [],
};
const counting = { startedWallMs: 100, runIds: [1, 2], lineRuns: {}, lineStarts: {} };
const nothing = {
  ledger: { decoded: 0, processed: 0, dropped: {}, inFlight: 0 },
  counts: {
    lines: { door: { forward: way(0), backward: way(0) } },
    zones: {},
    tracks: { total: 0, byClass: {} },
  },
  ptsMs: 0,
  fps: 0,
  inferMs: { p50: 0, p95: 0 },
};

/** The tally of the next ivis, whose first run begins with `now`. */
function resumed(now: RunSettings): LiveTally {
  const tally = new LiveTally();
  tally.resume(counting, past);
  tally.settingsChanged(settings, now);
  tally.start();
  tally.renew(1100);
  tally.runBegan(3);
  return tally;
}
const forward = (tally: LiveTally): number | undefined =>
  tally.progressed(nothing, 1200).counts.lines.door?.forward.total;

it('goes on with the sum of an earlier ivis', () => {
  const tally = resumed(settings);
  expect(forward(tally)).toBe(5);
  expect(tally.counting).toEqual({ ...counting, runIds: [1, 2, 3] });
});

it('goes on with no line that lies elsewhere by now, and with nothing once other classes are counted', () => {
  const [door] = settings.lines;
  const moved = { ...settings, lines: [{ name: 'door', points: [...(door?.points ?? [])].reverse() }] };
  const one = resumed(moved);
  expect(forward(one)).toBe(0);
  expect(one.counting).toMatchObject({ lineStarts: { door: 1100 }, lineRuns: { door: 3 } });
  const other = resumed({ ...settings, classes: ['person'] });
  expect(forward(other)).toBe(0);
  expect(other.counting).toMatchObject({ startedWallMs: 1100, runIds: [3] });
});
