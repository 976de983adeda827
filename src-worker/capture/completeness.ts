import type { WireError } from '#shared/contracts/wire-error.ts';
import { explainFailure } from './ffmpeg/stderr.ts';

/** Everything known when decoding of a file is over. Times in milliseconds of media time. */
export interface DecodingEnd {
  /** ffmpeg's own end. Its exit code is 0 for many a file that was cut off. */
  readonly code: number | null;
  readonly signal: string | null;
  /** ffmpeg could not be started: the system's words. */
  readonly failed: string | null;
  /** How the pipe with the pictures ended. */
  readonly stream: 'eof' | 'truncated' | 'corrupt' | 'closed';
  readonly streamMessage: string;
  /** Why ivis itself ended it, if it did. */
  readonly stopped: WireError | null;
  readonly decoded: number;
  readonly lastPtsMs: number | null;
  /** Usual distance between two frames. */
  readonly frameMs: number;
  /** Duration that the container promises; null when it promises none. */
  readonly durationMs: number | null;
  readonly whole: boolean | null;
  readonly decodeErrors: number;
  /** ffmpeg itself met the end of the file too early. */
  readonly cutOff: boolean;
  readonly log: readonly string[];
}

export interface Verdict {
  readonly complete: boolean;
  readonly error: WireError | null;
}

/** Containers round durations; beyond one and a half frames something is missing. */
const REACH_FRAMES = 1.5;
const ROUNDING_MS = 25;

const seconds = (ms: number): string => (ms / 1000).toFixed(2);

/** Ended before the end of the film, with the words for why. */
export function incomplete(
  end: Pick<DecodingEnd, 'lastPtsMs' | 'frameMs' | 'durationMs'>,
  why: string,
): Verdict {
  const reached = seconds((end.lastPtsMs ?? 0) + end.frameMs);
  const of = end.durationMs === null ? '' : ` of ${seconds(end.durationMs)} s`;
  return {
    complete: false,
    error: { kind: 'file-incomplete', message: `incomplete at ${reached} s${of}: ${why}` },
  };
}

/** True when the last picture lies where the container says the film ends. */
function reachesEnd(end: DecodingEnd): boolean {
  if (end.durationMs === null) return end.whole !== false;
  const shownUntilMs = (end.lastPtsMs ?? 0) + end.frameMs;
  return shownUntilMs + end.frameMs * (REACH_FRAMES - 1) + ROUNDING_MS >= end.durationMs;
}

/**
 * Decides whether all of a file was decoded: from the pictures that came and the container's promise, never from an
 * exit code alone. A film shorter than its container (sound goes on) is complete when the file is whole and nothing
 * failed to decode.
 */
export function judgeEnd(end: DecodingEnd): Verdict {
  const fail = (error: WireError): Verdict => ({ complete: false, error });
  if (end.stopped !== null) return fail(end.stopped);
  if (end.failed !== null) return fail({ kind: 'ffmpeg-missing', message: end.failed });
  if (end.signal !== null) {
    return fail({
      kind: 'ffmpeg-failed',
      message: `ffmpeg was ended by ${end.signal} after ${end.decoded} frames`,
    });
  }
  if (end.code !== 0) {
    const fallback: WireError = {
      kind: 'ffmpeg-failed',
      message: `ffmpeg left with code ${end.code} after ${end.decoded} frames`,
    };
    const error = explainFailure(end.log, fallback);
    return error.kind === 'file-incomplete' ? incomplete(end, error.message) : fail(error);
  }
  if (end.stream !== 'eof') {
    return fail({
      kind: 'ffmpeg-failed',
      message: `the stream from ffmpeg is ${end.stream}: ${end.streamMessage}`,
    });
  }
  if (end.decoded === 0) {
    return fail(
      explainFailure(end.log, { kind: 'file-no-picture', message: 'not one picture could be decoded' }),
    );
  }
  if (end.cutOff) return incomplete(end, 'the file was cut off');
  if (reachesEnd(end)) return { complete: true, error: null };
  if (end.whole === false) return incomplete(end, 'the file was cut off');
  if (end.decodeErrors > 0) {
    return incomplete(end, `pictures at the end could not be decoded (${end.decodeErrors} errors)`);
  }
  return { complete: true, error: null };
}
