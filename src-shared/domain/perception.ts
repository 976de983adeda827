import { z } from 'zod';

const intervalMs = z.number().int().min(0).max(60_000);

/** How often ivis publishes what it sees for other local programs, and how far ahead; may change while it runs. */
export const publishSettingsSchema = z.object({
  /** Least time between two publications of detections and tracks of a source; 0: every processed frame. */
  framesEveryMs: intervalMs,
  /** The same for the predicted paths. */
  timelinesEveryMs: intervalMs,
  /** Moments to come for which the tracks are rolled on, nearest first. */
  horizonsMs: z
    .array(z.number().int().min(1).max(60_000))
    .min(1)
    .max(5)
    .refine((all) => all.every((ms, i) => i === 0 || ms > (all[i - 1] ?? 0)), {
      message: 'horizons must rise',
    }),
});
export type PublishSettings = z.infer<typeof publishSettingsSchema>;

/** Every processed frame, paths once a second as OMNISIGHT has them, up to two seconds ahead. */
export const defaultPublishSettings: PublishSettings = {
  framesEveryMs: 0,
  timelinesEveryMs: 1000,
  horizonsMs: [250, 500, 1000, 1500, 2000],
};

/** Name of a shared-memory segment; 31 characters are what macOS allows. */
export const regionNameSchema = z.string().regex(/^\/[A-Za-z0-9._-]{1,30}$/);
