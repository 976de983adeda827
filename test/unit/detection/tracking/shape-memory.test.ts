import { describe, expect, it } from 'vitest';
import { Analysis } from '../../../../src-worker/detection/counting/analysis.ts';
import { ShapeMemory } from '../../../../src-worker/detection/tracking/shape-memory.ts';

const box = (y1: number, y2: number, width = 40) => ({ x1: 100 - width / 2, y1, x2: 100 + width / 2, y2 });

describe('ShapeMemory', () => {
  it('adds what vanished from below while width and head stayed', () => {
    const memory = new ShapeMemory(box(100, 200));
    for (let i = 1; i <= 10; i++) memory.add(box(100, 200 - 3 * i), 0.1, false);
    const whole = memory.unhidden(box(100, 168), 0.1);
    expect(whole.y1).toBeCloseTo(100);
    expect(whole.y2).toBeGreaterThan(182);
  });

  it('leaves what goes away, lower and narrower alike', () => {
    const memory = new ShapeMemory(box(100, 200));
    for (let i = 1; i <= 20; i++) memory.add(box(100, 200 - 2 * i, 40 - 0.8 * i), 0.1, false);
    const expected = box(100, 158, 23.2);
    expect(memory.unhidden(expected, 0.1)).toEqual(expected);
  });

  it('leaves what turns: wider or narrower at the same height', () => {
    for (const width of [28, 60]) {
      const memory = new ShapeMemory(box(100, 200));
      for (let i = 1; i <= 10; i++) memory.add(box(100, 200, 40 + ((width - 40) * i) / 10), 0.1, false);
      const expected = box(100, 200, width);
      expect(memory.unhidden(expected, 0.1)).toEqual(expected);
    }
  });

  it('leaves what is wider than high', () => {
    const memory = new ShapeMemory(box(100, 200, 150));
    for (let i = 1; i <= 10; i++) memory.add(box(100, 200 - 4 * i, 150), 0.1, false);
    const expected = box(100, 160, 150);
    expect(memory.unhidden(expected, 0.1)).toEqual(expected);
  });
});

/** Crossings of a line `above` pixels over the feet of a walker of 100 pixels, whose legs a hedge hides for a while. */
function crossingsBeside(above: number, hidden: number, hidingMs: number, fps: number): number {
  const y = 300 - above;
  const line = { name: 'line', points: [0, 2000].map((x) => ({ x, y })) };
  const analysis = new Analysis({ lines: [line], zones: [], classes: ['person'] });
  let count = 0;
  for (let frame = 0; frame < 9 * fps; frame++) {
    const ptsMs = (1000 * frame) / fps;
    const sunk = (fromMs: number): number => Math.max(0, Math.min(1, (ptsMs - fromMs) / hidingMs));
    const lost = hidden * (sunk(2000) - sunk(3500 + hidingMs));
    const half = 20 * (1 + 0.2 * Math.sin(0.012 * ptsMs));
    const x = 100 + 0.06 * ptsMs;
    const found = { x1: x - half, y1: 200, x2: x + half, y2: 300 - lost };
    const detections = [{ box: found, label: 'person', confidence: 0.8 }];
    count += analysis.step({ frame, ptsMs, width: 1280, height: 720, detections }).crossings.length;
  }
  return count + analysis.finish('source-ended').crossings.length;
}

describe('a walker whose legs vanish little by little', () => {
  it.each([
    [20, 40, 500],
    [20, 40, 1000],
    [20, 55, 1000],
    [30, 55, 1000],
    [25, 40, 1500],
  ])(
    'crosses no line %i pixels above the feet when %i are hidden within %i ms',
    (above, hidden, hidingMs) => {
      for (const fps of [10, 25]) expect(crossingsBeside(above, hidden, hidingMs, fps)).toBe(0);
    },
  );
});
