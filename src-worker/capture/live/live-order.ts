import type { Clock } from '#shared/clock.ts';
import type { WireError } from '#shared/contracts/wire-error.ts';
import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Gap, Hole } from '#shared/domain/gap.ts';
import type { LiveLimits } from '#shared/domain/live-limits.ts';
import type { LiveStatus } from '#shared/domain/live-state.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { RunMode } from '#shared/domain/run.ts';
import type { Login, SourceInput } from '#shared/domain/source-input.ts';
import type { Schedule } from '#shared/link/link-end.ts';
import type { FfmpegBuild } from '../ffmpeg/build.ts';
import type { WebcamSystem } from '../ffmpeg/webcam-arguments.ts';
import type { RecordingTap } from '../recording/recording-tap.ts';
import type { RingReady, SessionEnd } from '../session-order.ts';
import type { LiveEvent } from './live.ts';
import type { LivePolicy } from './live-policy.ts';

/** A live source, or a file that is played again and again, and how it is to be opened. */
export interface LiveOrder {
  readonly sourceId: string;
  readonly runId: number;
  readonly input: SourceInput;
  readonly login: Login | null;
  readonly mode: RunMode;
  readonly ring: string;
  readonly slots: number;
  /** What the time until the first picture is part of; null: nothing but this connecting. */
  readonly hole?: Hole | null;
  /** The camera refused this login a moment ago. */
  readonly refused?: Refusal | null;
  /** Left out: those of the policy. */
  readonly limits?: LiveLimits;
}

export interface LiveSurroundings {
  readonly build: () => Promise<FfmpegBuild>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly policy: LivePolicy;
  readonly webcamSystem: WebcamSystem | null;
  /** Takes the compressed packets of every attempt, if there is one. */
  readonly tap?: RecordingTap;
  /** Resolves when whoever analyses has registered at the ring. */
  readonly openReader: (ready: RingReady) => Promise<void>;
  /** To be analysed. */
  readonly onFrame: (frame: FrameDescriptor) => void;
  /** To be shown: also what is not analysed. */
  readonly onPicture: (frame: FrameDescriptor) => void;
  /** Decoded and left out here, since the last call. */
  readonly onDropped: (reason: DropReason, frames: number) => void;
  readonly onGapBegan: (gap: Gap) => void;
  readonly onGapEnded: (gap: Gap) => void;
  /** Something to be known that leaves nothing out: a gap of no length, its end told with its beginning. */
  readonly onNote: (gap: Gap) => void;
  readonly onStatus: (status: LiveStatus) => void;
  readonly onDescribed: (media: MediaInfo) => void;
  readonly onProgress: (decoded: number, ptsMs: number | null) => void;
  /** Called exactly once, last. */
  readonly onEnd: (end: SessionEnd) => void;
  readonly onWarning: (what: string, fields: Record<string, string | number>) => void;
}

/** The event that the order begins with: a refusal of a moment ago holds on. */
export function openedBy({ refused }: LiveOrder, { monoMs, wallMs }: Clock): LiveEvent {
  if (refused === undefined || refused === null) return { type: 'opened' };
  const untilMs = monoMs() + refused.nextTryWallMs - wallMs();
  return { type: 'opened', refused: { cause: refused.cause, untilMs } };
}

export const stoppedOnRequest: WireError = { kind: 'stopped', message: 'closed on request' };
