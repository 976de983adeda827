import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ffmpeg } from '../fixtures/ffmpeg.ts';

/** Pictures of a test camera: an elementary stream with a mark before each picture and parameters at each key frame. */
export interface CameraClip {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/**
 * `moving`: a test picture. `still`: one picture, every sample equal. `detailed`: another, of which key frames
 * make more. `noisy`: a motionless scene under the noise of a
 * sensor. `faint`: under as little as a good sensor by day has, two steps of 255. `black`: with such noise.
 */
export type CameraScene = 'moving' | 'still' | 'detailed' | 'noisy' | 'faint' | 'black';

const SCENES: Readonly<Record<CameraScene, { source: (size: string) => string; filter: string }>> = {
  moving: { source: (size) => `testsrc2=size=${size}:rate=25`, filter: 'null' },
  still: { source: (size) => `smptebars=size=${size}:rate=25`, filter: 'null' },
  detailed: {
    source: (size) => `mandelbrot=size=${size}:rate=25,trim=end_frame=1,loop=loop=-1:size=1,setpts=N/25/TB`,
    filter: 'null',
  },
  noisy: { source: (size) => `smptebars=size=${size}:rate=25`, filter: 'noise=alls=12:allf=t' },
  faint: { source: (size) => `smptebars=size=${size}:rate=25`, filter: 'noise=alls=2:allf=t' },
  black: { source: (size) => `color=black:size=${size}:rate=25`, filter: 'noise=alls=4:allf=t' },
};

export interface ClipOrder {
  readonly scene?: CameraScene;
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
  readonly codec?: 'h264' | 'h265';
  /** Pictures in a row that refer to later ones. */
  readonly bFrames?: number;
  /** How samples are stored; 8 bits in 4:2:0 unless said. */
  readonly samples?: 'yuv420p' | 'yuv420p10le' | 'yuv422p' | 'yuv422p10le';
  /** Two half pictures in one, the upper line first (H.264 only). */
  readonly interlaced?: boolean;
  /** Coded with less haste (H.264 only): each picture refines the one before, and each key frame begins anew. */
  readonly sparing?: boolean;
}

/** Makes a clip; it loops without a seam, as it begins with a key frame. */
export async function cameraClip(file: string, order: ClipOrder = {}): Promise<CameraClip> {
  const { scene = 'moving', width = 320, height = 240, seconds = 4, codec = 'h264', bFrames = 0 } = order;
  const { samples = 'yuv420p', interlaced = false, sparing = false } = order;
  const { source, filter } = SCENES[scene];
  const marks = 'aud=1:repeat-headers=1';
  const pace = sparing ? ['-preset', 'veryfast'] : ['-preset', 'ultrafast'];
  const coding =
    codec === 'h264'
      ? ['-c:v', 'libx264', ...pace, '-x264-params', `${marks}:sliced-threads=0:threads=1`]
      : [
          '-c:v',
          'libx265',
          '-preset',
          'ultrafast',
          '-x265-params',
          `${marks}:log-level=error:bframes=${bFrames}`,
        ];
  await ffmpeg(
    ...['-f', 'lavfi', '-i', source(`${width}x${height}`), '-t', String(seconds), '-vf', filter],
    ...[...coding, '-g', '25', '-bf', String(bFrames), '-pix_fmt', samples],
    ...(interlaced ? ['-flags', '+ildct+ilme', '-top', '1'] : []),
    ...['-f', codec === 'h264' ? 'h264' : 'hevc', `file:${path.resolve(file)}`],
  );
  return { path: file, width, height, fps: 25 };
}

/** A film as a camera sends it: parameters and a mark before each key frame, one a second, no pictures out of order. */
export async function cameraFilm(file: string, film: string): Promise<string> {
  await ffmpeg(
    ...['-i', `file:${path.resolve(film)}`, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20'],
    ...['-x264-params', 'aud=1:repeat-headers=1', '-g', '25', '-bf', '0', '-f', 'h264'],
    `file:${path.resolve(file)}`,
  );
  return file;
}

/** One clip after the other, as a camera whose picture changes in mid-stream. */
export async function joinedClip(file: string, clips: readonly CameraClip[]): Promise<CameraClip> {
  const parts = await Promise.all(clips.map((clip) => readFile(clip.path)));
  await writeFile(file, Buffer.concat(parts));
  const [first] = clips;
  return { path: file, width: first?.width ?? 0, height: first?.height ?? 0, fps: first?.fps ?? 25 };
}
