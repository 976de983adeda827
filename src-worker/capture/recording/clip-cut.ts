import { open, rename, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { type ClipMade, type ClipOrder, MAX_CLIP_MS } from '#shared/domain/recording.ts';
import type { FfmpegBuild } from '../ffmpeg/build.ts';
import { exactArguments, repackArguments } from '../ffmpeg/clip-arguments.ts';
import { placeError, writeFilm } from '../ffmpeg/film-writer.ts';
import { decodeThreads } from '../file-pass.ts';
import { ClipJoin, type Joined } from './clip-join.ts';
import { EbmlError } from './ebml.ts';

const MATROSKA = /\.mkv$/i;
let clips = 0;

/**
 * Cuts a clip out of segments into an MP4 (or, by the name, Matroska) file, which appears under its name only when it
 * is whole. Says what it really holds. Throws bad-argument, file-no-picture (nothing was recorded then), file-not-found,
 * output-unwritable, output-full, ffmpeg-failed or, after `abort`, stopped.
 */
export async function cutClip(
  build: FfmpegBuild,
  order: ClipOrder,
  onProgress: (frames: number) => void,
  abort: AbortSignal,
): Promise<ClipMade> {
  const lengthMs = order.toWallMs - order.fromWallMs;
  if (!(lengthMs > 0 && lengthMs <= MAX_CLIP_MS)) {
    throw new NamedError(
      'bad-argument',
      `a clip lasts up to ${MAX_CLIP_MS / 1000} s, not ${lengthMs / 1000} s`,
    );
  }
  const outPath = path.resolve(order.outPath);
  // Beside its final place: the rename is one step on one file system, and there has to be room there anyway.
  const stem = path.join(path.dirname(outPath), `.ivis-${process.pid}-clip-${clips++}`);
  const joinPath = `${stem}-join.part`;
  const partial = `${stem}.part`;
  try {
    const joined = await join(joinPath, order, abort);
    const frames = await write(
      build,
      { ...order, outPath: partial, name: outPath },
      { joined, joinPath },
      onProgress,
      abort,
    );
    const bytes = await settle(partial, outPath);
    const { fromWallMs, toWallMs } = order.exact ? joined.asked : joined.whole;
    return { fromWallMs, toWallMs, frames, bytes, gaps: joined.gaps };
  } finally {
    await rm(joinPath, { force: true });
    await rm(partial, { force: true });
  }
}

async function join(joinPath: string, order: ClipOrder, abort: AbortSignal): Promise<Joined> {
  try {
    return await ClipJoin.write(joinPath, order.pieces, order, abort);
  } catch (thrown) {
    if (thrown instanceof EbmlError) throw new NamedError('file-not-video', thrown.message);
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT' && 'path' in thrown) {
      const gone = order.pieces.some((piece) => piece.path === thrown.path);
      if (gone) throw new NamedError('file-not-found', `${thrown.path} was deleted meanwhile`);
    }
    throw placeError(thrown, 'the pictures of the clip cannot be put together');
  }
}

function write(
  build: FfmpegBuild,
  { exact, outPath, name }: ClipOrder & { readonly name: string },
  { joined, joinPath }: { readonly joined: Joined; readonly joinPath: string },
  onProgress: (frames: number) => void,
  abort: AbortSignal,
): Promise<number> {
  const mp4 = !MATROSKA.test(name);
  const { codec } = joined.header;
  const args = exact
    ? exactArguments(build, {
        path: joinPath,
        outPath,
        fromMs: joined.askedFromMs,
        toMs: joined.askedToMs,
        mp4,
        threads: decodeThreads(availableParallelism()),
      })
    : repackArguments(build, { path: joinPath, outPath, codec, mp4 });
  return writeFilm(build, { args, outPath, what: 'the clip' }, onProgress, abort);
}

/** On disk first, then under its name. */
async function settle(partial: string, outPath: string): Promise<number> {
  try {
    const handle = await open(partial, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(partial, outPath);
    return (await stat(outPath)).size;
  } catch (thrown) {
    throw placeError(thrown, `${outPath} cannot be put in place`);
  }
}
