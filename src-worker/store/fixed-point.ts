import type { TrackBoxOrigin } from '#shared/domain/track.ts';

/** Milliseconds as the whole microseconds that are stored. */
export const toMicroseconds = (ms: number): number => Math.round(ms * 1000);
/** Pixels as the whole hundredths that are stored. */
export const toCentipixels = (pixels: number): number => Math.round(pixels * 100);
/** A share 0..1 as the whole ten-thousandths that are stored. */
export const toTenThousandths = (share: number): number => Math.round(share * 10_000);

/** A stored integer as decimal text with exactly `digits` places: (-5, 2) is `-0.05`. */
export function decimal(scaled: number, digits: 2 | 3 | 4): string {
  const text = String(Math.abs(scaled)).padStart(digits + 1, '0');
  return `${scaled < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** How the origin of a box is stored. */
export const originCode: Readonly<Record<TrackBoxOrigin, number>> = {
  detected: 0,
  predicted: 1,
  interpolated: 2,
};
