import type { Clock } from '#shared/clock.ts';
import type { WireError } from '#shared/contracts/wire-error.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Gap } from '#shared/domain/gap.ts';
import type { RunMode } from '#shared/domain/run.ts';
import type { Schedule } from '#shared/link/link-end.ts';
import type { FfmpegBuild } from './ffmpeg/build.ts';

/** What is to be opened, and how. */
export interface SessionOrder {
  readonly sourceId: string;
  readonly runId: number;
  readonly path: string;
  readonly mode: RunMode;
  readonly ring: string;
  readonly slots: number;
}

/** A ring that stands, as its reader has to know it. */
export interface RingReady {
  readonly ring: string;
  readonly epoch: number;
  readonly width: number;
  readonly height: number;
}

export interface SessionEnd {
  readonly decoded: number;
  readonly lastPtsMs: number | null;
  readonly complete: boolean;
  readonly error: WireError | null;
  readonly decodeErrors: number;
}

export interface SessionSurroundings {
  readonly build: () => Promise<FfmpegBuild>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Resolves when whoever analyses has registered at the ring. */
  readonly openReader: (ready: RingReady) => Promise<void>;
  readonly onFrame: (frame: FrameDescriptor) => void;
  /** A hole in the middle, with its end; the next frame is the first behind it. */
  readonly onGap: (gap: Gap) => void;
  readonly onWarning: (what: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly onProgress: (decoded: number, ptsMs: number | null) => void;
  /** Called exactly once for a session that was opened, never for one whose `open` failed. */
  readonly onEnd: (end: SessionEnd) => void;
}
