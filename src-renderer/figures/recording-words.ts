import type { RecorderStatus, RecordingDiskView, RecordingSettings } from '#shared/domain/recording.ts';
import type { SourceView } from '#shared/domain/source.ts';

const GB = 1e9;
const MB = 1e6;

/** Bytes as people say them. */
export function bytesWords(bytes: number): string {
  if (bytes >= GB) return `${(bytes / GB).toFixed(1)} GB`;
  return `${Math.round(bytes / MB)} MB`;
}

/** How recording of a source gets on, and whether somebody has to act. */
export function recorderWords(
  settings: RecordingSettings,
  status: RecorderStatus,
): { readonly words: string; readonly bad: boolean } {
  const holes = status.holes === 0 ? '' : ` · ${status.holes} ${status.holes === 1 ? 'hole' : 'holes'}`;
  if (!settings.record) {
    const words =
      settings.preRollS > 0 ? `The last ${settings.preRollS} s are held in memory` : 'Not recorded';
    return { words, bad: false };
  }
  switch (status.state) {
    case 'recording':
      return { words: `Recording · ${bytesWords(status.bytes)} written${holes}`, bad: status.holes > 0 };
    case 'off':
      return { words: `Records when pictures come${holes}`, bad: false };
    case 'disk-full':
      return { words: 'Not recorded: the disk is full', bad: true };
    case 'disk-slow':
      return { words: 'Not recorded: the disk is too slow', bad: true };
    case 'disk-failed':
      return { words: `Not recorded: the disk cannot be written (${status.message})`, bad: true };
  }
}

/** What is to be said of the disk; empty while there is room. */
export function diskWords(disk: RecordingDiskView): string {
  const used = `The disk of the recordings is ${Math.round(disk.usedShare * 100)} % full.`;
  if (disk.problem !== '') return disk.problem;
  if (disk.level === 'act') return `${used} The oldest recordings are deleted.`;
  return disk.level === 'warn' ? `${used} At 90 % the oldest recordings are deleted.` : '';
}

/** Raw pictures of a webcam are no stream that could be kept as it is. */
export const canRecord = (source: SourceView): boolean =>
  source.input.kind === 'rtsp' || source.input.kind === 'http';

/** A whole number out of a field; null for anything else or out of range. */
export function wholeNumber(text: string, least: number, most: number): number | null {
  if (!/^\d{1,9}$/.test(text.trim())) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}
