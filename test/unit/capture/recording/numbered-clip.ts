import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { ffmpeg } from '../../../fixtures/ffmpeg.ts';

const BITS = 12;
const BAR = 8;
const WIDTH = BITS * BAR;
const HEIGHT = 32;

export interface NumberedShape {
  readonly frames: number;
  readonly fps?: number;
  /** Distance of key frames, in frames. */
  readonly keyEvery?: number;
  readonly bFrames?: number;
  readonly codec?: readonly string[];
  readonly height?: number;
}

/** A film whose pictures carry their number as black and white bars, so that each can be told by looking at it. */
export async function numberedClip(file: string, shape: NumberedShape): Promise<string> {
  const { frames, fps = 25, keyEvery = 25, bFrames = 0, height = HEIGHT } = shape;
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', String(bFrames), '-crf', '20'];
  const bars = `lum='20+200*mod(floor(N/pow(2,floor(X/${BAR}))),2)':cb=128:cr=128`;
  await ffmpeg(
    ...[
      '-f',
      'lavfi',
      '-i',
      `nullsrc=size=${WIDTH}x${height}:rate=${fps},geq=${bars},noise=alls=25:allf=t,format=yuv420p`,
    ],
    ...['-frames:v', String(frames), ...(shape.codec ?? h264), '-g', String(keyEvery)],
    ...['-sc_threshold', '0', `file:${path.resolve(file)}`],
  );
  return file;
}

/** The numbers of the pictures in a film, in the order in which they are shown. Fails on what does not decode. */
export async function numbersIn(file: string, height = HEIGHT): Promise<number[]> {
  const raw = `${file}.gray`;
  await ffmpeg(
    ...['-err_detect', 'explode', '-i', `file:${path.resolve(file)}`, '-map', '0:v:0', '-vsync', '0'],
    ...['-f', 'rawvideo', '-pix_fmt', 'gray', `file:${path.resolve(raw)}`],
  );
  const pictures = await readFile(raw);
  await rm(raw);
  const numbers: number[] = [];
  for (let at = 0; at + WIDTH * height <= pictures.length; at += WIDTH * height) {
    let number = 0;
    for (let bit = 0; bit < BITS; bit++) {
      const grey = pictures[at + (height / 2) * WIDTH + bit * BAR + BAR / 2] ?? 0;
      if (grey > 128) number += 2 ** bit;
    }
    numbers.push(number);
  }
  return numbers;
}

/** first, first + 1, ... last. */
export const counted = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n);
