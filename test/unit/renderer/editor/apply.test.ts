import { describe, expect, it } from 'vitest';
import { onPicture } from '#shared/domain/drawn-on.ts';
import { type RunSettings, runSettingsSchema } from '#shared/domain/run.ts';
import { settingsWithDrawn, settingsWithMoved } from '../../../../src-renderer/editor/apply.ts';
import { GROUND_NAME, shapesOf } from '../../../../src-renderer/editor/shapes.ts';
import { calibrationOf, metresOf, rectangleOf } from '../../../../src-renderer/figures/ground.ts';
import { sourceWith } from '../app-states.ts';

const large = { width: 1280, height: 720 };
const small = { width: 640, height: 360 };
const path = [
  { x: 100, y: 20 },
  { x: 100, y: 300 },
];
const quad = [
  { x: 200, y: 300 },
  { x: 400, y: 300 },
  { x: 350, y: 200 },
  { x: 250, y: 200 },
];
const plain = sourceWith().settings;

function everything(): RunSettings {
  let settings = plain;
  for (const tool of ['line', 'gate'] as const) settings = settingsWithDrawn(settings, small, tool, path);
  for (const tool of ['zone', 'include', 'exclude'] as const)
    settings = settingsWithDrawn(settings, small, tool, quad);
  settings = settingsWithDrawn(settings, small, 'crop', [quad[0] ?? { x: 0, y: 0 }, { x: 20, y: 10 }]);
  return { ...settings, calibration: calibrationOf(quad, { a: 7, b: 20 }) };
}

describe('what is drawn', () => {
  it('becomes settings that detection takes, with the picture it was drawn on', () => {
    const settings = everything();
    expect(runSettingsSchema.parse(settings)).toEqual(settings);
    expect(settings.picture).toEqual(small);
    expect(settings.gates).toEqual([{ name: 'Gate 1', points: path, inward: 'forward', use: 'both' }]);
    expect(settings.regions?.crop).toEqual({ x1: 20, y1: 10, x2: 200, y2: 300 });
  });

  it('lies where it was when the camera changes the size of its picture', () => {
    const moved = onPicture(everything(), large);
    expect(moved.picture).toEqual(large);
    for (const [before, now] of [
      [everything().lines[0]?.points[1], moved.lines[0]?.points[1]],
      [everything().gates?.[0]?.points[1], moved.gates?.[0]?.points[1]],
      [everything().zones[0]?.points[1], moved.zones[0]?.points[1]],
      [everything().regions?.include[0]?.[1], moved.regions?.include[0]?.[1]],
      [everything().regions?.exclude[0]?.[1], moved.regions?.exclude[0]?.[1]],
      [everything().calibration?.points[1]?.image, moved.calibration?.points[1]?.image],
    ]) {
      expect(now).toEqual({ x: 2 * (before?.x ?? 0), y: 2 * (before?.y ?? 0) });
    }
    expect(moved.regions?.crop).toEqual({ x1: 40, y1: 20, x2: 400, y2: 600 });
    // The metres stay what they are.
    expect(moved.calibration?.points[2]?.ground).toEqual({ x: 7, y: 20 });
    expect(onPicture(moved, small)).toEqual(everything());
  });

  it('brings what was drawn before onto the same picture', () => {
    const first = settingsWithDrawn(plain, small, 'line', path);
    const { lines, picture } = settingsWithDrawn(first, large, 'line', path);
    expect(picture).toEqual(large);
    expect(lines.map(({ points }) => points[0])).toEqual([
      { x: 200, y: 40 },
      { x: 100, y: 20 },
    ]);
  });

  it('changes only the shape that was moved', () => {
    const before = everything();
    for (const shape of shapesOf(before)) {
      const points = shape.points.map(({ x, y }) => ({ x: x + 5, y }));
      const after = settingsWithMoved(before, small, { ...shape, points });
      expect(shapesOf(after).filter(({ kind }) => kind === shape.kind)).toEqual([{ ...shape, points }]);
      expect(shapesOf(after).filter(({ kind }) => kind !== shape.kind)).toEqual(
        shapesOf(before).filter(({ kind }) => kind !== shape.kind),
      );
    }
    expect(shapesOf(before).at(-1)?.name).toBe(GROUND_NAME);
  });
});

describe('metres', () => {
  it('are read as people write them, within what a picture can show', () => {
    expect(['7', ' 3,5 ', '12.25'].map(metresOf)).toEqual([7, 3.5, 12.25]);
    expect(['', '0', '-3', '0.05', '1001', '1e3', 'seven', '3.5.1'].map(metresOf)).toEqual(
      Array(8).fill(null),
    );
  });

  it('of a rectangle are read back from its calibration, and of no other shape', () => {
    const calibration = calibrationOf(quad, { a: 7, b: 20 });
    expect(rectangleOf(calibration)).toEqual({ a: 7, b: 20 });
    const bent = calibration.points.map((point, i) =>
      i === 2 ? { ...point, ground: { x: 8, y: 20 } } : point,
    );
    expect(rectangleOf({ points: bent })).toBeNull();
  });
});
