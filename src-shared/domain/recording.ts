import { z } from 'zod';
import { sourceIdSchema } from './source.ts';

/** What one source keeps of its stream, as people set it. */
export const recordingSettingsSchema = z.object({
  /** Everything goes to disk, in segments. */
  record: z.boolean(),
  /** Length of a segment; it ends at the first key frame after that. */
  segmentS: z.number().int().min(5).max(3600),
  /** Seconds of compressed pictures held in memory for clips of a source that does not record; 0 holds none. */
  preRollS: z.number().int().min(0).max(120),
  /** Older segments of this source are deleted; null keeps them until the disk asks for room. */
  keepDays: z.number().positive().max(3650).nullable(),
  /** Gigabytes (10^9 bytes) this source may fill; null for no limit. */
  keepGb: z.number().positive().max(1_000_000).nullable(),
});
export type RecordingSettings = z.infer<typeof recordingSettingsSchema>;

export const defaultRecording: RecordingSettings = {
  record: false,
  segmentS: 60,
  preRollS: 10,
  keepDays: 30,
  keepGb: null,
};

/** The same as the capture process is told. */
export const tapSettingsSchema = z.object({
  /** Folder of this source's segments, or null to record nothing. */
  folder: z.string().min(1).max(32768).nullable(),
  segmentMs: z.number().positive(),
  /** Held in memory while nothing is recorded. */
  preRollMs: z.number().nonnegative(),
  preRollBytes: z.number().positive(),
});
export type TapSettings = z.infer<typeof tapSettingsSchema>;

/** Memory that a pre-roll may take, whatever the camera sends. */
export const PRE_ROLL_BYTES = 64 * 2 ** 20;

/** How full the disk of the recordings may get, as shares of it: from `warn` on people are told, from `act` on ivis deletes. */
export const diskSharesSchema = z.object({
  warnShare: z.number().gt(0).lt(1),
  actShare: z.number().gt(0).lt(1),
});
export type DiskShares = z.infer<typeof diskSharesSchema>;
export const diskShares: DiskShares = { warnShare: 0.8, actShare: 0.9 };

/** Times nobody may delete: of one source, or of all. */
export const protectedRangeSchema = z.object({
  sourceId: sourceIdSchema.nullable(),
  fromWallMs: z.number(),
  toWallMs: z.number(),
  why: z.string().max(500),
});
export const MAX_RANGES = 1000;
export type ProtectedRange = z.infer<typeof protectedRangeSchema>;

/** One closed segment; a line of the index beside it. `toWallMs` is where its last picture ends. */
export const segmentSchema = z.object({
  /** Name inside the folder of its day. */
  file: z.string().min(1).max(120),
  fromWallMs: z.number().int(),
  toWallMs: z.number().int(),
  bytes: z.number().int().nonnegative(),
  packets: z.number().int().positive(),
  /** Matroska's name of the codec. */
  codec: z.string().min(1).max(60),
  /** Segments of one shape (codec, size, parameter sets) can follow each other in one file. */
  shape: z.string().regex(/^[0-9a-f]{16}$/),
});
export type Segment = z.infer<typeof segmentSchema>;

/** How recording gets on. `off` also while no stream comes; `refused`: what comes cannot be kept. */
export const recorderStatusSchema = z.object({
  state: z.enum(['off', 'recording', 'refused', 'disk-full', 'disk-failed', 'disk-slow']),
  /** What the system said, or why it is refused; empty while all is well. */
  message: z.string().max(500),
  /** Bytes written since the source was opened. */
  bytes: z.number().nonnegative(),
  /** How often pictures were lost because the disk did not take them. */
  holes: z.number().int().nonnegative(),
});
export type RecorderStatus = z.infer<typeof recorderStatusSchema>;

