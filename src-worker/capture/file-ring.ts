import { RingError, RingWriter, type StreamHeader } from '#native';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { SessionOrder } from './session-order.ts';

/** A reader that takes nothing for so long is given up, and with it an analysis that must not lose a frame. */
export const READER_DEADLINE_MS = 20_000;

/** The ring of a file: an analysis loses nothing, playing keeps the newest. Throws shm-full or ring-failed. */
export function openFileRing(
  { ring, slots, mode }: SessionOrder,
  { width, height }: Pick<StreamHeader, 'width' | 'height'>,
): RingWriter {
  try {
    return RingWriter.create({
      name: ring,
      width,
      height,
      slots,
      mode: mode === 'analyse' ? 'lossless' : 'newest',
      readerDeadlineMs: READER_DEADLINE_MS,
      checksum: false,
    });
  } catch (thrown) {
    if (!(thrown instanceof RingError)) throw thrown;
    throw new NamedError(thrown.kind === 'shm-full' ? 'shm-full' : 'ring-failed', thrown.message);
  }
}
