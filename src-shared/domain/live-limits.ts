import { z } from 'zod';

const seconds = (least: number, most: number, usual: number) =>
  z.number().min(least).max(most).default(usual);

/** When a live source is called stalled, black or frozen, and how it is tried again. */
export const liveLimitsSchema = z
  .strictObject({
    /** Without a picture; or three of the camera's usual distances, if that is longer. */
    stalledSeconds: seconds(1, 120, 4),
    blackSeconds: seconds(1, 600, 5),
    frozenSeconds: seconds(2, 3600, 10),
    /** Waits between tries: the first, each about twice the one before, and the longest. */
    retryFirstSeconds: seconds(0.2, 60, 1),
    retryLastSeconds: seconds(1, 3600, 60),
    /** Tries in a row after which a source is given up until somebody starts it again; null: never. */
    retryLimit: z.number().int().min(1).max(100_000).nullable().default(null),
  })
  .refine((limits) => limits.retryFirstSeconds <= limits.retryLastSeconds, {
    error: '"retryFirstSeconds" must not be above "retryLastSeconds"',
  });
export type LiveLimits = z.infer<typeof liveLimitsSchema>;

export const defaultLiveLimits: LiveLimits = liveLimitsSchema.parse({});