/** How the disk of the recordings is, as the window shows it. */
export const recordingDiskViewSchema = z.object({
  folder: z.string(),
  /** null until it was looked at. */
  level: z.enum(['ok', 'warn', 'act']).nullable(),
  usedShare: z.number().min(0).max(1),
  freeBytes: z.number().nonnegative(),
  shares: diskSharesSchema,
  recordedBytes: z.number().nonnegative(),
  /** Deleted since ivis was started, to make room or by age. */
  deleted: z.number().int().nonnegative(),
  /** What is wrong, in words; empty when nothing is. */
  problem: z.string().max(500),
});
export type RecordingDiskView = z.infer<typeof recordingDiskViewSchema>;

/** Everything the window shows of recording. */
export const recordingViewSchema = z.object({
  disk: recordingDiskViewSchema,
  /** Of all recordings together, as the settings file has it; null: no limit. */
  limits: z.object({ keepDays: z.number().nullable(), keepGigabytes: z.number().nullable() }),
  /** Times nobody may delete, oldest first. */
  ranges: z.array(protectedRangeSchema).max(MAX_RANGES),
  sources: z.record(
    sourceIdSchema,
    z.object({ settings: recordingSettingsSchema, status: recorderStatusSchema }),
  ),
});
export type RecordingView = z.infer<typeof recordingViewSchema>;

/** A piece of a stream on disk that a clip is cut from. */
export const clipPieceSchema = z.object({
  path: z.string().min(1).max(32768),
  /** Wall time of its first picture. */
  fromWallMs: z.number(),
});
export type ClipPiece = z.infer<typeof clipPieceSchema>;

/** The longest clip that is cut at once. */
export const MAX_CLIP_MS = 3_600_000;

export const clipOrderSchema = z.object({
  pieces: z.array(clipPieceSchema).min(1).max(1000),
  fromWallMs: z.number(),
  toWallMs: z.number(),
  /** True: exactly the pictures from..to, encoded anew. False: the camera's own data, from the key frame before. */
  exact: z.boolean(),
  outPath: z.string().min(1).max(32768),
});
export type ClipOrder = z.infer<typeof clipOrderSchema>;

/** What a clip really holds. */
export const clipMadeSchema = z.object({
  /** Wall time of its first picture and of the end of its last one. */
  fromWallMs: z.number(),
  toWallMs: z.number(),
  frames: z.number().int().positive(),
  bytes: z.number().int().positive(),
  /** Times within that have no pictures: left out of the clip, which jumps there. */
  gaps: z.array(z.object({ fromWallMs: z.number(), toWallMs: z.number(), atMs: z.number() })),
});
export type ClipMade = z.infer<typeof clipMadeSchema>;

/** Holes shorter than this are what a camera does between two pictures, not a gap worth a word. */
export const GAP_MS = 1000;

const compact = (wallMs: number): string => new Date(wallMs).toISOString().replace(/[-:.]/g, '');

/** Folder of a day inside the folder of a source: UTC, so that no hour comes twice. */
export const dayFolder = (fromWallMs: number): string => compact(fromWallMs).slice(0, 8);

const OPEN = '.open.mkv';
const STAMP = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z(?:-(\d{1,9}))?(\.open)?\.mkv$/;

/** Name of a segment while it is written: only its first time, as known then. */
export const openName = (fromWallMs: number): string => `${compact(fromWallMs)}${OPEN}`;

/** Name of a closed segment: its first time and its length, so that a lost index costs nothing. */
export const closedName = (fromWallMs: number, toWallMs: number): string =>
  `${compact(fromWallMs)}-${Math.round(toWallMs - fromWallMs)}.mkv`;

/** What the name of a segment says; `toWallMs` is null of one that was never closed. Null for any other file. */
export function parseSegmentName(name: string): { fromWallMs: number; toWallMs: number | null } | null {
  const match = STAMP.exec(name);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, ms, length, open] = match;
  const fromWallMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  if (!Number.isFinite(fromWallMs) || (length === undefined) !== (open !== undefined)) return null;
  return { fromWallMs, toWallMs: length === undefined ? null : fromWallMs + Number(length) };
}

/** Name of the index in the folder of a day: one JSON object per line. */
export const INDEX_NAME = 'index.jsonl';
