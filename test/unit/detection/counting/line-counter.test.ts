import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Crossing, Line } from '../../../../src-shared/domain/line.ts';
import { countingSettingsSchema } from '../../../../src-worker/detection/counting/counting-settings.ts';
import { LineCounter } from '../../../../src-worker/detection/counting/line-counter.ts';
import { boxOf, type Foot, frameMs, picture, summaryOf, way } from './walk.ts';

const gate: Line = {
  name: 'gate',
  points: [
    { x: 320, y: 100 },
    { x: 320, y: 400 },
  ],
};

interface Walker {
  /** First frame. */
  from?: number;
  feet: Foot[];
  /** Frame in which the tracker closes the track; at the end when left out. */
  closedAt?: number;
  label?: string;
}

/** Counts walkers (track ids 1, 2, ...) over lines. */
function count(walkers: Walker[], lines: Line[] = [gate], settings: object = {}) {
  const counter = new LineCounter(lines, countingSettingsSchema.parse(settings));
  const last = Math.max(
    ...walkers.map(({ from = 0, feet, closedAt = 0 }) => Math.max(from + feet.length, closedAt)),
  );
  const crossings: Crossing[] = [];
  /** Frame in which each crossing was told; the end is one frame after the last. */
  const told: number[] = [];
  const tell = (found: readonly Crossing[], frame: number): void => {
    crossings.push(...found);
    told.push(...found.map(() => frame));
  };
  const open = new Set(walkers.map((_, i) => i + 1));
  for (let frame = 0; frame <= last; frame++) {
    const boxes = walkers.flatMap(({ from = 0, feet, label }, i) => {
      const foot = feet[frame - from];
      return foot ? [boxOf(i + 1, frame, foot, label)] : [];
    });
    tell(counter.update(boxes, { frame, ptsMs: frame * frameMs, ...picture }), frame);
    const closed = walkers.flatMap(({ closedAt }, i) =>
      closedAt === frame ? [summaryOf(i + 1, frame)] : [],
    );
    for (const { trackId } of closed) open.delete(trackId);
    tell(counter.close(closed), frame);
  }
  tell(counter.close([...open].map((trackId) => summaryOf(trackId, last))), last + 1);
  const directions = crossings.map(({ direction }) => direction);
  return { crossings, directions, told, counts: counter.counts() };
}

const directionsOf = (feet: Foot[], lines?: Line[], settings?: object) =>
  count([{ feet }], lines, settings).directions;

