import { expect, test } from 'vitest';
import type { CountedCrossing } from '#shared/domain/correction.ts';
import type { KeptPicture } from '#shared/domain/evidence.ts';
import {
  momentOf,
  momentWords,
  pictureWords,
} from '../../../../src-renderer/views/evidence/evidence-words.ts';

test.each([
  [0, '0:00.000'],
  [7320, '0:07.320'],
  [3_723_004, '1:02:03.004'],
  [59_999.6, '1:00.000'],
])('%d ms is %s, and is read again', (ptsMs, words) => {
  expect(momentWords(ptsMs)).toBe(words);
  expect(momentOf(words)).toBe(Math.round(ptsMs));
});

test('times are read as people write them, and nothing else is', () => {
  expect(momentOf('12.5')).toBe(12_500);
  expect(momentOf(' 3:05 ')).toBe(185_000);
  expect(momentOf('1:02,5')).toBe(62_500);
  for (const words of ['', 'soon', '1:2:3:4', '-3', '1..2', '1:x']) expect(momentOf(words)).toBeNull();
});

const crossing: CountedCrossing = {
  runId: 1,
  speed: null,
  number: 0,
  line: 'main',
  direction: 'forward',
  label: 'car',
  trackId: 1,
  frame: 40,
  ptsMs: 1600,
  wallMs: null,
  x: 1,
  y: 1,
  pictures: ['crop'],
  wrong: null,
  added: null,
};
const picture = (frame: number, missing: KeptPicture['missing'] = null): KeptPicture => ({
  kind: 'crop',
  frame,
  ptsMs: frame * 40,
  part: { x1: 0, y1: 0, x2: 9, y2: 9 },
  width: 9,
  height: 9,
  jpeg: null,
  missing,
});

test('a picture of another frame says so', () => {
  expect(pictureWords(crossing, picture(40))).toMatch(/the crossing itself, frame 40/);
  expect(pictureWords(crossing, picture(39))).toMatch(/1 frame before the crossing, frame 39/);
  expect(pictureWords(crossing, picture(43))).toMatch(/3 frames after the crossing, frame 43/);
  expect(pictureWords(crossing, picture(40, 'gone'))).toMatch(/deleted/);
  expect(pictureWords(crossing, picture(40, 'altered'))).toMatch(/changed/);
});
