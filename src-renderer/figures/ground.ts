import type { Calibration } from '#shared/domain/calibration.ts';
import type { Point } from '#shared/domain/point.ts';

/** Lengths of a rectangle on the ground in metres: from the first corner to the second, and on to the third. */
export interface Rectangle {
  readonly a: number;
  readonly b: number;
}

/** The calibration of four corners on the picture that span a rectangle of this size. */
export function calibrationOf(points: readonly Point[], { a, b }: Rectangle): Calibration {
  const ground: readonly Point[] = [
    { x: 0, y: 0 },
    { x: a, y: 0 },
    { x: a, y: b },
    { x: 0, y: b },
  ];
  return { points: points.map((image, i) => ({ image, ground: ground[i] ?? { x: 0, y: 0 } })) };
}

/** The rectangle that a calibration was made from; null when its four points span another shape. */
export function rectangleOf({ points }: Calibration): Rectangle | null {
  const ground = points.map((point) => point.ground);
  const [a, b] = [ground[1]?.x ?? 0, ground[2]?.y ?? 0];
  const made = calibrationOf(
    points.map(({ image }) => image),
    { a, b },
  );
  const same = made.points.every(({ ground: { x, y } }, i) => x === ground[i]?.x && y === ground[i]?.y);
  return same && a > 0 && b > 0 ? { a, b } : null;
}

/** A length in metres as it is written: at most two decimals. Null when it is none between 0.1 and 1000 m. */
export function metresOf(text: string): number | null {
  if (!/^\s*\d+([.,]\d{1,3})?\s*$/.test(text)) return null;
  const metres = Number(text.trim().replace(',', '.'));
  return metres >= 0.1 && metres <= 1000 ? metres : null;
}

/** Words for the first two sides on the picture. */
export function sideWords(calibration: Calibration): string[] {
  const rectangle = rectangleOf(calibration);
  if (rectangle === null) return [];
  return [`A ${rectangle.a} m`, `B ${rectangle.b} m`];
}
