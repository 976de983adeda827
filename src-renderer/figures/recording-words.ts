import type {
  ProtectedRange,
  RecorderStatus,
  RecordingDiskView,
  RecordingSettings,
} from '#shared/domain/recording.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { clockWords } from './live-words.ts';

const GB = 1e9;
const MB = 1e6;

/** Bytes as people say them. */
export function bytesWords(bytes: number): string {
  if (bytes >= GB) return `${(bytes / GB).toFixed(1)} GB`;
  return bytes >= MB ? `${Math.round(bytes / MB)} MB` : `${Math.ceil(bytes / 1000)} kB`;
}

/** `tone` as dots have them. */
export interface RecorderWords {
  readonly words: string;
  readonly tone: 'quiet' | 'good' | 'busy' | 'warn' | 'bad';
}

/** How recording of a source gets on, and whether somebody has to act. */
export function recorderWords(settings: RecordingSettings, status: RecorderStatus): RecorderWords {
  const holes = status.holes === 0 ? '' : ` · ${status.holes} ${status.holes === 1 ? 'hole' : 'holes'}`;
  if (!settings.record) {
    const words =
      settings.preRollS > 0 ? `The last ${settings.preRollS} s are held in memory` : 'Not recorded';
    return { words, tone: 'quiet' };
  }
  switch (status.state) {
    case 'recording':
      return {
        words: `Recording · ${bytesWords(status.bytes)} written${holes}`,
        tone: status.holes > 0 ? 'warn' : 'good',
      };
    case 'off':
      return { words: `Records when pictures come${holes}`, tone: 'busy' };
    case 'refused':
      return { words: `Not recorded: ${status.message}`, tone: 'bad' };
    case 'disk-full':
      return { words: 'Not recorded: the disk is full', tone: 'bad' };
    case 'disk-slow':
      return { words: 'Not recorded: the disk is too slow', tone: 'bad' };
    case 'disk-failed':
      return { words: `Not recorded: the disk cannot be written (${status.message})`, tone: 'bad' };
  }
}

/** What is to be said of the disk; empty while there is room. */
export function diskWords({ usedShare, shares, problem, level }: RecordingDiskView): string {
  const used = `The disk of the recordings is ${Math.round(usedShare * 100)} % full.`;
  if (problem !== '') return problem;
  if (level === 'act') return `${used} The oldest recordings are being deleted.`;
  const act = Math.round(shares.actShare * 100);
  return level === 'warn' ? `${used} At ${act} % the oldest recordings are deleted.` : '';
}

/** Why this live source cannot be recorded, with what to do; null where it can. */
export function unrecordable({ input }: Pick<SourceView, 'input'>): string | null {
  if (input.kind !== 'webcam' || input.coding !== undefined) return null;
  return 'This camera gives raw pictures. Recording needs compressed ones: edit the camera and choose MJPEG or H.264 where it has them.';
}

/** Network streams, and webcams: what is played from a file is there already. */
export const isRecordedKind = ({ input }: Pick<SourceView, 'input'>): boolean => input.kind !== 'file';

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** A protected time in local time: 20 Nov 14:03:09 – 14:03:24. */
export function rangeWords({
  fromWallMs,
  toWallMs,
}: Pick<ProtectedRange, 'fromWallMs' | 'toWallMs'>): string {
  const [first, last] = [DAY.format(fromWallMs), DAY.format(toWallMs)];
  const end = first === last ? clockWords(toWallMs) : `${last} ${clockWords(toWallMs)}`;
  return `${first} ${clockWords(fromWallMs)} – ${end}`;
}

/** A whole number out of a field; null for anything else or out of range. */
export function wholeNumber(text: string, least: number, most: number): number | null {
  if (!/^\d{1,9}$/.test(text.trim())) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}
