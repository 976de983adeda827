import { onPicture } from '#shared/domain/drawn-on.ts';
import type { Point } from '#shared/domain/point.ts';
import type { Regions, RunSettings } from '#shared/domain/run.ts';
import type { Size } from '../overlay/letterbox.ts';
import type { EditorTool } from './drawings.ts';
import { freeName } from './geometry.ts';
import { type Shape, withPoints } from './shapes.ts';

export const NO_REGIONS: Regions = { include: [], exclude: [], crop: null };

const named = (kind: string, taken: readonly { readonly name: string }[]): string =>
  freeName(
    kind,
    taken.map(({ name }) => name),
  );

/** What a shape that was just drawn makes of the settings; the ground waits for its metres and changes nothing yet. */
function added(settings: RunSettings, tool: EditorTool, drawn: readonly Point[]): Partial<RunSettings> {
  const { lines, zones, gates = [], regions = NO_REGIONS } = settings;
  const points = [...drawn];
  switch (tool) {
    case 'line':
      return { lines: [...lines, { name: named('Line', lines), points }] };
    case 'gate':
      return { gates: [...gates, { name: named('Gate', gates), points, inward: 'forward', use: 'both' }] };
    case 'zone':
      return { zones: [...zones, { name: named('Zone', zones), points }] };
    case 'include':
    case 'exclude':
      return { regions: { ...regions, [tool]: [...regions[tool], points] } };
    case 'crop': {
      const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
      const crop = { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
      return { regions: { ...regions, crop } };
    }
    case 'ground':
      return {};
  }
}

/** Every setting that changes with a drawn shape, with the size of the picture that all of them are now measured on. */
export function settingsWithDrawn(
  settings: RunSettings,
  picture: Size,
  tool: EditorTool,
  points: readonly Point[],
): RunSettings {
  const before = onPicture(settings, picture);
  return { ...before, ...added(before, tool, points) };
}

export function settingsWithMoved(settings: RunSettings, picture: Size, shape: Shape): RunSettings {
  const before = onPicture(settings, picture);
  return { ...before, ...withPoints(before, shape) };
}
