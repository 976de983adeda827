import type { Box } from '#shared/domain/box.ts';

/** A side that changes by more than this share at once, at one end only, is not motion. */
const suddenShare = 0.12;
/** The end that stays must be off by at most this share of what the other end is. */
const stayingShare = 0.4;
/** A shorter side is believed in the end: with this time constant the missing part is given up. */
const giveUpSeconds = 1.5;

/** Size of the picture, pixels. */
export interface Picture {
  width: number;
  height: number;
}

/** What a found box says about the whole object, given where the object was expected. */
export interface PartialReading {
  /** The found box with what is probably hidden added. */
  whole: Box;
  /** The expected box with what came into view added: same object, better seen. */
  expected: Box;
  /** Whether something is hidden or just came into view. */
  partial: boolean;
}

/** One side of a box. */
interface Side {
  low: number;
  high: number;
}

/** Which ends of a side the picture's edge cuts. */
interface Cut {
  low: boolean;
  high: boolean;
}

/** A box this near to the picture's edge touches it. */
export const edgePx = 1;

interface SideReading {
  whole: Side;
  expected: Side;
  partial: boolean;
}

/**
 * Reads a found box as a part of the object where that explains it better than motion. When a post or another
 * person hides the legs, the box's bottom jumps up while its top stays: taken as motion, the track would fly
 * upwards and its foot point would cross lines. So a side that gets shorter or longer at one end only is a change
 * of what can be seen: hidden parts are added to the found box (given up little by little), newly seen parts to
 * the expected one.
 *
 * At the picture's edge the cut end says nothing, however little it changes: only the other end moves the object.
 *
 * The width of what is taller than wide (people) is left alone: arms and legs in step change it at one end all the
 * time.
 */
export function readPartial(found: Box, expected: Box, seconds: number, picture: Picture): PartialReading {
  const [w, h] = [expected.x2 - expected.x1, expected.y2 - expected.y1];
  const cutX = { low: found.x1 <= edgePx, high: found.x2 >= picture.width - edgePx };
  const cutY = { low: found.y1 <= edgePx, high: found.y2 >= picture.height - edgePx };
  const suddenX = h > w ? Number.POSITIVE_INFINITY : w * suddenShare;
  const x = readSide(across(found), across(expected), cutX, suddenX, seconds);
  const y = readSide(upright(found), upright(expected), cutY, h * suddenShare, seconds);
  return {
    whole: { x1: x.whole.low, y1: y.whole.low, x2: x.whole.high, y2: y.whole.high },
    expected: { x1: x.expected.low, y1: y.expected.low, x2: x.expected.high, y2: y.expected.high },
    partial: x.partial || y.partial,
  };
}

function across(box: Box): Side {
  return { low: box.x1, high: box.x2 };
}

function upright(box: Box): Side {
  return { low: box.y1, high: box.y2 };
}

function readSide(found: Side, expected: Side, cut: Cut, sudden: number, seconds: number): SideReading {
  const before = expected.high - expected.low;
  const now = found.high - found.low;
  if (cut.low !== cut.high) {
    const whole = sideFrom(found, cut.high, Math.max(now, before));
    return { whole, expected: sideFrom(expected, cut.high, Math.max(now, before)), partial: false };
  }
  const [lowOff, highOff] = [Math.abs(found.low - expected.low), Math.abs(found.high - expected.high)];
  const lowStays = lowOff <= stayingShare * highOff;
  const highStays = highOff <= stayingShare * lowOff;
  if (cut.low || Math.abs(now - before) < sudden || !(lowStays || highStays)) {
    return { whole: found, expected, partial: false };
  }
  if (now > before) return { whole: found, expected: sideFrom(expected, lowStays, now), partial: true };
  const kept = now + (before - now) * Math.exp(-seconds / giveUpSeconds);
  return { whole: sideFrom(found, lowStays, kept), expected, partial: true };
}

/** The side with another length, its low or its high end kept. */
function sideFrom(side: Side, keepLow: boolean, length: number): Side {
  return keepLow ? { low: side.low, high: side.low + length } : { low: side.high - length, high: side.high };
}
