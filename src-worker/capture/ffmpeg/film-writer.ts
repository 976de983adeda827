import path from 'node:path';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { FfmpegBuild } from './build.ts';
import { FfmpegChild, lineCutter } from './child.ts';
import { explainFailure } from './stderr.ts';

/** A film that ffmpeg is to write. */
export interface FilmOrder {
  readonly args: readonly string[];
  /** The file that `args` name as the output. */
  readonly outPath: string;
  /** As people call it: `the clip`. */
  readonly what: string;
  /** Where ffmpeg runs. */
  readonly folder?: string;
}

const PROGRESS = /^frame=\s*(\d+)$/;
const FULL = /No space left on device|ENOSPC|Disk quota exceeded/;
const UNWRITABLE = /Read-only file system|Permission denied|Is a directory|No such file or directory/;

/**
 * Has ffmpeg write a film, and kills it when that is given up. Resolves with the number of its frames; rejects with
 * output-unwritable, output-full, what is wrong with what it reads, ffmpeg-failed or, after `abort`, stopped.
 */
export async function writeFilm(
  build: FfmpegBuild,
  { args, outPath, what, folder }: FilmOrder,
  onProgress: (frames: number) => void,
  abort: AbortSignal,
): Promise<number> {
  let frames = 0;
  const lines = lineCutter((line) => {
    const match = PROGRESS.exec(line);
    if (match === null) return;
    frames = Number(match[1]);
    onProgress(frames);
  });
  const child = new FfmpegChild(build, args, {
    stdout: 'pipe',
    ...(folder === undefined ? {} : { cwd: folder }),
    onStdout: (text) => lines.push(text),
  });
  const stop = (): void => void child.stop(true);
  abort.addEventListener('abort', stop, { once: true });
  if (abort.aborted) stop();
  const end = await child.ended;
  abort.removeEventListener('abort', stop);
  if (abort.aborted) throw new NamedError('stopped', `${what} was given up`);
  if (end.code === 0 && frames > 0) return frames;
  const output = outputError(child.log, outPath);
  if (output !== null) throw output;
  const how = end.failed ?? (end.signal === null ? `code ${end.code}` : `signal ${end.signal}`);
  const fallback = { kind: 'ffmpeg-failed', message: `ffmpeg could not write ${what} (${how})` } as const;
  const error = explainFailure(child.log, fallback);
  throw new NamedError(error.kind, error.message);
}

/** Errors of the file that is written; those of the video that is read are explained elsewhere. */
function outputError(log: readonly string[], partial: string): NamedError | null {
  const folder = path.dirname(partial);
  if (FULL.test(log.join('\n'))) return new NamedError('output-full', `the disk is full: ${folder}`);
  const line = log.find((entry) => UNWRITABLE.test(entry) && entry.includes(path.basename(partial)));
  return line === undefined
    ? null
    : new NamedError('output-unwritable', `files cannot be written to ${folder}`);
}

/** An error of the file system, while files are put in place. */
export function placeError(thrown: unknown, what: string): NamedError {
  if (thrown instanceof NamedError) return thrown;
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new NamedError(FULL.test(why) ? 'output-full' : 'output-unwritable', `${what}: ${why}`);
}
