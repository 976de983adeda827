import type { GroundPoint } from '#shared/domain/calibration.ts';
import type { Point } from '#shared/domain/point.ts';
import type { RunSettings } from '#shared/domain/run.ts';

/** What lies on a picture and can be drawn anew by its points. */
export type ShapeKind = 'line' | 'gate' | 'zone' | 'ground';

/** One shape on the picture, points in pixels of the source. */
export interface Shape {
  readonly kind: ShapeKind;
  /** Unique among shapes of its kind. */
  readonly name: string;
  readonly points: readonly Point[];
}

/** The one quadrilateral of the ground has no name of its own. */
export const GROUND_NAME = 'ground';

/** Every shape of a run's settings whose points can be taken and dragged; what is drawn last is found first. */
export function shapesOf({ lines, zones, gates = [], calibration }: RunSettings): Shape[] {
  const ground: Shape[] =
    calibration === undefined
      ? []
      : [{ kind: 'ground', name: GROUND_NAME, points: calibration.points.map(({ image }) => image) }];
  return [
    ...lines.map(({ name, points }): Shape => ({ kind: 'line', name, points })),
    ...gates.map(({ name, points }): Shape => ({ kind: 'gate', name, points })),
    ...zones.map(({ name, points }): Shape => ({ kind: 'zone', name, points })),
    ...ground,
  ];
}

/** Settings in which the shape has these points instead. */
export function withPoints(settings: RunSettings, shape: Shape): Partial<RunSettings> {
  const { kind, name } = shape;
  const points = [...shape.points];
  const moved = <T extends { name: string; points: Point[] }>(all: readonly T[]): T[] =>
    all.map((one) => (one.name === name ? { ...one, points } : one));
  switch (kind) {
    case 'line':
      return { lines: moved(settings.lines) };
    case 'gate':
      return { gates: moved(settings.gates ?? []) };
    case 'zone':
      return { zones: moved(settings.zones) };
    case 'ground': {
      const { calibration } = settings;
      if (calibration === undefined) return {};
      const placed = calibration.points.map(
        (point, i): GroundPoint => ({ ...point, image: points[i] ?? point.image }),
      );
      return { calibration: { points: placed } };
    }
  }
}
