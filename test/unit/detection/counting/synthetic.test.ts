import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrackBox } from '../../../../src-shared/domain/track.ts';
import { Analysis } from '../../../../src-worker/detection/counting/analysis.ts';
import type { TrackerFrame } from '../../../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../../../src-worker/detection/tracking/tracker-settings.ts';
import type { Manner } from '../../../eval/simulation/actor.ts';
import { noTrouble, type Trouble, usualTrouble } from '../../../eval/simulation/camera.ts';
import { countScene, crossingErrors, crossingsThatDiffer } from '../../../eval/simulation/crossing-errors.ts';
import { drawScene, type Scene } from '../../../eval/simulation/scene.ts';

const base = { durationMs: 20_000 };

/** Error rate over simulated scenes, which is also printed. */
function errorRate(
  name: string,
  scenes: number,
  plan: { actors: number; fps: number; trouble: Trouble; manners?: readonly Manner[] },
  settings = {},
) {
  const tracker = trackerSettingsSchema.parse(settings);
  const all = Array.from({ length: scenes }, (_, i) =>
    crossingErrors(drawScene({ ...base, ...plan, seed: 10_000 + i }), { tracker }),
  );
  const sum = (pick: (one: (typeof all)[number]) => number): number =>
    all.reduce((total, one) => total + pick(one), 0);
  const [truth, missed, extra] = [
    sum((one) => one.truth),
    sum((one) => one.missed.length),
    sum((one) => one.extra.length),
  ];
  const rate = (missed + extra) / truth;
  console.log(
    `${name}: ${truth} crossings, ${missed} missed, ${extra} extra, error ${(100 * rate).toFixed(2)} %`,
  );
  return rate;
}

/** Directions and places of the crossings, as text that can be compared. */
function told(scene: Scene): string[] {
  return countScene(scene).map(({ direction, ptsMs, x, y }) =>
    [direction, ...[ptsMs, x, y].map(Math.round)].join(' '),
  );
}

/** Every box that an analysis of the scene tells of, in the order in which it does. */
function boxesOf(scene: Scene): TrackBox[] {
  const analysis = new Analysis({ lines: [scene.line], zones: [] });
  return scene.frames.flatMap((frame) => {
    const { backfill, tracks } = analysis.step(frame);
    return [...backfill, ...tracks];
  });
}

/** A box without the number of its track. */
function placed({ trackId, ...rest }: TrackBox): Omit<TrackBox, 'trackId'> {
  return rest;
}

function changed(scene: Scene, change: (frame: TrackerFrame) => TrackerFrame): Scene {
  return { ...scene, frames: scene.frames.map(change) };
}

describe('simulated scenes', () => {
  it('without trouble: at most 2 crossings in 1000 are wrong', () => {
    expect(errorRate('clean 10/s', 400, { actors: 4, fps: 10, trouble: noTrouble })).toBeLessThan(0.002);
  });

  it.each([5, 10, 25])(
    'with a few objects, misses, noise and occlusions at %i/s: under 3 in 100 are wrong',
    (fps) => {
      expect(errorRate(`sparse ${fps}/s`, 200, { actors: 4, fps, trouble: usualTrouble })).toBeLessThan(0.03);
    },
  );

  it('over and past the ends of the line, without trouble: none is wrong', () => {
    const manners = ['near-end'] as const;
    expect(errorRate('clean, ends 10/s', 200, { actors: 4, fps: 10, trouble: noTrouble, manners })).toBe(0);
  });

  it('over and past the ends of the line, a tenth to a third of an object from them: under 3 in 100 are wrong', () => {
    const manners = ['near-end'] as const;
    expect(errorRate('ends 10/s', 200, { actors: 4, fps: 10, trouble: usualTrouble, manners })).toBeLessThan(
      0.12,
    );
  });

  it('with parts of objects found for seconds on end: under 8 in 100 are wrong', () => {
    const trouble: Trouble = { ...usualTrouble, partMs: [2000, 6000] };
    expect(errorRate('long parts 10/s', 150, { actors: 4, fps: 10, trouble })).toBeLessThan(0.08);
  });

  it('with walls and hedges behind which legs vanish little by little: under 3 in 100 are wrong', () => {
    const trouble: Trouble = { ...usualTrouble, walls: 3 };
    expect(errorRate('walled 25/s', 100, { actors: 5, fps: 25, trouble })).toBeLessThan(0.03);
  });

  it.each(['bytetrack', 'oc-sort'] as const)('crowded, %s: under 5 in 100 are wrong', (algorithm) => {
    expect(
      errorRate(
        `crowded 10/s ${algorithm}`,
        150,
        { actors: 12, fps: 10, trouble: usualTrouble },
        { algorithm },
      ),
    ).toBeLessThan(0.05);
  });
});

