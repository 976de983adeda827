import path from 'node:path';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import { isWhole } from './container-end.ts';
import { MAX_PIXELS, probeArguments } from './ffmpeg/arguments.ts';
import type { FfmpegBuild } from './ffmpeg/build.ts';
import { type ChildEnd, FfmpegChild } from './ffmpeg/child.ts';
import { explainFailure, type ProbeFacts, parseProbe } from './ffmpeg/stderr.ts';
import { type CheckedFile, checkFile } from './file-check.ts';
import { feedStretch, type StretchStart } from './transport/coded-stretch.ts';

/** What is known of a file before decoding: for people, and for judging at the end whether all of it came. */
export interface ProbedMedia {
  readonly info: MediaInfo;
  /** The duration is what the container says, not worked out from bytes. */
  readonly durationPromised: boolean;
  /** The file is as long as its container says; null when the container does not say. */
  readonly whole: boolean | null;
  /** First time of the container's own clock. */
  readonly startMs: number | null;
  /** Its coding may change in the middle, which the container says and ffmpeg takes no notice of. */
  readonly codingMayChange: boolean;
}

const PROBE_LIMIT_MS = 20_000;

/** MediaInfo out of what the log and the file system said. */
function mediaInfo(file: string, facts: ProbeFacts, checked: CheckedFile): MediaInfo {
  const { fps, durationMs, createdWallMs } = facts;
  const expected = fps === null || durationMs === null ? null : Math.round((durationMs * fps) / 1000);
  return {
    path: file,
    container: facts.container,
    codec: facts.codec,
    width: facts.width,
    height: facts.height,
    rotation: facts.rotation,
    fps,
    durationMs,
    expectedFrames: expected,
    // A file is modified when its last frame is written, so its first is a duration earlier.
    startWallMs: createdWallMs ?? Math.round(checked.modifiedWallMs - (durationMs ?? 0)),
    startBasis: createdWallMs === null ? 'file-modified' : 'container',
  };
}

/** What is told of a stretch of a file. */
export type ProbedStretch = Pick<ProbeFacts, 'codec' | 'width' | 'height' | 'startMs'>;

async function endWithin(child: FfmpegChild, limitMs: number): Promise<ChildEnd | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limitMs);
  });
  const end = await Promise.race([child.ended, late]);
  clearTimeout(timer);
  if (end === null) await child.stop(true);
  return end;
}

/**
 * Looks at a video file and decodes its first picture. Throws the file errors of `checkFile`, and file-no-picture,
 * file-refused, file-incomplete, frame-too-large, file-not-video, ffmpeg-missing or ffmpeg-failed.
 */
export async function probeMedia(build: FfmpegBuild, file: string): Promise<ProbedMedia> {
  const absolute = path.resolve(file);
  const checked = await checkFile(absolute);
  const child = new FfmpegChild(build, probeArguments(build, absolute), { stdout: 'ignore' });
  const facts = await factsFrom(child, absolute, absolute);
  if (facts.width * facts.height > MAX_PIXELS) {
    throw new NamedError('frame-too-large', `${absolute}: ${facts.width}x${facts.height} pixels`);
  }
  const whole = await isWhole(absolute, checked);
  // Of an AVI without its index, which stands at the end, ffmpeg takes the duration from the size of the file.
  const measured = facts.durationGuessed || (checked.family === 'avi' && whole === false);
  return {
    info: mediaInfo(absolute, facts, checked),
    durationPromised: facts.durationMs !== null && !measured,
    whole,
    startMs: facts.startMs,
    codingMayChange: checked.family === 'mpegts',
  };
}

/** Looks at a stretch of a transport stream as `probeMedia` at a file. Throws NamedErrors of the same kinds. */
export function probeStretch(build: FfmpegBuild, file: string, start: StretchStart): Promise<ProbedStretch> {
  const child = new FfmpegChild(build, probeArguments(build, null), {
    stdout: 'ignore',
    onInput: (input) => void feedStretch(file, start, input),
  });
  return factsFrom(child, null, file);
}

/** `input`: what the log names it by. */
async function factsFrom(child: FfmpegChild, input: string | null, name: string): Promise<ProbeFacts> {
  const end = await endWithin(child, PROBE_LIMIT_MS);
  if (end === null) {
    throw new NamedError(
      'ffmpeg-failed',
      `ffmpeg could not tell within ${PROBE_LIMIT_MS} ms what is in ${name}`,
    );
  }
  if (end.failed !== null) throw new NamedError('ffmpeg-missing', end.failed);
  const facts = end.code === 0 ? parseProbe(child.log, input) : null;
  if (facts !== null) return facts;
  const fallback =
    end.signal === null
      ? ({ kind: 'file-not-video', message: 'no decodable picture in this file' } as const)
      : ({ kind: 'ffmpeg-failed', message: `ffmpeg was ended by ${end.signal}` } as const);
  const error = explainFailure(child.log, fallback);
  throw new NamedError(error.kind, `${name}: ${error.message}`);
}
