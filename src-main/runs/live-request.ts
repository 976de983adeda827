import type { WireError } from '#shared/contracts/wire-error.ts';
import type { Gap, Hole } from '#shared/domain/gap.ts';
import type { LiveLimits } from '#shared/domain/live-limits.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { RunProgress, RunSettings } from '#shared/domain/run.ts';
import type { LiveInput, Login } from '#shared/domain/source-input.ts';
import type { RecordingHook } from '../recording/recording-hook.ts';
import type { RunFinished } from './run-events.ts';

export interface LiveRequest {
  readonly sourceId: string;
  readonly input: LiveInput;
  readonly settings: RunSettings;
  readonly login: Login | null;
  /** Since when and why nothing was seen of it. */
  readonly hole: Hole;
  /** The camera refused this login a moment ago. */
  readonly refused: Refusal | null;
  /** As they are now. */
  limits(): LiveLimits;
  /** Told of the capture process, which records what goes through it. */
  readonly recording: RecordingHook | null;
}

export interface LiveEvents {
  /** Its capture process has its links, and those of the window may be made. */
  captureStarted(): void;
  /** The camera is opened for the run, or its pictures are taken over by it. */
  regained(): void;
  described(media: MediaInfo): void;
  gapBegan(gap: Gap): void;
  gapEnded(gap: Gap): void;
  progressed(progress: RunProgress): void;
}

/** What happens to all live sources at once. */
export type LiveNews =
  /** The computer sleeps; `noticed`: or slept since then. */
  | { readonly type: 'suspended'; readonly fromWallMs: number; readonly noticed: boolean }
  /** It is awake. */
  | { readonly type: 'resumed' }
  /** Other limits hold. */
  | { readonly type: 'limited' };

export interface LiveOutcome {
  readonly finished: RunFinished | null;
  /** What was told last when the run could not be finished. */
  readonly last: RunProgress | null;
  readonly died: 'capture' | 'detection' | null;
  /** The stream has an end and it was reached. */
  readonly over: boolean;
  readonly error: WireError | null;
  /** Up to then it is known what was seen, or that nothing was. */
  readonly knownToWallMs: number;
  /** The hole it began in is among its gaps. */
  readonly holeTold: boolean;
  /** The camera is connected still: another run may take its pictures over. */
  readonly kept: boolean;
}
