import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count, flicker, type Walker } from './line-walkers.ts';
import { type Foot, frameMs, way } from './walk.ts';

describe('LineCounter at an id switch', () => {
  const before = way(8, [200, 250], [300, 250]);
  const after = way(8, [340, 252], [440, 252]);

  it('counts once when the new track begins on the other side', () => {
    const { crossings } = count([
      { feet: before, closedAt: 40 },
      { from: before.length + 3, feet: after },
    ]);
    expect(crossings.map(({ direction, trackId }) => [direction, trackId])).toEqual([['forward', 2]]);
    expect(crossings[0]?.ptsMs).toBeGreaterThan((before.length - 1) * frameMs);
    expect(crossings[0]?.ptsMs).toBeLessThan((before.length + 3) * frameMs);
  });

  it('does not count again when the new track begins a little before the line that was just crossed', () => {
    const crossed = way(8, [200, 250], [330, 250]);
    const again = way(8, [314, 250], [440, 250]);
    const { crossings } = count([
      { feet: crossed, closedAt: 40 },
      { from: crossed.length + 1, feet: again },
    ]);
    expect(crossings).toHaveLength(1);
  });

  it('does not count when the new track goes back', () => {
    expect(
      count([
        { feet: before, closedAt: 40 },
        { from: before.length + 2, feet: way(8, [306, 250], [200, 250]) },
      ]).crossings,
    ).toEqual([]);
  });

  it('takes the new track for another object when the old one is seen again', () => {
    const feet: Foot[] = [
      ...before,
      ...Array.from({ length: 8 }, () => null),
      ...way(8, [304, 250], [200, 250]),
    ];
    const { crossings } = count([{ feet }, { from: before.length + 3, feet: after }]);
    expect(crossings).toEqual([]);
  });

  it('does not hand over to what is far, late or of another kind', () => {
    const far = way(8, [420, 252], [500, 252]);
    expect(
      count([
        { feet: before, closedAt: 40 },
        { from: before.length + 3, feet: far },
      ]).crossings,
    ).toEqual([]);
    expect(
      count([
        { feet: before, closedAt: 40 },
        { from: before.length + 30, feet: after },
      ]).crossings,
    ).toEqual([]);
    expect(
      count([
        { feet: before, closedAt: 40 },
        { from: before.length + 3, feet: after, label: 'car' },
      ]).crossings,
    ).toEqual([]);
  });

  it('does not count again what the old track was counted for already', () => {
    // 14 px beyond the line the old track is counted; the new one begins 6 px before it
    const { told, directions } = count([
      { feet: way(4, [200, 250], [334, 250]), closedAt: 70 },
      { from: 36, feet: way(4, [314, 250], [440, 250]) },
    ]);
    expect(directions).toEqual(['forward']);
    expect(told[0]).toBeLessThan(36);
  });

  it('counts the other one too when the old track, counted already, is seen again', () => {
    const counted = way(4, [200, 250], [334, 250]);
    const pause: Foot[] = Array.from({ length: 12 }, () => null);
    const { crossings, told } = count([
      { feet: [...counted, ...pause, ...way(4, [338, 250], [440, 250])] },
      { from: 36, feet: way(4, [314, 250], [440, 250]) },
    ]);
    expect(crossings.map(({ trackId, direction }) => [trackId, direction])).toEqual([
      [1, 'forward'],
      [2, 'forward'],
    ]);
    // held until it was known that they are two
    expect(told[1]).toBe(counted.length + pause.length);
  });

  it('does not count one again who is still where the old track was counted', () => {
    const cut = 32;
    const { directions } = count([
      { feet: flicker.slice(0, cut), closedAt: cut + 20 },
      { from: cut, feet: flicker.slice(cut) },
    ]);
    expect(directions).toEqual(['forward']);
  });

  it('lets the old track go on from where it was itself, not from where the other one went', () => {
    const pause: Foot[] = Array.from({ length: 12 }, () => null);
    const { crossings } = count([
      { feet: [...before, ...pause, ...way(8, [352, 250], [440, 250])] },
      { from: before.length + 3, feet: after },
    ]);
    expect(crossings.map(({ trackId }) => trackId)).toEqual([1]);
    const [fromMs, toMs] = [(before.length - 1) * frameMs, (before.length + pause.length) * frameMs];
    expect(crossings[0]?.ptsMs).toBeCloseTo(fromMs + ((320 - 300) / (352 - 300)) * (toMs - fromMs), 6);
  });

  it('leaves the old track as near to its crossing as it was, however far the other one goes', () => {
    // hidden while it goes around the end of the line, and then over it where it was counted
    const feet = flicker.map((foot, i) => (i > 23 && i < 33 ? null : foot));
    const { crossings } = count([{ feet }, { from: 26, feet: way(8, [329, 402], [480, 402]) }]);
    expect(crossings.map(({ trackId, direction }) => [trackId, direction])).toEqual([[1, 'forward']]);
  });

  it('waits for nothing when the old track is closed already', () => {
    const from = before.length + 3;
    const { told } = count([
      { feet: before, closedAt: before.length + 1 },
      { from, feet: after },
    ]);
    expect(told).toHaveLength(1);
    expect(told[0]).toBeLessThan(from + 4);
    // nor is it counted again what its end has decided
    const over = count([
      { feet: [...before, [328, 250]], closedAt: before.length + 2 },
      { from: from + 2, feet: way(8, [336, 250], [440, 250]) },
    ]);
    expect(over.directions).toEqual(['forward']);
    expect(over.told).toEqual([before.length + 2]);
  });

  it('tells at once what is right whether they are one or two', () => {
    const walkers = (closedAt: number): Walker[] => [
      { feet: way(8, [200, 250], [300, 250]), closedAt },
      { from: 16, feet: way(8, [304, 250], [440, 250]) },
    ];
    const { told, directions } = count(walkers(39));
    expect(directions).toEqual(['forward']);
    expect(told[0]).toBeLessThan(24);
    const feet: Foot[] = [
      ...before,
      ...Array.from({ length: 12 }, () => null),
      ...way(8, [300, 250], [200, 250]),
    ];
    expect(count([{ feet }, { from: 16, feet: way(8, [304, 250], [440, 250]) }]).directions).toEqual([
      'forward',
    ]);
  });

  it('tells what was held in the frame in which the old track is closed', () => {
    const { told } = count([
      { feet: before, closedAt: 20 },
      { from: before.length + 3, feet: after },
    ]);
    expect(told).toEqual([20]);
  });

  it('tells what was held when the new track ends, though the old one is not closed yet', () => {
    const { told, directions } = count([
      { feet: before, closedAt: 45 },
      { from: before.length + 3, feet: after.slice(0, 5), closedAt: 30 },
    ]);
    expect(directions).toEqual(['forward']);
    expect(told).toEqual([30]);
  });

  it('hands over along a chain of switches of which one part is seen on the line only', () => {
    const { directions } = count([
      { feet: before, closedAt: 38 },
      { from: 15, feet: way(0.5, [319.5, 250], [320.5, 250]), closedAt: 42 },
      { from: 20, feet: after, closedAt: 60 },
    ]);
    expect(directions).toEqual(['forward']);
  });

  it('gives the crossings of one track, wherever its id switches and however far it has gone by then', () => {
    const corner = fc.integer({ min: 240, max: 400 });
    // who turns round while hidden is found again as far as an object of this size is believed to have gone
    const turning = fc.record({
      xs: fc.array(corner, { minLength: 1, maxLength: 3 }),
      step: fc.integer({ min: 3, max: 6 }),
    });
    const straight = fc.record({ xs: fc.constant([]), step: fc.integer({ min: 4, max: 16 }) });
    const cut = fc.record({
      at: fc.double({ min: 0.2, max: 0.8, noNaN: true }),
      hidden: fc.integer({ min: 0, max: 4 }),
      closedAfter: fc.integer({ min: 1, max: 25 }),
    });
    fc.assert(
      fc.property(fc.oneof(turning, straight), cut, ({ xs, step }, { at, hidden, closedAfter }) => {
        const feet = way(step, [160, 250], ...xs.map((x): [number, number] => [x, 250]), [480, 250]);
        const from = Math.max(3, Math.floor(at * (feet.length - 4)));
        const to = Math.min(from + hidden, feet.length - 3);
        // the same sights under one number, and under two
        const one = count([{ feet: feet.map((foot, i) => (i >= from && i < to ? null : foot)) }]);
        const two = count([
          { feet: feet.slice(0, from), closedAt: from - 1 + closedAfter },
          { from: to, feet: feet.slice(to) },
        ]);
        expect(two.directions).toEqual(one.directions);
        expect(two.counts).toEqual(one.counts);
      }),
      { numRuns: 2000, seed: 5 },
    );
  });

  it('hands over along a chain of switches', () => {
    const parts = [
      way(8, [200, 250], [280, 250]),
      way(8, [296, 250], [312, 250]),
      way(8, [328, 250], [440, 250]),
    ];
    const walkers = parts.map((feet, i) => ({
      feet,
      from: [0, 12, 16][i] ?? 0,
      closedAt: [36, 40, 60][i] ?? 0,
    }));
    expect(count(walkers).directions).toEqual(['forward']);
  });
});