describe('LineCounter', () => {
  it('counts left to right over a line drawn from top to bottom as forward, right to left as backward', () => {
    expect(directionsOf(way(8, [200, 250], [440, 250]))).toEqual(['forward']);
    expect(directionsOf(way(8, [440, 250], [200, 250]))).toEqual(['backward']);
  });

  it('keeps to the documented sign for a line in any position', () => {
    for (let turn = 0; turn < 12; turn++) {
      const [c, s] = [Math.cos((turn * Math.PI) / 6), Math.sin((turn * Math.PI) / 6)];
      const turned = (x: number, y: number) => ({ x: 320 + c * x - s * y, y: 240 + s * x + c * y });
      const line = { name: 'line', points: [turned(0, -80), turned(0, 80)] };
      const [from, to] = [turned(-100, 5), turned(100, 5)];
      expect(directionsOf(way(8, [from.x, from.y], [to.x, to.y]), [line])).toEqual(['forward']);
    }
  });

  it('dates the crossing to the moment between the frames', () => {
    const { crossings } = count([{ feet: way(10, [205, 250], [445, 250]) }]);
    expect(crossings).toMatchObject([
      { number: 0, line: 'gate', trackId: 1, label: 'person', x: 320, y: 250 },
    ]);
    expect(crossings[0]?.ptsMs).toBeCloseTo(1150, 6);
    expect([11, 12]).toContain(crossings[0]?.frame);
  });

  it('counts jitter on the line once', () => {
    const jitter: Foot[] = Array.from({ length: 200 }, (_, i) => [
      320 + 3 * Math.sin(i * 2.1),
      250 + 2 * Math.cos(i),
    ]);
    expect(
      directionsOf([...way(8, [200, 250], [315, 250]), ...jitter, ...way(8, [325, 250], [440, 250])]),
    ).toEqual(['forward']);
  });

  it('does not count who comes up to the line, stands on it and goes back', () => {
    const jitter: Foot[] = Array.from({ length: 300 }, (_, i) => [320 + 3.5 * Math.sin(i * 2.1), 250]);
    expect(
      directionsOf([...way(8, [200, 250], [318, 250]), ...jitter, ...way(8, [318, 250], [200, 250])]),
    ).toEqual([]);
  });

  it('counts going back, and forth again', () => {
    const feet = way(8, [200, 250], [400, 250], [240, 250], [420, 250]);
    expect(directionsOf(feet)).toEqual(['forward', 'backward', 'forward']);
  });

  it('does not count a way past the end, nor a jump past it', () => {
    expect(directionsOf(way(8, [200, 410], [440, 410]))).toEqual([]);
    expect(
      directionsOf([
        [200, 410],
        [205, 411],
        [435, 412],
        [440, 412],
        [445, 412],
      ]),
    ).toEqual([]);
  });

  it('counts a jump over the line between two frames', () => {
    expect(
      directionsOf([
        [200, 250],
        [210, 250],
        [430, 250],
        [440, 250],
      ]),
    ).toEqual(['forward']);
  });

  it('counts a loop around the end each time it passes the line', () => {
    const feet = way(8, [200, 250], [400, 250], [400, 460], [200, 460], [200, 250], [440, 250]);
    expect(directionsOf(feet)).toEqual(['forward', 'forward']);
  });

  it('counts each way over the line once, however often one goes back in between', () => {
    const turns: [number, number][] = Array.from({ length: 8 }, (_, i) => [i % 2 === 0 ? 345 : 295, 250]);
    // 25 px to either side: little more than half of the mean side of 45, again and again
    const directions = directionsOf(way(6, [200, 250], ...turns, [440, 250]));
    expect(directions).toEqual(Array.from({ length: 9 }, (_, i) => (i % 2 === 0 ? 'forward' : 'backward')));
  });

  it('counts who comes around the end and over again, but not who only steps around the end', () => {
    const again = (reach: number): Foot[] => [
      ...way(6, [200, 380], [320 + reach, 380], [320 + reach, 415], [300, 415]),
      ...way(6, [300, 380], [320 + reach, 380]),
    ];
    expect(directionsOf([...again(40), ...way(6, [366, 380], [480, 380])])).toEqual(['forward', 'forward']);
    // never as far as half a size from where it crossed: its path flickers around the end
    const flicker: Foot[] = Array.from({ length: 40 }, (_, i) => {
      const turn = (i * Math.PI) / 4;
      return [320 + 9 * Math.sin(turn), 400 - 9 * Math.cos(turn)];
    });
    expect(
      directionsOf([...way(6, [200, 391], [314, 391]), ...flicker, ...way(6, [326, 391], [440, 391])]),
    ).toEqual(['forward']);
  });

  it('does not count one errant box', () => {
    const feet = way(4, [200, 250], [280, 250]);
    feet[10] = [380, 250];
    expect(directionsOf(feet)).toEqual([]);
  });

  it('does not count a parked object whose box flickers over the line', () => {
    const feet: Foot[] = Array.from({ length: 3000 }, (_, i) => [320 + (i % 7 < 3 ? 5 : -5), 250]);
    expect(directionsOf(feet)).toEqual([]);
  });

  it('does not count a parked object whose very last box lies beyond the line', () => {
    const feet: Foot[] = Array.from({ length: 40 }, (_, i) => [i === 39 ? 380 : 290 + (i % 3), 250]);
    expect(directionsOf(feet)).toEqual([]);
  });

  it('counts who is last seen one box beyond the line', () => {
    const feet = way(30, [200, 250], [290, 250]);
    expect(directionsOf([...feet, [345, 250]])).toEqual(['forward']);
    expect(
      directionsOf([
        [280, 250],
        [360, 250],
      ]),
    ).toEqual(['forward']);
  });

  it('counts over a bent line once, by its way from side to side', () => {
    const bent = {
      name: 'bent',
      points: [
        { x: 320, y: 100 },
        { x: 320, y: 240 },
        { x: 420, y: 300 },
      ],
    };
    expect(directionsOf(way(8, [200, 240], [440, 240]), [bent])).toEqual(['forward']);
    expect(directionsOf(way(8, [370, 400], [370, 150]), [bent])).toEqual(['forward']);
  });

  it('counts each of several lines by itself', () => {
    const second = {
      name: 'second',
      points: [
        { x: 400, y: 100 },
        { x: 400, y: 400 },
      ],
    };
    const { counts } = count(
      [{ feet: way(8, [200, 250], [480, 250]) }, { feet: way(8, [360, 300], [200, 300]) }],
      [gate, second],
    );
    expect(counts.gate).toEqual({
      forward: { total: 1, byClass: { person: 1 } },
      backward: { total: 1, byClass: { person: 1 } },
    });
    expect(counts.second?.forward.total).toBe(1);
    expect(counts.second?.backward.total).toBe(0);
  });

  it('uses the centre of the box when told to', () => {
    const low = {
      name: 'low',
      points: [
        { x: 320, y: 230 },
        { x: 320, y: 260 },
      ],
    };
    const feet = way(8, [200, 250], [440, 250]);
    expect(directionsOf(feet, [low])).toEqual(['forward']);
    expect(directionsOf(feet, [low], { anchor: 'centre' })).toEqual([]);
  });

  it('counts at a line that ends at the edge of the picture, in both directions', () => {
    const floor = {
      name: 'floor',
      points: [
        { x: 320, y: 0 },
        { x: 320, y: 479 },
      ],
    };
    expect(directionsOf(way(8, [200, 480], [440, 480]), [floor])).toEqual(['forward']);
    expect(directionsOf(way(8, [440, 480], [200, 480]), [floor])).toEqual(['backward']);
  });

  it('does not count what shows only a sliver at the edge of the picture', () => {
    const counter = new LineCounter(
      [
        {
          name: 'top',
          points: [
            { x: 320, y: 0 },
            { x: 320, y: 90 },
          ],
        },
      ],
      countingSettingsSchema.parse({}),
    );
    const crossings = way(8, [200, 30], [440, 30]).flatMap((foot, frame) => {
      const [x, y] = foot ?? [0, 0];
      const box = { ...boxOf(1, frame, [x, y], 'car'), box: { x1: x - 60, y1: 0, x2: x + 60, y2: y } };
      return counter.update([box], { frame, ptsMs: frame * frameMs, ...picture });
    });
    expect([...crossings, ...counter.close([summaryOf(1, 40)])]).toEqual([]);
  });

  it('holds a crossing of another label until the vote is for a wished one', () => {
    const counter = new LineCounter([gate], countingSettingsSchema.parse({}), (label) => label === 'car');
    const labels = way(8, [200, 250], [440, 250]).map((foot, frame) => {
      const box = boxOf(1, frame, foot ?? [0, 0], frame < 25 ? 'truck' : 'car');
      return counter
        .update([box], { frame, ptsMs: frame * frameMs, ...picture })
        .map(({ label, ptsMs }) => [frame, label, ptsMs < 1700]);
    });
    expect(labels.flat()).toEqual([[25, 'car', true]]);
  });
});

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
      closedAfter: fc.integer({ min: 5, max: 25 }),
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
