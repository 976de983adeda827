import { describe, expect, it } from 'vitest';
import { type Appearance, AppearanceMemory } from '../../../../src-worker/detection/tracking/appearance.ts';
import type { SeenDetection } from '../../../../src-worker/detection/tracking/candidate.ts';
import { Tracker } from '../../../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../../../src-worker/detection/tracking/tracker-settings.ts';
import { Random } from '../../../eval/simulation/random.ts';

const look = (vector: number[], modelId = 'a'): Appearance => ({ modelId, vector });

describe('AppearanceMemory', () => {
  it('tells the same look, another one and the opposite, whatever the length of the vectors', () => {
    const memory = new AppearanceMemory();
    memory.add(look([3, 0]), 0, 1);
    expect(memory.distance(look([0.1, 0]))).toBeCloseTo(0);
    expect(memory.distance(look([0, 7]))).toBeCloseTo(1);
    expect(memory.distance(look([-2, 0]))).toBeCloseTo(2);
  });

  it('never compares vectors of two models or two lengths', () => {
    const memory = new AppearanceMemory();
    expect(memory.distance(look([1, 0]))).toBeNull();
    memory.add(look([1, 0]), 0, 1);
    expect(memory.distance(look([1, 0], 'b'))).toBeNull();
    expect(memory.distance(look([1, 0, 0]))).toBeNull();
    expect(memory.distance(undefined)).toBeNull();
    memory.add(look([0, 1], 'b'), 0, 1);
    expect(memory.distance(look([0, 1], 'b'))).toBeCloseTo(0);
    expect(memory.distance(look([1, 0]))).toBeNull();
  });

  it('follows a look that changes slowly, and is not turned by one bad vector', () => {
    const memory = new AppearanceMemory();
    memory.add(look([1, 0]), 0, 1);
    memory.add(look([0, 1]), 0, 1);
    expect(memory.distance(look([1, 0]))).toBeLessThan(0.02);
    for (let i = 0; i < 60; i++) memory.add(look([0, 1]), 0, 1);
    expect(memory.distance(look([0, 1]))).toBeLessThan(0.01);
  });

  it('leaves out vectors that say nothing', () => {
    const memory = new AppearanceMemory();
    for (const vector of [[0, 0], [Number.NaN, 1], []]) memory.add(look(vector), 0, 1);
    expect(memory.distance(look([1, 0]))).toBeNull();
    memory.add(look([1, 0]), 0, 1);
    expect(memory.distance(look([0, 0]))).toBeNull();
  });
});

describe('Tracker with looks', () => {
  const looks = { red: [1, 0, 0, 0.1], blue: [0, 1, 0, 0.1] };

  /** Two people walk towards each other, vanish behind a post together and come out turned back. */
  function meet(
    appearanceOf: (who: 'red' | 'blue', random: Random, after: boolean) => Appearance | undefined,
  ) {
    const tracker = new Tracker(trackerSettingsSchema.parse({}));
    const random = new Random(3);
    const ids: Record<'red' | 'blue', Set<number>> = { red: new Set(), blue: new Set() };
    for (let frame = 0; frame < 60; frame++) {
      const hidden = frame > 24 && frame < 34;
      const gap = Math.abs(29 - frame) * 8;
      const places = { red: 500 - gap, blue: 500 + gap };
      const detections = (['red', 'blue'] as const).flatMap((who): SeenDetection[] => {
        if (hidden) return [];
        const x = places[who];
        const box = { x1: x - 20, y1: 200, x2: x + 20, y2: 300 };
        const appearance = appearanceOf(who, random, frame > 30);
        return [{ box, label: 'person', confidence: 0.8, ...(appearance && { appearance }) }];
      });
      const { current } = tracker.update({ frame, ptsMs: frame * 100, width: 1000, height: 600, detections });
      for (const one of current.filter(({ origin }) => origin === 'detected')) {
        const who = (one.box.x1 + one.box.x2) / 2 < 500 ? 'red' : 'blue';
        ids[who].add(one.trackId);
      }
    }
    return ids;
  }

  const noisy = (vector: number[], random: Random): number[] =>
    vector.map((value) => value + 0.1 * random.normal());

  it('keeps two people apart who turn back behind a post, where boxes alone would swap them', () => {
    const { red, blue } = meet((who, random) => look(noisy(looks[who], random)));
    expect([...red]).toEqual([1]);
    expect([...blue]).toEqual([2]);
    const swapped = meet(() => undefined);
    expect([...swapped.red]).not.toEqual([1]);
  });

  it('is as without looks when the model changes meanwhile: those vectors are not compared', () => {
    const changed = meet((who, random, after) => look(noisy(looks[who], random), after ? 'new' : 'old'));
    expect(changed).toEqual(meet(() => undefined));
  });
});
