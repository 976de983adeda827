import { describe, expect, it } from 'vitest';
import type { Box } from '../../../../src-shared/domain/box.ts';
import { Tracker } from '../../../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../../../src-worker/detection/tracking/tracker-settings.ts';

const picture = { width: 640, height: 480 };

/** Ends of the tracks of one object 60 x 40 pixels, given by its middle in each frame, at ten a second. */
function endsOf(middles: readonly ([number, number] | null)[], fps = 10): string[] {
  const tracker = new Tracker(trackerSettingsSchema.parse({}));
  return Array.from({ length: middles.length + 40 }, (_, frame) => {
    const [x, y] = middles[frame] ?? [];
    const cut = (value: number, end: number): number => Math.max(0, Math.min(end, value));
    const box: Box | null =
      x === undefined || y === undefined
        ? null
        : {
            x1: cut(x - 30, picture.width),
            y1: cut(y - 20, picture.height),
            x2: cut(x + 30, picture.width),
            y2: cut(y + 20, picture.height),
          };
    const detections = box ? [{ box, label: 'car', confidence: 0.8 }] : [];
    return tracker.update({ frame, ptsMs: (frame * 1000) / fps, ...picture, detections }).closed;
  }).flatMap((closed) => closed.map(({ end }) => end));
}

const way = (from: [number, number], step: [number, number], n: number): [number, number][] =>
  Array.from({ length: n }, (_, i) => [from[0] + step[0] * i, from[1] + step[1] * i]);

describe('the end of a track', () => {
  it.each([
    ['right', way([400, 200], [12, 0], 20)],
    ['left', way([240, 200], [-12, 0], 20)],
    ['upper', way([300, 180], [0, -10], 18)],
    ['lower', way([300, 300], [0, 10], 18)],
  ])('who goes out over the %s edge has left', (_edge, middles) => {
    expect(endsOf(middles)).toEqual(['left']);
  });

  it('who is so fast that no box touches the edge has left', () => {
    expect(endsOf(way([100, 200], [26, 0], 20), 25)).toEqual(['left']);
  });

  it('who goes out slowly and is not found any more when half of it is out has left', () => {
    expect(endsOf(way([560, 200], [4, 0], 16))).toEqual(['left']);
  });

  it.each([
    ['stops being found in the middle of the picture', way([200, 200], [12, 0], 12)],
    ['stands at the edge', way([620, 200], [0, 0], 20)],
    ['comes in from the edge', way([635, 200], [-6, 0], 6)],
    ['goes along the edge', way([200, 470], [12, 0], 15)],
  ])('who %s is lost', (_what, middles) => {
    expect(endsOf(middles)).toEqual(['lost']);
  });

  it('who is found again after the edge has not left', () => {
    const back = [...way([400, 200], [12, 0], 17), ...way([592, 200], [-12, 0], 12)];
    expect(endsOf(back)).toEqual(['lost']);
  });
});
