import type { GroundPoint } from './calibration.ts';
import type { Point } from './point.ts';
import type { RunSettings } from './run.ts';

/** Width and height in pixels. */
interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The settings with everything that was drawn brought onto a picture of this size, which they then name. Detection
 * does the same for pictures of another size than the one they name, so nothing moves against what is seen.
 */
export function onPicture(settings: RunSettings, { width, height }: PictureSize): RunSettings {
  const picture = { width, height };
  const { picture: drawnOn = picture } = settings;
  const [sx, sy] = [width / drawnOn.width, height / drawnOn.height];
  if (sx === 1 && sy === 1) return { ...settings, picture };
  const point = ({ x, y }: Point): Point => ({ x: x * sx, y: y * sy });
  const shape = <T extends { points: Point[] }>(one: T): T => ({ ...one, points: one.points.map(point) });
  const { gates, calibration, regions } = settings;
  const ground = ({ image, ground: metres }: GroundPoint): GroundPoint => ({
    image: point(image),
    ground: metres,
  });
  const crop = regions?.crop ?? null;
  return {
    ...settings,
    picture,
    lines: settings.lines.map(shape),
    zones: settings.zones.map(shape),
    ...(gates && { gates: gates.map(shape) }),
    ...(calibration && { calibration: { points: calibration.points.map(ground) } }),
    ...(regions && {
      regions: {
        include: regions.include.map((polygon) => polygon.map(point)),
        exclude: regions.exclude.map((polygon) => polygon.map(point)),
        crop: crop && { x1: crop.x1 * sx, y1: crop.y1 * sy, x2: crop.x2 * sx, y2: crop.y2 * sy },
      },
    }),
  };
}
