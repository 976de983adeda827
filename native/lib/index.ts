import { withRingErrors } from './errors.ts';
import { binding } from './load.ts';

export { RingError, type RingErrorKind } from './errors.ts';
export { type FrameKey, i420Bytes, type ReadResult, type WrittenFrame } from './frame.ts';
export { FrameStream, type StreamEnd, type StreamHandlers, type StreamHeader } from './frame-stream.ts';
export { IpcClient, type IpcClientOptions, type Reading } from './ipc-client.ts';
export type { Ack } from './ipc-command.ts';
export type {
  DetectedObject,
  DetectionFrame,
  FrameFacts,
  FrameOf,
  PredictedObject,
  TimelineSnapshot,
  TimelinesFrame,
  TrackedObject,
  TrackedObjectsFrame,
} from './perception-frame.ts';
export {
  FRAME_BYTES,
  REGION_BYTES,
  REGION_HEADER_BYTES,
  SECTION_NAMES,
  type SectionName,
  STALE_MS,
} from './perception-layout.ts';
export { type FrameRead, PerceptionReader, PerceptionWriter, type RegionState } from './perception-region.ts';
export type { TensorPlan } from './plan.ts';
export {
  findPublishers,
  type JsonObject,
  type ListedRegion,
  PUBLISHER_FILES,
  publisherBase,
  readJson,
  regionsOf,
} from './publisher-folder.ts';
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
