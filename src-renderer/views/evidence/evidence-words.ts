import type { CountedCrossing, WrongReason } from '#shared/domain/correction.ts';
import type { KeptPicture } from '#shared/domain/evidence.ts';

export const reasonWords: Readonly<Record<WrongReason, string>> = {
  'no-object': 'Nothing there',
  'did-not-cross': 'Did not cross the line',
  'counted-twice': 'Counted twice',
  'wrong-class': 'Wrong class',
  'wrong-direction': 'Wrong direction',
  other: 'Something else',
};

/** A time in the medium as 0:07.320 or 1:02:03.004. */
export function momentWords(ptsMs: number): string {
  const ms = Math.max(0, Math.round(ptsMs));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [hours, minutes, seconds] = [
    Math.floor(ms / 3_600_000),
    Math.floor(ms / 60_000) % 60,
    Math.floor(ms / 1000) % 60,
  ];
  const clock = hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
  return `${clock}.${String(ms % 1000).padStart(3, '0')}`;
}

/** When something was: of a live source the time of day in UTC, of a clip the time in it. */
export function whenWords(live: boolean, wallMs: number | null, ptsMs: number): string {
  if (!live || wallMs === null || Math.abs(wallMs) > 8.64e15) return momentWords(ptsMs);
  return `${new Date(wallMs).toISOString().slice(11, 19)} UTC`;
}

/** The time that momentWords writes, in milliseconds; also `12.5` and `3:05`. Null when it is none. */
export function momentOf(words: string): number | null {
  const parts = words.trim().split(':');
  if (
    parts.length > 3 ||
    !parts.every((part, i) => (i === parts.length - 1 ? /^\d+([.,]\d+)?$/ : /^\d+$/).test(part))
  ) {
    return null;
  }
  const seconds = parts.reduce((sum, part) => sum * 60 + Number(part.replace(',', '.')), 0);
  return Math.round(seconds * 1000);
}

/** Which frame a picture is of, against the one the crossing was found in. */
export function pictureWords(crossing: CountedCrossing, picture: KeptPicture): string {
  if (picture.missing === 'gone') return 'The picture was deleted outside of ivis';
  if (picture.missing === 'altered') return 'The picture file was changed outside of ivis and is not shown';
  const away = picture.frame - (crossing.frame ?? picture.frame);
  if (away === 0) return `Picture of the crossing itself, frame ${picture.frame}`;
  const frames = Math.abs(away) === 1 ? '1 frame' : `${Math.abs(away)} frames`;
  return `Picture ${frames} ${away < 0 ? 'before' : 'after'} the crossing, frame ${picture.frame}`;
}

/** Day and time of something a person did. */
export function signedWords(madeWallMs: number, by: string): string {
  const when = new Date(madeWallMs).toISOString().replace('T', ' ').slice(0, 16);
  return `${by}, ${when} UTC`;
}
