import { describe, expect, it } from 'vitest';
import { KalmanBox } from '../../../../src-worker/detection/tracking/kalman-box.ts';

const boxAt = (x: number, y = 100) => ({ x1: x - 10, y1: y - 40, x2: x + 10, y2: y + 40 });

/** Feeds a box that moves right at `speed` pixels per second for two seconds. */
function moving(speed: number, fps: number): KalmanBox {
  const filter = new KalmanBox(boxAt(0));
  for (let i = 1; i <= 2 * fps; i++) {
    filter.predict(1 / fps, true);
    filter.update(boxAt((speed * i) / fps), 0.9);
  }
  return filter;
}

describe('KalmanBox', () => {
  it.each([5, 10, 30])('learns the speed in pixels per second at %i frames a second', (fps) => {
    expect(Math.abs((moving(60, fps).mean[4] ?? 0) - 60)).toBeLessThan(3);
  });

  it('predicts over one long step as over many short ones', () => {
    const [once, often] = [moving(60, 10), moving(60, 10)];
    once.predict(0.4, true);
    for (let i = 0; i < 40; i++) often.predict(0.01, true);
    for (let i = 0; i < 8; i++) expect(often.mean[i]).toBeCloseTo(once.mean[i] ?? 0, 3);
    for (let i = 0; i < 6; i++) expect(often.covariance[i]).toBeCloseTo(once.covariance[i] ?? 0, 3);
  });

  it('keeps the state when no time passes', () => {
    const filter = moving(60, 10);
    const before = [...filter.mean, ...filter.covariance];
    filter.predict(0, true);
    filter.predict(Number.NaN, true);
    expect([...filter.mean, ...filter.covariance]).toEqual(before);
  });

  it('comes to rest when the object is not seen, and keeps its size', () => {
    const filter = moving(60, 10);
    const [start, width, height] = [filter.mean[0] ?? 0, filter.mean[2], filter.mean[3]];
    for (let i = 0; i < 1000; i++) filter.predict(0.1, false);
    expect((filter.mean[0] ?? 0) - start).toBeLessThan(60 * 1.6);
    expect([filter.mean[2], filter.mean[3]]).toEqual([width, height]);
    expect(filter.mean[4]).toBeCloseTo(0, 6);
  });

  it('is less sure of where an unseen object is the longer it is unseen', () => {
    const filter = moving(60, 10);
    let before = filter.centreVariance;
    for (let i = 0; i < 20; i++) {
      filter.predict(0.1, false);
      expect(filter.centreVariance).toBeGreaterThan(before);
      before = filter.centreVariance;
    }
  });

  it('follows a sure box more than an unsure one', () => {
    const [sure, unsure] = [moving(0, 10), moving(0, 10)];
    sure.predict(0.1, true);
    sure.update(boxAt(10), 0.95);
    unsure.predict(0.1, true);
    unsure.update(boxAt(10), 0.1);
    expect(sure.mean[0]).toBeGreaterThan(unsure.mean[0] ?? 0);
  });

  it('keeps every variance positive', () => {
    const filter = moving(200, 30);
    for (let i = 0; i < 4; i++) {
      expect(filter.covariance[3 * i]).toBeGreaterThan(0);
      expect(filter.covariance[3 * i + 2]).toBeGreaterThan(0);
    }
  });
});