describe('properties of counting', () => {
  const seeds = fc.integer({ min: 0, max: 1_000_000 });
  const draw = (seed: number, fps = 10): Scene =>
    drawScene({ ...base, seed, actors: 6, fps, trouble: usualTrouble });

  it('a mirrored scene gives mirrored counts', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const scene = draw(seed);
        const mirrored = changed(scene, (frame) => ({
          ...frame,
          detections: frame.detections.map((detection) => {
            const { x1, x2, y1, y2 } = detection.box;
            return { ...detection, box: { x1: frame.width - x2, x2: frame.width - x1, y1, y2 } };
          }),
        }));
        const line = { ...scene.line, points: scene.line.points.map(({ x, y }) => ({ x: 1280 - x, y })) };
        const counts = (list: readonly { direction: string }[], direction: string): number =>
          list.filter((crossing) => crossing.direction === direction).length;
        const [plain, other] = [countScene(scene), countScene({ ...mirrored, line })];
        expect(counts(other, 'forward')).toBe(counts(plain, 'backward'));
        expect(counts(other, 'backward')).toBe(counts(plain, 'forward'));
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('a scene an hour later gives the same counts an hour later', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const scene = draw(seed);
        const later = changed(scene, (frame) => ({ ...frame, ptsMs: frame.ptsMs + 3_600_000 }));
        const back = countScene(later).map((crossing) => ({
          ...crossing,
          ptsMs: Math.round(crossing.ptsMs - 3_600_000),
        }));
        expect(back).toEqual(
          countScene(scene).map((crossing) => ({ ...crossing, ptsMs: Math.round(crossing.ptsMs) })),
        );
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it('an object far away in the same picture changes nothing but that there is one more', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        // the scene lies in the upper left quarter of a larger picture, the other object walks about in the lower right
        const scene = changed(draw(seed), (frame) => ({ ...frame, width: 2560, height: 1440 }));
        const joined = changed(scene, (frame) => {
          const x = 2000 + 200 * Math.sin(frame.ptsMs / 2000);
          const box = { x1: x - 20, y1: 1200, x2: x + 20, y2: 1290 };
          return { ...frame, detections: [{ box, label: 'person', confidence: 0.8 }, ...frame.detections] };
        });
        expect(told(joined)).toEqual(told(scene));
        const [alone, both] = [boxesOf(scene), boxesOf(joined)];
        const far = both.filter(({ box }) => box.y1 > 1000);
        expect(far.length).toBeGreaterThan(150);
        expect(new Set(far.map(({ trackId }) => trackId)).size).toBe(1);
        expect(both.filter((one) => !far.includes(one)).map(placed)).toEqual(alone.map(placed));
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  it('half the frames give the same crossings, one by one, but for 3 in 100', () => {
    let [crossings, different] = [0, 0];
    for (let seed = 0; seed < 150; seed++) {
      const scene = drawScene({ ...base, seed, actors: 4, fps: 20, trouble: usualTrouble });
      const half = { ...scene, frames: scene.frames.filter((_, i) => i % 2 === 0) };
      const [all, some] = [countScene(scene), countScene(half)];
      crossings += all.length;
      different += crossingsThatDiffer(all, some);
    }
    console.log(`half the frames: ${different} of ${crossings} crossings differ`);
    expect(different / crossings).toBeLessThan(0.03);
  });
});
