import type { WireError } from '#shared/contracts/wire-error.ts';
import type { ErrorKind } from '#shared/domain/error-kind.ts';

/** What the log of a probing ffmpeg says about the first video stream. */
export interface ProbeFacts {
  readonly container: string;
  readonly codec: string;
  /** Upright size: after the rotation that the decoder applies. */
  readonly width: number;
  readonly height: number;
  /** Clockwise degrees the picture is turned for showing: 0..359. */
  readonly rotation: number;
  readonly fps: number | null;
  readonly durationMs: number | null;
  /** First time of the container's own clock; ffmpeg takes it off all times. */
  readonly startMs: number | null;
  /** True when ffmpeg guessed the duration from the bit rate: then it promises nothing. */
  readonly durationGuessed: boolean;
  /** UTC from the container's creation_time. */
  readonly createdWallMs: number | null;
}

const withoutLevel = (line: string): string => line.replace(/^((?:\[[^\]]*\] )*?)\[(\w+)\] /, '$1');

const CLOCK = /(\d+):(\d\d):(\d\d(?:\.\d+)?)/;
function clockMs(text: string): number | null {
  const match = CLOCK.exec(text);
  if (match === null) return null;
  return Math.round((Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])) * 1000);
}

/** Cameras without a clock write 1904, 1970 or the like: a date before digital video is no date. */
const EARLIEST_WALL_MS = Date.UTC(1990, 0, 1);
function creationMs(text: string): number | null {
  const ms = Date.parse(text.includes('T') ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isFinite(ms) && ms > EARLIEST_WALL_MS ? ms : null;
}

const turn = (degrees: number): number => ((Math.round(degrees) % 360) + 360) % 360;

/**
 * What follows the line that names the input. It is found by the whole path that was given, because a path may hold
 * line breaks and text that looks like ffmpeg's own; ffmpeg cuts lines at 1024 bytes, so a long path is not found.
 */
function afterInput(text: string, path: string | null): { container: string; rest: string } | null {
  const head = (path === null ? /Input #0, (\S+?), from 'pipe:/ : /Input #0, (\S+?), from 'file:/).exec(text);
  if (head === null) return null;
  const parts = (path ?? '0').split(/\r\n|\n|\r/).filter((part) => part !== '');
  const named = `${head[0]}${parts.join('\n')}':`;
  const end = text.startsWith(named, head.index) ? head.index + named.length : head.index;
  return { container: head[1] ?? '', rest: text.slice(end) };
}

/** Reads the log of `probeArguments`. Null when there is no video stream in it. */
export function parseProbe(log: readonly string[], path: string | null): ProbeFacts | null {
  const text = log.map(withoutLevel).join('\n');
  const input = afterInput(text, path);
  if (input === null) return null;
  const lines = input.rest.split('\n');
  const outputAt = lines.findIndex((line) => /^Output #0, /.test(line));
  const inputLines = outputAt < 0 ? lines : lines.slice(0, outputAt);
  const streamAt = inputLines.findIndex((line) => /^ {2,4}Stream #0:\d+.*: Video: /.test(line));
  const stream = inputLines[streamAt];
  const output =
    outputAt < 0 ? undefined : lines.slice(outputAt).find((l) => /^ {2,4}Stream #0:0.*: Video: /.test(l));
  const size = / (\d{1,6})x(\d{1,6})(?=[ ,]|$)/.exec(output ?? '');
  if (stream === undefined || size === null) return null;

  const own = ownLines(inputLines, streamAt);
  const tag = /^ {6,}rotate +: (-?\d+(?:\.\d+)?)$/m.exec(own)?.[1];
  const matrix = /displaymatrix: rotation of (-?\d+(?:\.\d+)?) degrees/.exec(own)?.[1];
  const rotation = tag !== undefined ? turn(Number(tag)) : matrix !== undefined ? turn(-Number(matrix)) : 0;
  const duration = inputLines.find((line) => /^ {2}Duration: /.test(line)) ?? '';
  const fps = /, (\d+(?:\.\d+)?)(k?) fps/.exec(stream);
  const start = /, start: (-?\d+(?:\.\d+)?)/.exec(duration)?.[1];
  const created = /^ +creation_time +: (.+)$/m.exec(inputLines.join('\n'))?.[1];
  return {
    container: input.container,
    codec: /: Video: ([\w-]+)/.exec(stream)?.[1] ?? 'unknown',
    width: Number(size[1]),
    height: Number(size[2]),
    rotation,
    fps: fps === null || Number(fps[1]) === 0 ? null : Number(fps[1]) * (fps[2] === 'k' ? 1000 : 1),
    durationMs: clockMs(duration),
    startMs: start === undefined ? null : Number(start) * 1000,
    durationGuessed: /Estimating duration from bitrate/.test(text),
    createdWallMs: created === undefined ? null : creationMs(created),
  };
}

/** The stream's line and what is indented below it. */
function ownLines(lines: readonly string[], at: number): string {
  const next = lines.findIndex(
    (line, index) => index > at && /^ {0,4}\S/.test(line) && !/^ {4}(Metadata|Side data):/.test(line),
  );
  return lines.slice(at, next < 0 ? undefined : next).join('\n');
}

interface Symptom {
  readonly pattern: RegExp;
  readonly kind: ErrorKind;
  readonly message: (match: RegExpExecArray) => string;
}

/** First match wins: from the specific to the general. */
const SYMPTOMS: readonly Symptom[] = [
  {
    pattern: /Picture size (\d+x\d+) exceeds specified max pixel count/,
    kind: 'frame-too-large',
    message: (m) => `the picture of ${m[1]} pixels is larger than ivis takes (7680x4320)`,
  },
  {
    pattern: /Invalid too big or non positive size for width '-1' or height '(\d+)'/,
    kind: 'file-incomplete',
    message: (m) => `the size of the picture changes in the middle of the file (new height ${m[1]})`,
  },
  {
    pattern: /(Protocol|Format) '?([\w,-]*)'? ?not on whitelist/,
    kind: 'file-refused',
    message: () =>
      'a kind of file that ivis does not open, because it could lead to other files or addresses',
  },
  {
    pattern: /Stream map '0:v:0' matches no streams/,
    kind: 'file-no-picture',
    message: () => 'there is sound but no picture in this file',
  },
  {
    pattern: /does not contain any stream|Output file #0 does not contain any stream/,
    kind: 'file-no-picture',
    message: () => 'there is no picture in this file',
  },
  {
    pattern:
      /\[(\w+) @ [^\]]*\] .*Codec \([\w-]+\) not on whitelist[\s\S]*Error while opening decoder for input stream #0/,
    kind: 'file-refused',
    message: (m) => `the video is coded as ${m[1]}, which ivis does not decode`,
  },
  {
    pattern: /moov atom not found/,
    kind: 'file-incomplete',
    message: () => 'the index of this MP4 is missing: the recording or the copy was cut off before its end',
  },
  {
    pattern: /Permission denied/,
    kind: 'file-unreadable',
    message: () => 'reading this file is not permitted',
  },
  {
    pattern: /No such file or directory/,
    kind: 'file-not-found',
    message: () => 'the file is not there (any more)',
  },
  {
    pattern: /Input\/output error/,
    kind: 'file-unreadable',
    message: () => 'the disk or the network share fails while the file is read',
  },
  {
    pattern: /Cannot allocate memory|Out of memory/i,
    kind: 'ffmpeg-failed',
    message: () => 'there is not enough memory to decode this file',
  },
];

/** Why ffmpeg failed, from its log; `fallback` when nothing known is in it. The message ends with ffmpeg's last word. */
export function explainFailure(log: readonly string[], fallback: WireError): WireError {
  const text = log.map(withoutLevel).join('\n');
  for (const symptom of SYMPTOMS) {
    const match = symptom.pattern.exec(text);
    if (match !== null) return { kind: symptom.kind, message: symptom.message(match) };
  }
  return { kind: fallback.kind, message: [fallback.message, lastError(log)].filter(Boolean).join(': ') };
}

/** What ffmpeg says of any failure, after the line that tells why. */
const EMPTY_WORDS =
  /Conversion failed|Error reinitializing filters|Failed to inject frame|Error while processing the decoded data/;

/** The last line ffmpeg logged as an error that says something, without addresses; empty when there is none. */
export function lastError(log: readonly string[]): string {
  const says = (entry: string): boolean => /\[(error|fatal|panic)\]/.test(entry) && !EMPTY_WORDS.test(entry);
  return (log.findLast(says) ?? '').replace(/\[[^\]]*\] /g, '').slice(0, 300);
}

/** True for a line that reports a picture lost or damaged in decoding. */
export function isDecodeError(line: string): boolean {
  return /Error while decoding stream #0|Error submitting packet to decoder|concealing \d+ DC|corrupt decoded frame/i.test(
    line,
  );
}

/** True for a line that says the file ends before its own index says so. */
export function isCutOff(line: string): boolean {
  return /stream \d+, offset 0x[0-9a-f]+: partial file|File ended prematurely|\] (\[error\] )?Read error( at pos|$)/.test(
    line,
  );
}
