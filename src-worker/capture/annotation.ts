import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { annotateArguments } from './ffmpeg/arguments.ts';
import type { FfmpegBuild } from './ffmpeg/build.ts';
import { FfmpegChild, lineCutter } from './ffmpeg/child.ts';
import { explainFailure } from './ffmpeg/stderr.ts';
import { checkFile } from './file-check.ts';
import { decodeThreads } from './file-session.ts';
import { annotationFonts } from './fonts.ts';

export interface AnnotationOrder {
  readonly videoPath: string;
  readonly assPath: string;
  readonly outPath: string;
}

const PROGRESS = /^frame=\s*(\d+)$/;
const FULL = /No space left on device|ENOSPC|Disk quota exceeded/;
const UNWRITABLE = /Read-only file system|Permission denied|Is a directory|No such file or directory/;

/** Errors of the file that is written; those of the video that is read are explained elsewhere. */
export function outputError(log: readonly string[], partial: string): NamedError | null {
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

/**
 * Draws the boxes of an ASS script over a video into a new MP4 (H.264). The file appears under its name only when it
 * is whole. Resolves with the number of frames; throws the file errors of `checkFile`, output-unwritable, output-full,
 * ffmpeg-failed or, after `abort`, stopped.
 */
export async function renderAnnotation(
  build: FfmpegBuild,
  order: AnnotationOrder,
  onProgress: (frames: number) => void,
  abort: AbortSignal,
): Promise<number> {
  const outPath = path.resolve(order.outPath);
  await checkFile(order.videoPath);
  const folder = await mkdtemp(path.join(tmpdir(), 'ivis-annotation-'));
  // Beside its final place, so that the rename is one step on one file system.
  const partial = path.join(path.dirname(outPath), `.ivis-${process.pid}-${path.basename(folder)}.part`);
  try {
    await furnish(folder, order.assPath);
    const frames = await encode(build, { ...order, outPath: partial }, folder, onProgress, abort);
    await rename(partial, outPath).catch((thrown: unknown) => {
      throw placeError(thrown, `${outPath} cannot be put in place`);
    });
    return frames;
  } finally {
    await rm(partial, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

/** Inside its own folder everything has a plain name: nothing in a filter argument has to be escaped. */
async function furnish(folder: string, assPath: string): Promise<void> {
  try {
    await copyFile(assPath, path.join(folder, 'boxes.ass'));
    await mkdir(path.join(folder, 'fonts'));
    for (const font of await annotationFonts()) {
      await copyFile(font, path.join(folder, 'fonts', path.basename(font)));
    }
  } catch (thrown) {
    throw placeError(thrown, `the folder for temporary files ${folder} cannot be filled`);
  }
}

async function encode(
  build: FfmpegBuild,
  order: AnnotationOrder,
  folder: string,
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
  const args = annotateArguments(build, {
    videoPath: order.videoPath,
    assName: 'boxes.ass',
    fontsName: 'fonts',
    outPath: order.outPath,
    threads: decodeThreads(availableParallelism()),
  });
  const child = new FfmpegChild(build, args, {
    stdout: 'pipe',
    cwd: folder,
    onStdout: (text) => lines.push(text),
  });
  const stop = (): void => void child.stop(true);
  abort.addEventListener('abort', stop, { once: true });
  if (abort.aborted) stop();
  const end = await child.ended;
  abort.removeEventListener('abort', stop);
  if (abort.aborted) throw new NamedError('stopped', 'the annotated video was given up');
  if (end.code === 0 && frames > 0) return frames;
  const output = outputError(child.log, order.outPath);
  if (output !== null) throw output;
  const how = end.failed ?? (end.signal === null ? `code ${end.code}` : `signal ${end.signal}`);
  const error = explainFailure(child.log, {
    kind: 'ffmpeg-failed',
    message: `ffmpeg could not write the annotated video (${how})`,
  });
  throw new NamedError(error.kind, error.message);
}
