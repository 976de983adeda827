import type { Crossing, Line } from '../../../../src-shared/domain/line.ts';
import { countingSettingsSchema } from '../../../../src-worker/detection/counting/counting-settings.ts';
import { LineCounter } from '../../../../src-worker/detection/counting/line-counter.ts';
import { boxOf, type Foot, frameMs, picture, summaryOf, way } from './walk.ts';

/** A line from top to bottom in the middle. */
export const gate: Line = {
  name: 'gate',
  points: [
    { x: 320, y: 100 },
    { x: 320, y: 400 },
  ],
};

export interface Walker {
  /** First frame. */
  from?: number;
  feet: Foot[];
  /** Frame in which the tracker closes the track; at the end when left out. */
  closedAt?: number;
  label?: string;
}

/** Counts walkers (track ids 1, 2, ...) over lines. */
export function count(walkers: Walker[], lines: Line[] = [gate], settings: object = {}) {
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

/** Over the line near its end, then around and around the end, never half a size from where it crossed. */
export const flicker: Foot[] = [
  ...way(6, [200, 391], [314, 391]),
  ...Array.from({ length: 40 }, (_, i): Foot => {
    const turn = (i * Math.PI) / 4;
    return [320 + 9 * Math.sin(turn), 400 - 9 * Math.cos(turn)];
  }),
  ...way(6, [326, 391], [440, 391]),
];
