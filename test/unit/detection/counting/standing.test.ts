import { describe, expect, it } from 'vitest';
import { gateSchema } from '../../../../src-shared/domain/movement.ts';
import { Analysis, type AnalysisStep } from '../../../../src-worker/detection/counting/analysis.ts';
import { trackerSettingsSchema } from '../../../../src-worker/detection/tracking/tracker-settings.ts';
import { usualTrouble } from '../../../eval/simulation/camera.ts';
import { countScene, crossingsThatDiffer } from '../../../eval/simulation/crossing-errors.ts';
import { Random } from '../../../eval/simulation/random.ts';
import { drawScene, type Scene } from '../../../eval/simulation/scene.ts';

const fps = 10;
const upright = (name: string, x: number) => ({
  name,
  points: [
    { x, y: 100 },
    { x, y: 400 },
  ],
});
const gates = [
  gateSchema.parse(upright('west', 150)),
  gateSchema.parse({ ...upright('east', 500), inward: 'backward' }),
];
const zone = {
  name: 'stop',
  points: [
    { x: 200, y: 100 },
    { x: 450, y: 100 },
    { x: 450, y: 400 },
    { x: 200, y: 400 },
  ],
  loiterMs: 15_000,
};

/** Where a bus is that walks in at the left and leaves at the right; it stands at 320 from second 4 to `untilS`. */
function busAt(second: number, untilS: number): number {
  return second < 4 ? 80 + 60 * second : 320 + 60 * Math.max(0, second - untilS);
}

/** Counts the bus, of which nothing is seen between two seconds. */
function stop(hidden: [number, number], untilS: number, settings: object = {}) {
  const tracker = trackerSettingsSchema.parse(settings);
  const analysis = new Analysis({ lines: [upright('line', 325)], zones: [zone], gates, tracker });
  const steps: (AnalysisStep & { occupancy: number })[] = [];
  for (let frame = 0; frame < fps * (untilS + 6); frame++) {
    const second = frame / fps;
    const [x, wobble] = [busAt(second, untilS), 1.5 * Math.sin(1.7 * frame)];
    const box = { x1: x - 50 + wobble, y1: 200, x2: x + 50 + wobble, y2: 260 + Math.cos(2.3 * frame) };
    const isHidden = second >= hidden[0] && second < hidden[1];
    const detections = isHidden || x > 580 ? [] : [{ box, label: 'bus', confidence: 0.8 }];
    const step = analysis.step({ frame, ptsMs: 1000 * second, width: 640, height: 480, detections });
    steps.push({ ...step, occupancy: analysis.counts().zones.stop?.occupancy ?? -1 });
  }
  const last = analysis.finish('source-ended');
  const all = [...steps, last];
  return {
    occupancyAt: (second: number): number | undefined => steps[Math.round(fps * second)]?.occupancy,
    counts: analysis.counts(),
    visits: all.flatMap(({ visits }) => visits),
    loiterings: all.flatMap(({ loiterings }) => loiterings),
    crossings: all.flatMap(({ crossings }) => crossings),
    ways: all
      .flatMap(({ movements }) => movements)
      .map(({ entered, left }) => `${entered?.gate ?? '?'} > ${left?.gate ?? '?'}`),
  };
}

describe('a bus that is hidden for long at its stop', () => {
  const [seen, hidden] = [stop([0, 0], 40), stop([12, 32], 40)];

  it('has one stay, one way and one crossing, as if it had been seen all the time', () => {
    expect(hidden.ways).toEqual(['west > east']);
    expect(hidden.visits).toEqual(seen.visits);
    expect(hidden.crossings.map(({ direction, ptsMs }) => [direction, Math.round(ptsMs)])).toEqual(
      seen.crossings.map(({ direction, ptsMs }) => [direction, Math.round(ptsMs)]),
    );
    expect(hidden.counts.tracks).toEqual({ total: 1, byClass: { bus: 1 } });
    expect(hidden.counts.zones.stop).toEqual(seen.counts.zones.stop);
  });

  it('is told to loiter once, from when it came', () => {
    expect(hidden.loiterings).toEqual(seen.loiterings);
    expect(hidden.loiterings).toHaveLength(1);
  });

  it('is not counted as there now while nobody can tell, and never twice', () => {
    expect([10, 13, 20, 30, 34].map(hidden.occupancyAt)).toEqual([1, 1, 0, 0, 1]);
    expect(hidden.counts.zones.stop?.maxOccupancy).toBe(1);
  });

  it('stayed until it was last seen when it does not come back, which is told in the end', () => {
    const gone = stop([12, 99], 60);
    expect(gone.visits).toMatchObject([{ leavePtsMs: 11_900 }]);
    expect(gone.ways).toEqual(['west > ?']);
    // thirteen seconds at the stop: whether it stayed for longer is not known
    expect(gone.loiterings).toEqual([]);
    expect(gone.counts.zones.stop).toMatchObject({ visits: 1, occupancy: 0, maxOccupancy: 1 });
  });
});

describe('waiting for what stands', () => {
  /** Something large stands before the middle of the picture now and then, for up to twelve seconds. */
  function behindLorries(scene: Scene, seed: number): Scene {
    const random = new Random(seed);
    const times = [random.between(5000, 12_000), random.between(22_000, 30_000)].map((fromMs) => ({
      fromMs,
      toMs: fromMs + random.between(3000, 12_000),
      x: random.between(350, 800),
    }));
    const frames = scene.frames.map((frame) => {
      const lorry = times.find(({ fromMs, toMs }) => frame.ptsMs >= fromMs && frame.ptsMs < toMs);
      const detections = frame.detections.filter(({ box: { x1, x2 } }) => {
        const x = (x1 + x2) / 2;
        return !lorry || x < lorry.x || x > lorry.x + 350;
      });
      return { ...frame, detections };
    });
    return { ...scene, frames };
  }

  it('makes no crossing and loses none, with parked and stopping objects hidden for seconds', () => {
    const manners = ['parked', 'parked', 'stop-on-line', 'cross', 'u-turn'] as const;
    const plan = { actors: 8, fps, durationMs: 45_000, trouble: usualTrouble, manners };
    let [crossings, different, woken] = [0, 0, 0];
    for (let seed = 0; seed < 60; seed++) {
      const scene = behindLorries(drawScene({ ...plan, seed }), seed);
      const without = { tracker: trackerSettingsSchema.parse({ standingLostMs: 0 }) };
      const [plain, waiting] = [countScene(scene, without), countScene(scene)];
      crossings += plain.length;
      different += crossingsThatDiffer(plain, waiting);
      woken += tracksOf(scene, without) - tracksOf(scene);
    }
    console.log(
      `waiting for what stands: ${woken} tracks fewer, ${different} of ${crossings} crossings differ`,
    );
    expect(woken).toBeGreaterThan(100);
    expect(different).toBe(0);
  });
});

/** How many tracks an analysis of the scene finds. */
function tracksOf(
  scene: Scene,
  options: { tracker?: ReturnType<typeof trackerSettingsSchema.parse> } = {},
): number {
  const analysis = new Analysis({ lines: [], zones: [], ...options });
  for (const frame of scene.frames) analysis.step(frame);
  return analysis.counts().tracks.total;
}
