import type { NativePerceptionReader, NativePerceptionWriter } from './binding.ts';
import { RingError, withRingErrors } from './errors.ts';
import { binding } from './load.ts';
import { decodeFrame } from './perception-decoder.ts';
import { FrameEncoder } from './perception-encoder.ts';
import type { DetectionFrame, FrameOf, TimelinesFrame, TrackedObjectsFrame } from './perception-frame.ts';
import {
  FRAME_BYTES,
  REGION_HEADER_BYTES,
  SECTION_NAMES,
  SECTIONS,
  type SectionName,
  STALE_MS,
} from './perception-layout.ts';

/**
 * How a read of a region ended. 'no-data': nothing of this kind was published yet. 'torn': the writer was faster than
 * every try. The rest say what is wrong with the frame.
 */
export type FrameRead = 'ok' | 'no-data' | 'torn' | 'bad-magic' | 'bad-version' | 'bad-count' | 'bad-crc';
const READS = ['ok', 'no-data', 'torn', 'bad-magic', 'bad-version', 'bad-count', 'bad-crc'] as const;

/** Publishes one run of one source. One per region; the name stays until `unlinkRing`. */
export class PerceptionWriter {
  readonly name: string;
  readonly #native: NativePerceptionWriter;
  readonly #encoder = new FrameEncoder();

  /** Throws RingError 'shm-full', 'name-exists', 'bad-argument' or 'os'. */
  constructor(name: string, sourceId: string, runId: number) {
    const Native = binding().PerceptionWriter;
    this.#native = withRingErrors(() => new Native(name, sourceId, runId));
    this.name = name;
  }

  publishDetections(frame: DetectionFrame): void {
    this.#publish('detections', this.#encoder.detections(frame));
  }

  publishTracks(frame: TrackedObjectsFrame): void {
    this.#publish('tracks', this.#encoder.tracks(frame));
  }

  publishTimelines(frame: TimelinesFrame): void {
    this.#publish('timelines', this.#encoder.timelines(frame));
  }

  /** Says that the writer lives; to be called at least every second. */
  beat(): void {
    this.#native.beat();
  }

  /** No more frames will come. */
  close(): void {
    this.#native.close();
  }

  #publish(section: SectionName, frame: Buffer): void {
    const code = withRingErrors(() => this.#native.publish(SECTIONS[section], frame));
    if (code !== 0) throw new RingError('bad-argument', `a frame of ${section} was refused: ${READS[code]}`);
  }
}

/** What a region says of itself. */
export interface RegionState {
  /** 'closed': ended in good order. 'stale': the writer is gone, or its heartbeat silent for 2 s. */
  readonly state: 'live' | 'stale' | 'closed';
  readonly silenceMs: number;
  readonly writerPid: number;
  readonly createdMs: number;
  readonly runId: number;
  /** Publications so far, of each kind. */
  readonly published: Readonly<Record<SectionName, number>>;
}

/** Reads one region of any process of this user, without ever blocking its writer. */
export class PerceptionReader {
  readonly name: string;
  readonly sourceId: string;
  readonly #native: NativePerceptionReader;
  readonly #sequence = new Float64Array(1);
  readonly #state = new Float64Array(9);
  readonly #buffers: Readonly<Record<SectionName, Buffer>> = {
    detections: Buffer.alloc(FRAME_BYTES.detections),
    tracks: Buffer.alloc(FRAME_BYTES.tracks),
    timelines: Buffer.alloc(FRAME_BYTES.timelines),
  };

  /** Throws RingError 'not-found' or 'bad-layout' (not a region of this version, or not yet finished). */
  constructor(name: string) {
    const Native = binding().PerceptionReader;
    this.#native = withRingErrors(() => new Native(name));
    this.name = name;
    this.sourceId = this.#native.sourceId();
  }

  /** Copies the newest frame of a kind into `target` (FRAME_BYTES of it); its number with 'ok'. */
  copyInto(section: SectionName, target: Uint8Array): { result: FrameRead; sequence: number } {
    const code = withRingErrors(() => this.#native.read(SECTIONS[section], target, this.#sequence));
    return { result: READS[code] ?? 'bad-magic', sequence: this.#sequence[0] ?? 0 };
  }

  /** The newest frame of a kind. */
  read<K extends SectionName>(
    section: K,
  ): { result: 'ok'; sequence: number; frame: FrameOf[K] } | { result: Exclude<FrameRead, 'ok'> } {
    const buffer = this.#buffers[section];
    const { result, sequence } = this.copyInto(section, buffer);
    return result === 'ok' ? { result, sequence, frame: decodeFrame(section, buffer) } : { result };
  }

  state(): RegionState {
    const out = this.#state;
    withRingErrors(() => this.#native.state(out));
    const [silenceMs = 0, closed = 0, runs = 0, writerPid = 0, createdMs = 0, runId = 0] = out;
    const dead = runs === 0 || silenceMs > STALE_MS;
    const published = { detections: 0, tracks: 0, timelines: 0 };
    for (const name of SECTION_NAMES) published[name] = out[6 + SECTIONS[name]] ?? 0;
    return {
      state: closed !== 0 ? 'closed' : dead ? 'stale' : 'live',
      silenceMs,
      writerPid,
      createdMs,
      runId,
      published,
    };
  }

  /** The first bytes of the region as they are. */
  head(bytes = REGION_HEADER_BYTES): Buffer {
    const target = Buffer.alloc(bytes);
    withRingErrors(() => this.#native.head(target));
    return target;
  }

  /** Reads after this throw RingError 'bad-argument'. Idempotent. */
  close(): void {
    this.#native.close();
  }
}
