import { describe, expect, test } from 'vitest';
import { FrameCost } from '../../../../src-worker/detection/rate/frame-cost.ts';
import { HEADROOM, LIVE_SHARE, RateDesk } from '../../../../src-worker/detection/rate/rate-desk.ts';
import { SourcePace } from '../../../../src-worker/detection/rate/source-pace.ts';
import { cameraOf, Machine } from './machine.ts';

const idealFps = (costMs: number): number => (1000 * HEADROOM) / costMs;

describe('what a frame costs', () => {
  test('is the mean of what was measured, from the first frame on', () => {
    const cost = new FrameCost();
    expect(cost.ms).toBeNull();
    cost.add(40);
    expect(cost.ms).toBeCloseTo(40, 9);
    cost.add(60);
    expect(cost.ms).toBeGreaterThan(49);
    for (let n = 0; n < 200; n++) cost.add(n % 2 === 0 ? 40 : 60);
    expect(cost.ms).toBeGreaterThan(48);
    expect(cost.ms).toBeLessThan(52);
  });

  test('one frame that waited for something else changes next to nothing', () => {
    const cost = new FrameCost();
    for (let n = 0; n < 50; n++) cost.add(50);
    cost.add(8000);
    expect(cost.ms).toBeLessThan(80);
    for (let n = 0; n < 30; n++) cost.add(50);
    expect(cost.ms).toBeLessThan(56);
  });

  test('frames that are long again and again count for what they take', () => {
    const cost = new FrameCost();
    for (let n = 0; n < 600; n++) cost.add(n % 20 === 0 ? 500 : 50);
    // 19 of 50 and one of 500 make 72.5 on average.
    expect(cost.ms).toBeGreaterThan(62);
    expect(cost.ms).toBeLessThan(84);
  });

  test('what is no duration is not counted', () => {
    const cost = new FrameCost();
    for (const ms of [Number.NaN, -1, Number.POSITIVE_INFINITY]) cost.add(ms);
    expect(cost.ms).toBeNull();
  });
});

describe('the rate of one camera under load', () => {
  test.each([60, 130, 45, 300])('settles on the ideal for %i ms a frame', (costMs) => {
    const machine = new Machine([cameraOf(25, costMs)]);
    machine.run(30);
    const before = machine.processed[0] ?? 0;
    machine.run(60);
    const measured = ((machine.processed[0] ?? 0) - before) / 60;
    expect(Math.abs(measured - idealFps(costMs))).toBeLessThan(0.02 * idealFps(costMs) + 0.02);
    expect(machine.limitOf(0)).toBeCloseTo(idealFps(costMs), 1);
  });

  test('follows a step from 60 to 130 ms and back without swinging', () => {
    const camera = cameraOf(25, 60);
    const machine = new Machine([camera]);
    machine.run(20);
    for (const costMs of [130, 60, 100]) {
      camera.costMs = costMs;
      machine.run(20);
      const limits = Array.from({ length: 20 }, () => {
        machine.run(0.5);
        return machine.limitOf(0) ?? 0;
      });
      for (const limit of limits) expect(Math.abs(limit / idealFps(costMs) - 1)).toBeLessThan(0.02);
    }
  });

  test('a step moves the rate one way only', () => {
    const camera = cameraOf(25, 60);
    const machine = new Machine([camera]);
    machine.run(20);
    camera.costMs = 130;
    const limits = Array.from({ length: 60 }, () => {
      machine.run(0.25);
      return machine.limitOf(0) ?? 0;
    });
    limits.forEach((limit, n) => {
      expect(limit).toBeLessThanOrEqual((limits[n - 1] ?? Number.POSITIVE_INFINITY) + 1e-6);
    });
  });

  test('noise and rare long frames leave it near what they allow', () => {
    const camera = cameraOf(25, 60);
    let n = 0;
    camera.noise = () => {
      n += 1;
      return n % 40 === 0 ? 10 : 1 + 0.2 * Math.sin(n * 12.9898);
    };
    const machine = new Machine([camera]);
    machine.run(30);
    const limits = Array.from({ length: 100 }, () => {
      machine.run(0.5);
      return machine.limitOf(0) ?? 0;
    });
    const mean = limits.reduce((sum, limit) => sum + limit, 0) / limits.length;
    // One frame in forty takes ten times as long.
    expect(Math.abs(mean / idealFps((60 * 49) / 40) - 1)).toBeLessThan(0.05);
    expect(Math.max(...limits) / Math.min(...limits)).toBeLessThan(1.6);
  });

  test('is not limited at all when the machine keeps up', () => {
    const machine = new Machine([cameraOf(25, 20)]);
    machine.run(10);
    expect(machine.limitOf(0)).toBeNull();
    expect(machine.processed[0]).toBe(250);
  });
});

