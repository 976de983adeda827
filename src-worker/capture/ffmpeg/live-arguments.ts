import {
  type BuildOptions,
  everyFrame,
  fileInput,
  globals,
  MAX_PIXELS,
  rawFrames,
  VIDEO_DECODERS,
  whenKnown,
} from './arguments.ts';
import { type WebcamOrder, webcamInput } from './webcam-arguments.ts';

/** Containers and playlists that may come over HTTP; a playlist's addresses are followed by the relay only. */
const HTTP_FORMATS =
  'hls,applehttp,mpjpeg,mjpeg,jpeg_pipe,mpegts,flv,live_flv,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi';
const RTSP_FORMATS = 'rtsp,rtp,sdp,mpegts,h264,hevc,mjpeg,mpeg,m4v';
/** ffmpeg's own time limit is a second net only: the watchdog on the pictures decides. */
const IO_LIMIT_US = 8_000_000;
/** Enough to see size and codec of a camera's first key frame; more only delays the first picture. */
const LOOK_US = 500_000;
const LOOK_BYTES = 500_000;

/** Where the pictures of a live source come from, as ffmpeg has to be told. Addresses are of a relay here. */
export type LiveTarget =
  | { readonly kind: 'rtsp'; readonly url: string; readonly transport: 'tcp' | 'udp' }
  /** `arrivalClock`: the stream carries no times (MJPEG). */
  | { readonly kind: 'http'; readonly url: string; readonly arrivalClock: boolean }
  | { readonly kind: 'webcam'; readonly webcam: WebcamOrder }
  /** Played at real speed; without a path it comes through standard input. */
  | { readonly kind: 'file'; readonly path: string | null };

/** The name of RTSP's time limit changed: in builds that know stimeout, timeout means "listen". */
const rtspLimit = (build: BuildOptions): string[] => [
  build.options.has('stimeout') ? '-stimeout' : '-timeout',
  String(IO_LIMIT_US),
];

/** A picture that changes its size in mid-stream must not be scaled silently: it ends the pipe, and is seen. */
const neverRescale = (build: BuildOptions): string[] => whenKnown(build, 'reinit_filter', '0');

function guards(build: BuildOptions, protocols: string, formats: string): string[] {
  return [
    ...whenKnown(build, 'protocol_whitelist', protocols),
    ...whenKnown(build, 'format_whitelist', formats),
    ...decoding(build),
  ];
}

const decoding = (build: BuildOptions): string[] => [
  ...whenKnown(build, 'codec_whitelist', VIDEO_DECODERS),
  ...whenKnown(build, 'max_pixels', String(MAX_PIXELS)),
  ...neverRescale(build),
  '-threads',
  '1',
];

const onlyPicture = ['-map', '0:v:0', '-an', '-sn', '-dn'];

/** Nothing is shown before the first whole key frame. */
const wholePictures = ['-flags', '-output_corrupt'];

const quickLook = ['-analyzeduration', String(LOOK_US), '-probesize', String(LOOK_BYTES)];

function input(build: BuildOptions, target: LiveTarget): string[] {
  switch (target.kind) {
    case 'rtsp':
      return [
        ...guards(build, 'tcp,udp,rtp', RTSP_FORMATS),
        '-rtsp_transport',
        target.transport,
        ...rtspLimit(build),
        // What was looked at is kept (no "nobuffer"): it holds the key frame without which the first pictures are torn.
        ...quickLook,
        ...wholePictures,
        '-i',
        target.url,
        ...onlyPicture,
      ];
    case 'http':
      return [
        ...guards(build, 'http,tcp,crypto', HTTP_FORMATS),
        ...(target.arrivalClock ? ['-use_wallclock_as_timestamps', '1'] : []),
        '-i',
        target.url,
        ...onlyPicture,
      ];
    case 'webcam':
      return [...decoding(build), ...webcamInput(target.webcam), ...onlyPicture];
    case 'file':
      return ['-re', ...neverRescale(build), ...fileInput(build, target.path, 1)];
  }
}

/** Decodes a live source to I420 in NUT, each picture with its own time, on and on; `further` are more outputs. */
export function liveArguments(
  build: BuildOptions,
  target: LiveTarget,
  output: string,
  further: readonly string[] = [],
): string[] {
  return [
    ...globals('info'),
    ...(output === 'pipe:1' ? [] : ['-y']),
    ...input(build, target),
    ...rawFrames(build, output),
    ...further,
  ];
}

/** One picture as JPEG on the standard output, at most this wide; the log tells codec, size and rate. */
export function pictureArguments(build: BuildOptions, target: LiveTarget, widthPixels: number): string[] {
  return [
    ...globals('info'),
    ...input(build, target),
    '-frames:v',
    '1',
    '-vf',
    `scale=w=min(${widthPixels}\\,iw):h=-2`,
    ...everyFrame(build),
    '-pix_fmt',
    'yuvj420p',
    '-q:v',
    '4',
    '-c:v',
    'mjpeg',
    '-f',
    'mjpeg',
    'pipe:1',
  ];
}
