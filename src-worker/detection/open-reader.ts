import { RingReader } from '#native';
import { NamedError } from '#shared/contracts/wire-error.ts';

/** A registered reader holds up a lossless writer; the others only watch. Throws NamedError 'ring-failed'. */
export function openReader(ring: string, register: boolean): RingReader {
  try {
    return RingReader.open(ring, { register });
  } catch (thrown) {
    throw new NamedError(
      'ring-failed',
      `${ring}: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}