describe('several cameras', () => {
  test('the last rank falls first and each is told its rate and why', () => {
    const cameras = [
      cameraOf(25, 30, { targetFps: 15, floorFps: 5, priority: 1 }),
      cameraOf(25, 30, { targetFps: 15, floorFps: 5, priority: 2 }),
      cameraOf(25, 30, { targetFps: 15, floorFps: 5, priority: 3 }),
    ];
    const machine = new Machine(cameras);
    machine.run(20);
    const before = [...machine.processed];
    machine.run(60);
    const rates = machine.processed.map((count, n) => (count - (before[n] ?? 0)) / 60);
    // 900 ms a second at 30 ms are 30 frames: 15, then 10, then the floor of 5.
    [15, 10, 5].forEach((wanted, n) => {
      expect(Math.abs((rates[n] ?? 0) - wanted)).toBeLessThan(0.4);
    });
    expect(machine.progressOf(0)).toMatchObject({ wantedFps: 15, limitedBy: 'none' });
    expect(machine.progressOf(2)).toMatchObject({ wantedFps: 15, limitedBy: 'load' });
    expect(machine.progressOf(2)?.effectiveFps).toBeCloseTo(5, 1);
  });

  test('what one leaves over goes to the next, and comes back to it', () => {
    const cameras = [
      cameraOf(25, 40, { targetFps: null, floorFps: 2, priority: 1 }),
      cameraOf(25, 40, { targetFps: null, floorFps: 2, priority: 2 }),
    ];
    const machine = new Machine(cameras);
    machine.run(20);
    expect(machine.limitOf(1)).toBeCloseTo(2, 0);
    const [first] = cameras;
    if (first !== undefined) first.silent = true;
    machine.run(10);
    expect(machine.limitOf(1)).toBeCloseTo(22.5, 0);
    if (first !== undefined) first.silent = false;
    machine.run(20);
    expect(machine.limitOf(1)).toBeCloseTo(2, 0);
  });

  test('a camera that gives less than is wanted is told as the source’s doing', () => {
    const machine = new Machine([cameraOf(10, 5, { targetFps: 15, floorFps: 1, priority: 1 })]);
    machine.run(10);
    expect(machine.progressOf(0)).toMatchObject({ wantedFps: 15, limitedBy: 'source' });
    expect(machine.progressOf(0)?.effectiveFps).toBeCloseTo(10, 1);
  });
});

describe('cameras beside file analyses', () => {
  test('both have their share when both want all, and neither starves', () => {
    const machine = new Machine([cameraOf(25, 60)], { files: 2, fileCostMs: 50 });
    machine.run(30);
    const [live = 0, file = 0] = [machine.processed[0], machine.fileFrames];
    machine.run(60);
    const liveFps = ((machine.processed[0] ?? 0) - live) / 60;
    const fileShare = ((machine.fileFrames - file) * 50) / 60_000;
    expect(liveFps).toBeGreaterThan(0.95 * LIVE_SHARE * idealFps(60));
    expect(liveFps).toBeLessThan(1.05 * LIVE_SHARE * idealFps(60));
    expect(fileShare).toBeGreaterThan(1 - LIVE_SHARE);
  });

  // One frame of a file must be shorter than the time between two of the camera: nothing stops it half-way.
  test('a file takes all that cameras leave', () => {
    const machine = new Machine([cameraOf(25, 10)], { files: 1, fileCostMs: 28 });
    machine.run(10);
    const [live = 0, file = 0] = [machine.processed[0], machine.fileFrames];
    machine.run(60);
    expect(((machine.processed[0] ?? 0) - live) / 60).toBeGreaterThan(24);
    expect(((machine.fileFrames - file) * 28) / 60_000).toBeGreaterThan(0.7);
  });
});

test('a source that was given nothing is looked at again when there is time', () => {
  const pace = new SourcePace({ targetFps: null, floorFps: 1, priority: 1 }, null);
  const desk = new RateDesk();
  desk.add(pace);
  pace.limitTo(0);
  expect([0, 40, 80].map((ms, seq) => pace.takes(seq, ms))).toEqual([true, false, false]);
  pace.limitTo(null);
  expect(pace.takes(3, 120)).toBe(true);
});
