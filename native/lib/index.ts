import { withRingErrors } from './errors.ts';
import { binding } from './load.ts';

export { RingError, type RingErrorKind } from './errors.ts';
export { type FrameKey, i420Bytes, type ReadResult, type WrittenFrame } from './frame.ts';
export { FrameStream, type StreamEnd, type StreamHandlers, type StreamHeader } from './frame-stream.ts';
export type { TensorPlan } from './plan.ts';
export { LUMA_THUMB, type LumaDiff, type LumaStats, RingReader } from './ring-reader.ts';
export { type RingOptions, RingWriter } from './ring-writer.ts';

/** Removes the name of a ring; open mappings stay valid. No error when it is absent. */
export function unlinkRing(name: string): void {
  withRingErrors(() => binding().unlinkRing(name));
}

/** Removes every ring under `prefix` whose writer no longer runs (pid and start time); returns their names. */
export function sweepRings(prefix: string): string[] {
  return withRingErrors(() => binding().sweepRings(prefix));
}

/** Milliseconds of the machine's monotonic clock, comparable between processes. */
export function monoMs(): number {
  return binding().monoMs();
}
