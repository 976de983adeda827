import type { Box } from '#shared/domain/box.ts';

/** A side that changes by more than this share at once, at one end only, is not motion. */
const suddenShare = 0.12;
/** The end that stays must be off by at most this share of what the other end is. */
const stayingShare = 0.4;
/** A shorter side is believed in the end: with this time constant the missing part is given up. */
const giveUpSeconds = 1.5;

/** What a found box says about the whole object, given where the object was expected. */
export interface PartialReading {
  /** The found box with what is probably hidden added. */
  whole: Box;
  /** The expected box with what came into view added: same object, better seen. */
  expected: Box;
  /** Whether something is hidden or just came into view. */
  partial: boolean;
}

/**
 * Reads a found box as a part of the object where that explains it better than motion. When a post or another
 * person hides the legs, the box's bottom jumps up while its top stays: taken as motion, the track would fly
 * upwards and its foot point would cross lines. So a height that changes at one end only is a change of what can
 * be seen: hidden parts are added to the found box (given up little by little), newly seen parts to the expected.
 *
 * Widths are left alone: arms and legs in step, and turning vehicles, change them at one end all the time.
 */
export function readPartial(found: Box, expected: Box, seconds: number): PartialReading {
  const before = expected.y2 - expected.y1;
  const now = found.y2 - found.y1;
  const [topOff, bottomOff] = [Math.abs(found.y1 - expected.y1), Math.abs(found.y2 - expected.y2)];
  const topStays = topOff <= stayingShare * bottomOff;
  const bottomStays = bottomOff <= stayingShare * topOff;
  if (Math.abs(now - before) < suddenShare * before || !(topStays || bottomStays)) {
    return { whole: found, expected, partial: false };
  }
  if (now > before) {
    const grown = topStays ? { ...expected, y2: expected.y1 + now } : { ...expected, y1: expected.y2 - now };
    return { whole: found, expected: grown, partial: true };
  }
  const kept = now + (before - now) * Math.exp(-seconds / giveUpSeconds);
  const whole = topStays ? { ...found, y2: found.y1 + kept } : { ...found, y1: found.y2 - kept };
  return { whole, expected, partial: true };
}
