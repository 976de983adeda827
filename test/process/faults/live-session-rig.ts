import { monoMs, RingReader, unlinkRing } from '#native';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Gap } from '#shared/domain/gap.ts';
import type { LiveStatus } from '#shared/domain/live-state.ts';
import type { SourceInput } from '#shared/domain/source-input.ts';
import type { FfmpegBuild } from '../../../src-worker/capture/ffmpeg/build.ts';
import type { WebcamSystem } from '../../../src-worker/capture/ffmpeg/webcam-arguments.ts';
import { type LivePolicy, livePolicy } from '../../../src-worker/capture/live/live-policy.ts';
import { LiveSession } from '../../../src-worker/capture/live/live-session.ts';
import type { RecordingTap } from '../../../src-worker/capture/recording/recording-tap.ts';
import type { SessionEnd } from '../../../src-worker/capture/session-order.ts';

let rigs = 0;

/** A webcam that ffmpeg makes up, as ffmpeg names its picture; opened with the webcam system `lavfi`. */
export const madeUpWebcam = (picture = 'testsrc2=size=160x120:rate=25') =>
  ({ kind: 'webcam', device: picture, width: null, height: null, fps: null }) as const;

export interface SessionRigOptions {
  readonly build: () => Promise<FfmpegBuild>;
  readonly policy?: Partial<LivePolicy>;
  readonly webcamSystem?: WebcamSystem;
  readonly slots?: number;
  readonly tap?: RecordingTap;
}

/** A live session with surroundings that can be chosen: another ffmpeg, shorter waits, a webcam system. */
export class SessionRig {
  readonly ring = `/ivis-test-s${process.pid.toString(36)}-${(rigs++).toString(36)}`;
  readonly frames: FrameDescriptor[] = [];
  readonly gaps: Gap[] = [];
  readonly statuses: LiveStatus[] = [];
  readonly warnings: string[] = [];
  readonly rings: { epoch: number; width: number; height: number }[] = [];
  dropped = 0;
  end: SessionEnd | null = null;
  readonly session: LiveSession;
  #reader: RingReader | null = null;

  constructor(input: SourceInput, { build, policy = {}, webcamSystem, slots = 6, tap }: SessionRigOptions) {
    const order = {
      sourceId: 'test',
      runId: 7,
      input,
      login: null,
      mode: 'live' as const,
      ring: this.ring,
      slots,
    };
    this.session = new LiveSession(order, {
      build,
      clock: { monoMs, wallMs: () => Date.now() },
      schedule: (delayMs, fire) => {
        const timer = setTimeout(fire, delayMs);
        return () => clearTimeout(timer);
      },
      policy: { ...livePolicy, random: () => 0.5, ...policy },
      webcamSystem: webcamSystem ?? null,
      ...(tap === undefined ? {} : { tap }),
      openReader: async ({ ring, ...size }) => {
        this.#reader?.close();
        this.#reader = RingReader.open(ring, { register: true });
        this.rings.push(size);
      },
      onFrame: (frame) => {
        this.frames.push(frame);
        this.#reader?.release(frame.seq + 1);
      },
      onPicture: () => {},
      onDropped: (_reason, frames) => {
        this.dropped += frames;
      },
      onGapBegan: (gap) => void this.gaps.push(gap),
      onGapEnded: (gap) => {
        this.gaps[this.gaps.findIndex(({ number }) => number === gap.number)] = gap;
      },
      onNote: (gap) => void this.gaps.push(gap),
      onStatus: (status) => void this.statuses.push(status),
      onDescribed: () => {},
      onProgress: () => {},
      onEnd: (end) => {
        this.end = end;
      },
      onWarning: (what, fields) => void this.warnings.push(`${what} ${JSON.stringify(fields)}`),
    });
  }

  get status(): LiveStatus | null {
    return this.statuses.at(-1) ?? null;
  }

  async until(what: string, reached: () => boolean, limitMs = 15_000): Promise<void> {
    const began = monoMs();
    while (!reached()) {
      if (monoMs() - began > limitMs) {
        throw new Error(`not within ${limitMs} ms: ${what}; ${JSON.stringify(this.status)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async tearDown(): Promise<void> {
    await this.session.close();
    this.#reader?.close();
    unlinkRing(this.ring);
  }
}
