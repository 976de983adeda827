import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { ErrorKind } from '#shared/domain/error-kind.ts';

/** What the first bytes of a file say it is. */
export type FileLook =
  | { readonly kind: 'container'; readonly family: 'mp4' | 'matroska' | 'avi' | 'mpegts' }
  | { readonly kind: 'refused'; readonly what: string }
  | { readonly kind: 'not-video'; readonly what: string };

const HEAD_BYTES = 4096;
const MP4_BOXES = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp']);
const TS_PACKET_BYTES = 188;
const SYNC = 0x47;

const PLAYLISTS: readonly [RegExp, string][] = [
  [/^#EXTM3U/, 'an HLS playlist'],
  [/^ffconcat version/, 'an ffmpeg playlist'],
  [/^\[playlist\]/i, 'a playlist'],
  [/^v=0\r?\n/, 'a session description (SDP)'],
  [/^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)?<(MPD|asx|smil|playlist|AssetMap|PackingList)\b/i, 'a playlist'],
];
/** First bytes, in hexadecimal, of containers that are video but not opened. */
const OTHERS: readonly [string, string][] = [
  ['3026b2758e66cf11', 'a Windows Media file'],
  ['464c5601', 'a Flash video'],
  ['4f676753', 'an Ogg file'],
  ['000001ba', 'an MPEG program stream'],
];

/** MPEG-TS has a sync byte every 188 bytes (192 with time stamps in front: M2TS). */
function looksLikeTransportStream(head: Buffer): boolean {
  for (const [first, step] of [
    [0, TS_PACKET_BYTES],
    [4, TS_PACKET_BYTES + 4],
  ] as const) {
    const places = [0, 1, 2, 3].map((n) => first + n * step).filter((at) => at < head.length);
    if (places.length > 1 && places.every((at) => head[at] === SYNC)) return true;
  }
  return false;
}

/** Judges the first bytes of a file; the name is not looked at, since content decides what a decoder would run. */
export function lookAt(head: Buffer): FileLook {
  const type = head.toString('latin1', 4, 8);
  if (head.length >= 8 && MP4_BOXES.has(type)) return { kind: 'container', family: 'mp4' };
  if (head.length >= 4 && head.readUInt32BE(0) === 0x1a45dfa3)
    return { kind: 'container', family: 'matroska' };
  if (head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'AVI ')
    return { kind: 'container', family: 'avi' };
  if (looksLikeTransportStream(head)) return { kind: 'container', family: 'mpegts' };
  const text = head.toString('utf8').trimStart();
  for (const [pattern, what] of PLAYLISTS) if (pattern.test(text)) return { kind: 'refused', what };
  const hex = head.toString('hex', 0, 8);
  for (const [signature, what] of OTHERS) if (hex.startsWith(signature)) return { kind: 'refused', what };
  return { kind: 'not-video', what: head.includes(0) ? 'of no known kind' : 'text' };
}

const ACCESS_KINDS: Readonly<Record<string, ErrorKind>> = {
  ENOENT: 'file-not-found',
  ENOTDIR: 'file-not-found',
  ENAMETOOLONG: 'file-not-found',
};

function asNamed(thrown: unknown, path: string): NamedError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const kind = ACCESS_KINDS[code] ?? 'file-unreadable';
  return new NamedError(kind, kind === 'file-not-found' ? `there is no file ${path}` : `${path}: ${code}`);
}

export interface CheckedFile {
  readonly bytes: number;
  readonly modifiedWallMs: number;
  readonly family: 'mp4' | 'matroska' | 'avi' | 'mpegts';
}

/**
 * Looks at a file before any decoder sees it. Throws file-not-found, file-unreadable (also a folder or a device),
 * file-empty, file-refused (a playlist, or a container ivis does not open) or file-not-video.
 */
export async function checkFile(path: string): Promise<CheckedFile> {
  if (path.includes('\0')) throw new NamedError('file-not-found', 'a path cannot hold a zero byte');
  const head = Buffer.alloc(HEAD_BYTES);
  let bytes: number;
  let modifiedWallMs: number;
  let got: number;
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new NamedError('file-unreadable', `${path} is not a file`);
    await access(path, constants.R_OK);
    bytes = found.size;
    modifiedWallMs = found.mtimeMs;
    const file = await open(path, 'r');
    try {
      got = (await file.read(head, 0, HEAD_BYTES, 0)).bytesRead;
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw thrown instanceof NamedError ? thrown : asNamed(thrown, path);
  }
  if (bytes === 0 || got === 0) throw new NamedError('file-empty', `${path} is empty`);
  const look = lookAt(head.subarray(0, got));
  if (look.kind === 'refused') {
    throw new NamedError('file-refused', `${path} is ${look.what}, which ivis does not open`);
  }
  if (look.kind === 'not-video')
    throw new NamedError('file-not-video', `${path} is no video file: it is ${look.what}`);
  return { bytes, modifiedWallMs, family: look.family };
}
