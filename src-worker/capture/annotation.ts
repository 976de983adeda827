import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { annotateArguments } from './ffmpeg/arguments.ts';
import type { FfmpegBuild } from './ffmpeg/build.ts';
import { placeError, writeFilm } from './ffmpeg/film-writer.ts';
import { checkFile } from './file-check.ts';
import { decodeThreads } from './file-pass.ts';
import { annotationFonts } from './fonts.ts';

export interface AnnotationOrder {
  readonly videoPath: string;
  readonly assPath: string;
  readonly outPath: string;
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
    const args = annotateArguments(build, {
      videoPath: order.videoPath,
      assName: 'boxes.ass',
      fontsName: 'fonts',
      outPath: partial,
      threads: decodeThreads(availableParallelism()),
    });
    const film = { args, outPath: partial, what: 'the annotated video', folder };
    const frames = await writeFilm(build, film, onProgress, abort);
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
