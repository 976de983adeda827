import path from 'node:path';
import type { RunMode } from '#shared/domain/run.ts';
import type { FfmpegBuild } from './build.ts';

/**
 * Containers that may be opened. Content, not the file's name, decides which demuxer runs, so this list is what keeps
 * playlists (which open other files and addresses) out.
 */
const CONTAINERS = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts';
/** Video decoders that may run: what cameras, recorders and phones write. Names of old and new builds. */
export const VIDEO_DECODERS = [
  'h264,hevc,mjpeg,mpeg4,msmpeg4v1,msmpeg4v2,msmpeg4,h263,mpeg1video,mpeg2video',
  'vp8,vp9,libvpx,libvpx-vp9,av1,libaom-av1,libdav1d,rawvideo,ffv1,prores,dvvideo',
].join(',');
/** 8K UHD; a larger picture is refused before memory is taken for it. */
export const MAX_PIXELS = 7680 * 4320;

/** What the argument builders need of a build. */
export type BuildOptions = Pick<FfmpegBuild, 'options'> & Partial<Pick<FfmpegBuild, 'library'>>;

/** Absolute path with the protocol named: no file name can be taken for an option, a protocol or a device. */
export function fileUrl(file: string): string {
  return `file:${path.resolve(file)}`;
}

/** An option with its value, for builds that have it. */
export const whenKnown = (build: BuildOptions, name: string, value: string): string[] =>
  build.options.has(name) ? [`-${name}`, value] : [];

/** Every frame once, at its own time: neither doubled nor dropped to fit a rate. */
export const everyFrame = (build: BuildOptions): string[] =>
  build.options.has('fps_mode') ? ['-fps_mode', 'passthrough'] : ['-vsync', '0'];

/** libavformat of ffmpeg 6.1, the first that calls the source's time base "demux". */
const NAMES_TIME_BASE = [60, 16] as const;

/** Time base of the source kept, else the raw encoder rounds times to 1/rate. */
const sourceTimeBase = ({ options, library: [major, minor] = [0, 0] }: BuildOptions): string[] => {
  const named = major > NAMES_TIME_BASE[0] || (major === NAMES_TIME_BASE[0] && minor >= NAMES_TIME_BASE[1]);
  return options.has('enc_time_base') ? ['-enc_time_base', named ? 'demux' : '-1'] : [];
};

/** What every call begins with: no questions, no figures, a log with levels. */
export const globals = (level: 'info' | 'warning'): string[] => [
  '-hide_banner',
  '-nostdin',
  '-nostats',
  '-loglevel',
  `level+${level}`,
];

/** A file as input, with what guards against hostile ones; its first video only. Null: what comes through standard input. */
export function fileInput(build: BuildOptions, file: string | null, threads: number): string[] {
  return [
    ...whenKnown(build, 'protocol_whitelist', 'file,pipe'),
    ...whenKnown(build, 'format_whitelist', CONTAINERS),
    ...whenKnown(build, 'codec_whitelist', VIDEO_DECODERS),
    ...whenKnown(build, 'max_pixels', String(MAX_PIXELS)),
    '-threads',
    String(threads),
    '-i',
    file === null ? 'pipe:0' : fileUrl(file),
    '-map',
    '0:v:0',
    '-an',
    '-sn',
    '-dn',
  ];
}

/** Decodes one frame to nowhere: the log tells container, codec, rotation and the upright size. */
export function probeArguments(build: BuildOptions, file: string | null): string[] {
  return [
    ...globals('info'),
    ...fileInput(build, file, 1),
    '-frames:v',
    '1',
    ...everyFrame(build),
    '-f',
    'null',
    '-',
  ];
}

export interface DecodeOrder {
  /** Null: it comes through standard input. */
  readonly path: string | null;
  readonly mode: RunMode;
  /** Upright size from the probe, pixels. */
  readonly width: number;
  readonly height: number;
  readonly threads: number;
  /** Where the pictures go: `pipe:1`, or the path of a named pipe. */
  readonly output: string;
}

/**
 * A filter that lets pictures of exactly this size through untouched and fails on any other. Without it ffmpeg
 * rescales silently to the first size when the picture changes in mid-stream, and boxes would lie.
 */
export function sizeGuard(width: number, height: number): string {
  const w = `if(eq(iw\\,${width})*eq(ih\\,${height})\\,iw\\,-1)`;
  return `crop=w=${w}:h=ih:x=0:y=0:exact=1`;
}

/** Decodes a file to I420 in NUT, which carries each frame's own time; in mode play at real speed. */
export function decodeArguments(build: BuildOptions, order: DecodeOrder): string[] {
  return [
    ...globals('warning'),
    ...(order.output === 'pipe:1' ? [] : ['-y']),
    ...(order.mode === 'play' ? ['-re'] : []),
    ...fileInput(build, order.path, order.threads),
    '-vf',
    sizeGuard(order.width, order.height),
    ...rawFrames(build, order.output),
  ];
}

/** Output: every frame as it was decoded, as I420 in NUT, which carries each frame's own time. */
export function rawFrames(build: BuildOptions, output: string): string[] {
  const raw = ['-c:v', 'rawvideo', '-pix_fmt', 'yuv420p', '-f', 'nut', output];
  return [...everyFrame(build), ...sourceTimeBase(build), ...raw];
}

export interface AnnotateOrder {
  readonly videoPath: string;
  /** Names inside the folder ffmpeg runs in: plain letters, so nothing has to be escaped inside the filter. */
  readonly assName: string;
  readonly fontsName: string;
  readonly outPath: string;
  readonly threads: number;
}

const PLAIN_NAME = /^[a-z][a-z0-9-]*(\.[a-z]+)?$/;

/** Draws an ASS script over the video and writes H.264 in MP4; progress comes on stdout. */
export function annotateArguments(build: BuildOptions, order: AnnotateOrder): string[] {
  for (const name of [order.assName, order.fontsName]) {
    if (!PLAIN_NAME.test(name)) throw new RangeError(`not a plain name for a filter argument: ${name}`);
  }
  // H.264 in 4:2:0 needs even sides.
  const filter = `ass=${order.assName}:fontsdir=${order.fontsName},pad=ceil(iw/2)*2:ceil(ih/2)*2`;
  return [
    ...globals('warning'),
    '-y',
    '-progress',
    'pipe:1',
    ...fileInput(build, order.videoPath, order.threads),
    '-vf',
    filter,
    ...everyFrame(build),
    ...sourceTimeBase(build),
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '20',
    '-pix_fmt',
    'yuv420p',
    // The last frame has no duration; the edit list that B-frames need would cut it off.
    '-bf',
    '0',
    '-use_editlist',
    '0',
    '-movflags',
    '+faststart',
    '-f',
    'mp4',
    fileUrl(order.outPath),
  ];
}
