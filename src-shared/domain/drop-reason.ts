import { z } from 'zod';

/** Why a decoded frame was not processed. Closed: every drop anywhere has one of these. */
export const dropReasonSchema = z.enum([
  'sampled', // left out by --every or --fps
  'newer-frame', // live: a newer frame was waiting
  'overwritten', // the ring slot was written again before the reader was done
  'reader-late', // lossless: the reader kept the writer waiting past its deadline
  'wrong-epoch', // the frame belongs to an earlier writer
  'pixel-format', // not the pixel format of the frame contract
  'detection-failed', // the model failed on this frame
  'worker-restart', // in flight when a process died
  'store-away', // live: the database took no rows and no more fitted into memory, so not looked at
  'gap', // live: no true picture (black, frozen), so not looked at
  'stopped', // in flight when the run was stopped
]);
export type DropReason = z.infer<typeof dropReasonSchema>;

/** decoded = processed + sum(dropped) + inFlight, always. */
export const ledgerSchema = z.object({
  decoded: z.number().int().nonnegative(),
  processed: z.number().int().nonnegative(),
  dropped: z.partialRecord(dropReasonSchema, z.number().int().nonnegative()),
  inFlight: z.number().int().nonnegative(),
});
export type Ledger = z.infer<typeof ledgerSchema>;

/** True when every decoded frame is accounted for. */
export function ledgerCloses(ledger: Ledger): boolean {
  const dropped = Object.values(ledger.dropped).reduce((sum, n) => sum + (n ?? 0), 0);
  return ledger.decoded === ledger.processed + dropped + ledger.inFlight;
}
