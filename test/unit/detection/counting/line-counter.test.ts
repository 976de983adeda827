import { describe, expect, it } from 'vitest';
import type { Line } from '../../../../src-shared/domain/line.ts';
import { countingSettingsSchema } from '../../../../src-worker/detection/counting/counting-settings.ts';
import { LineCounter } from '../../../../src-worker/detection/counting/line-counter.ts';
import { count, flicker, gate } from './line-walkers.ts';
import { boxOf, type Foot, frameMs, picture, summaryOf, way } from './walk.ts';

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

  it('counts who walks along on the line once or not at all, by the sides of coming and going', () => {
    // a hundred boxes now on this side and now on that, less than a tenth of the size from the line
    const along: Foot[] = Array.from({ length: 100 }, (_, i) => [320 + 3.5 * Math.sin(2.1 * i), 150 + 2 * i]);
    const came = way(8, [200, 150], [316, 150]);
    expect(directionsOf([...came, ...along, ...way(8, [324, 350], [440, 350])])).toEqual(['forward']);
    expect(directionsOf([...came, ...along, ...way(8, [316, 350], [200, 350])])).toEqual([]);
  });

  it('comes to an end without any hysteresis, too, whoever walks along on the line', () => {
    const along: Foot[] = Array.from({ length: 600 }, (_, i) => [
      320 + 3.5 * (i % 2 === 0 ? 1 : -1),
      150 + i / 4,
    ]);
    const none = { hysteresis: 0, hysteresisPx: 0, settleFrames: 10 };
    const feet = [...way(8, [200, 150], [316, 150]), ...along, ...way(8, [324, 300], [440, 300])];
    expect(directionsOf(feet, undefined, none)).toEqual(['forward']);
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
    const turns: [number, number][] = Array.from({ length: 8 }, (_, i) => [i % 2 === 0 ? 335 : 305, 250]);
    // 15 px to either side: a third of the mean side of 45, again and again
    const directions = directionsOf(way(3, [200, 250], ...turns, [440, 250]));
    expect(directions).toEqual(Array.from({ length: 9 }, (_, i) => (i % 2 === 0 ? 'forward' : 'backward')));
  });

  it('counts who comes around the end and over again, but not who only steps around the end', () => {
    const again = (reach: number): Foot[] => [
      ...way(6, [200, 380], [320 + reach, 380], [320 + reach, 415], [300, 415]),
      ...way(6, [300, 380], [320 + reach, 380]),
    ];
    expect(directionsOf([...again(40), ...way(6, [366, 380], [480, 380])])).toEqual(['forward', 'forward']);
    expect(directionsOf(flicker)).toEqual(['forward']);
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
