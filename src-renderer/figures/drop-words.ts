import type { DropReason } from '#shared/domain/drop-reason.ts';

/** Why frames were left out, as the ledger says it. */
export const dropWords: Readonly<Record<DropReason, string>> = {
  sampled: 'left out on purpose (every Nth)',
  'newer-frame': 'a newer frame was waiting',
  overwritten: 'overwritten before it was read',
  'reader-late': 'detection was too late',
  'wrong-epoch': 'from an earlier reader',
  'pixel-format': 'unknown pixel format',
  'detection-failed': 'the model failed on it',
  'worker-restart': 'a part was started again',
  'store-away': 'the database took no rows',
  gap: 'no true picture',
  stopped: 'in hand when stopped',
};
