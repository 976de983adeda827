import { extname } from 'node:path';

/** Endings of video files, without the dot. */
export const videoExtensions: readonly string[] = [
  'mp4',
  'm4v',
  'mov',
  'mkv',
  'webm',
  'avi',
  'ts',
  'mts',
  'm2ts',
  'mpg',
  'mpeg',
  '3gp',
];

/** Whether a file of a watched folder is one to look at; hidden ones are somebody's work in progress. */
export function isVideoName(name: string): boolean {
  return !name.startsWith('.') && videoExtensions.includes(extname(name).slice(1).toLowerCase());
}
