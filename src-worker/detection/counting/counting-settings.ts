import { z } from 'zod';
import type { RunSettings } from '#shared/domain/run.ts';

const share = z.number().min(0).max(10);

/**
 * Settings of lines and zones. Lengths are shares of the mean side of the object's box, so that near and far
 * objects are judged alike; times are milliseconds of the source's clock.
 */
export const countingSettingsSchema = z.object({
  /** The point of the box that crosses lines and enters zones. */
  anchor: z.enum(['bottom-centre', 'centre']).default('bottom-centre'),
  /** How far beyond the line an object must get before it counts; within, nothing is decided. */
  hysteresis: share.default(0.1),
  /** The same as a floor in pixels, for small objects. */
  hysteresisPx: z.number().nonnegative().default(1.5),
  /** Points beyond the hysteresis that an object needs in a row, so that one errant box cannot count. */
  settleFrames: z.number().int().min(1).max(10).default(2),
  /** A track that got no further than this (sizes) from where it last settled is standing still and does not count. */
  minimumDisplacement: share.default(0.25),
  /** Distance from its last crossing a track needs before it counts in the same direction again. */
  rearm: share.default(0.5),
  /** A new track continues one that ended at most this long ago ... */
  handOverMs: z.number().nonnegative().default(1500),
  /** ... at most this far from where it was expected, growing by `handOverSpread` per second. */
  handOverReach: share.default(0.5),
  handOverSpread: share.default(0.5),
  /** A track that stays this long on the other side of a zone's edge has entered or left, however near. */
  zoneSettleMs: z.number().nonnegative().default(1000),
  /** Visits shorter than this are not counted. */
  minimumVisitMs: z.number().nonnegative().default(0),
});
export type CountingSettings = z.infer<typeof countingSettingsSchema>;

export const defaultCountingSettings: CountingSettings = countingSettingsSchema.parse({});

/** Those of a run. */
export const countingSettingsOf = ({ tuning }: Pick<RunSettings, 'tuning'>): CountingSettings => ({
  ...defaultCountingSettings,
  ...(tuning?.anchor && { anchor: tuning.anchor }),
});
