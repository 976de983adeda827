import { describe, expect, it } from 'vitest';
import { ClockOffset } from '../../../../src-renderer/overlay/clock-offset.ts';
import { FLASH_MS, FlashMemory } from '../../../../src-renderer/overlay/flash-memory.ts';
import { placeLabel } from '../../../../src-renderer/overlay/label-places.ts';
import { TrailMemory } from '../../../../src-renderer/overlay/trail-memory.ts';
import { resultOf, trackAt } from '../results.ts';

describe('trails', () => {
  it('hold the bottom centres of the last two seconds before a picture and none after it', () => {
    const trails = new TrailMemory();
    for (let seq = 0; seq <= 100; seq++) trails.add(resultOf(seq, [trackAt(1, seq, seq)]));
    const trail = trails.at(1, 80 * 40);
    expect(trail[0]).toMatchObject({ x: 40, y: 140 });
    expect(trail.at(-1)).toMatchObject({ x: 90, y: 140 });
    expect(trail).toHaveLength(51);
  });

  it('are forgotten some time after their track was last seen', () => {
    const trails = new TrailMemory();
    trails.add(resultOf(0, [trackAt(1, 0, 0)]));
    trails.add(resultOf(101, [trackAt(2, 101, 0)]));
    expect(trails.at(1, 0)).toEqual([]);
    expect(trails.at(2, 101 * 40)).toHaveLength(1);
  });
});

describe('the flash of a line', () => {
  const crossing = {
    number: 0,
    line: 'gate',
    direction: 'forward' as const,
    label: 'car',
    trackId: 1,
    frame: 1,
    ptsMs: 40,
    x: 1,
    y: 1,
  };

  it('is strongest at the crossing and gone after its time', () => {
    const flashes = new FlashMemory();
    flashes.add([crossing], 1000);
    expect(flashes.strength('gate', 1000)).toBe(1);
    expect(flashes.strength('gate', 1000 + FLASH_MS / 2)).toBeCloseTo(0.5);
    expect(flashes.isActive(1000 + FLASH_MS - 1)).toBe(true);
    expect(flashes.isActive(1000 + FLASH_MS)).toBe(false);
    expect(flashes.strength('other', 1000)).toBe(0);
  });
});

describe('the age of a picture', () => {
  it('is not known before anything came', () => {
    expect(new ClockOffset().ageMs(5, 10)).toBeNull();
  });

  it('counts from the frame, with the fastest message as the measure between the clocks', () => {
    const clock = new ClockOffset();
    clock.observe(100_000, 530);
    clock.observe(100_040, 545);
    clock.observe(100_080, 650);
    expect(clock.ageMs(100_080, 650)).toBe(65);
    expect(clock.ageMs(100_040, 545)).toBe(0);
  });
});

describe('the place of a label', () => {
  const bounds = { width: 400, height: 300 };
  const label = { width: 80, height: 16 };

  it('is above its box, and moves into the box when that place is taken', () => {
    const box = { x: 100, y: 100, width: 40, height: 90 };
    const above = placeLabel(box, label, bounds, []);
    expect(above).toEqual({ x: 100, y: 84, ...label });
    expect(placeLabel(box, label, bounds, above === null ? [] : [above])?.y).toBe(100);
  });

  it('stays inside the tile', () => {
    expect(placeLabel({ x: 390, y: 2, width: 30, height: 60 }, label, bounds, [])).toEqual({
      x: 320,
      y: 2,
      ...label,
    });
  });

  it('is nowhere when every place is taken', () => {
    const box = { x: 100, y: 100, width: 40, height: 30 };
    expect(placeLabel(box, label, bounds, [{ x: 0, y: 0, width: 400, height: 300 }])).toBeNull();
  });
});
