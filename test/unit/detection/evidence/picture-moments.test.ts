import { expect, test } from 'vitest';
import type { Crossing } from '#shared/domain/line.ts';
import { type Moment, PictureMoments } from '../../../../src-worker/detection/evidence/picture-moments.ts';

/** An object 100 px large that goes 10 px a frame and is over the line at x = 205. */
const moment = (frame: number, more: Partial<Moment> = {}): Moment => ({
  trackId: 1,
  line: 'main',
  frame,
  x: frame * 10,
  y: 50,
  size: 100,
  distance: Math.abs(frame * 10 - 205),
  ...more,
});
const crossing = (frame: number, more: Partial<Crossing> = {}): Crossing => ({
  number: 0,
  line: 'main',
  direction: 'forward',
  label: 'car',
  trackId: 1,
  frame,
  ptsMs: frame * 40,
  x: 205,
  y: 50,
  ...more,
});

test('the frame of the crossing is kept, although it is decided later', () => {
  const moments = new PictureMoments<string>();
  for (let frame = 15; frame <= 26; frame++) {
    const each = moment(frame);
    if (moments.wants(each)) moments.add(each, `picture ${frame}`);
  }
  expect(moments.size).toBe(4);
  expect(moments.take(crossing(21))).toEqual({ frame: 21, picture: 'picture 21' });
});

test('an object that stands at the line costs one picture', () => {
  const moments = new PictureMoments<number>();
  let taken = 0;
  for (let frame = 0; frame < 10_000; frame++) {
    const each = moment(frame, { x: 200 + (frame % 2), distance: 4 });
    if (!moments.wants(each)) continue;
    moments.add(each, frame);
    taken += 1;
  }
  expect(taken).toBe(1);
});

test('the way back gets a picture of its own', () => {
  const moments = new PictureMoments<number>();
  for (const frame of [19, 20, 21]) moments.add(moment(frame), frame);
  expect(moments.take(crossing(21))?.frame).toBe(21);
  const back = moment(60, { x: 206, distance: 1 });
  expect(moments.wants(back)).toBe(true);
  moments.add(back, 60);
  expect(moments.take(crossing(60, { direction: 'backward' }))?.frame).toBe(60);
});

test('after an id switch at the line the picture of the first id serves', () => {
  const moments = new PictureMoments<number>();
  moments.add(moment(20), 20);
  expect(moments.take(crossing(21, { trackId: 2 }))).toEqual({ frame: 20, picture: 20 });
  expect(moments.take(crossing(21, { trackId: 2, x: 900 }))).toBeNull();
  expect(moments.take(crossing(21, { trackId: 2, line: 'other' }))).toBeNull();
});

test('memory has a bound: the oldest moments go first', () => {
  const moments = new PictureMoments<number>();
  for (let track = 1; track <= 50; track++) moments.add(moment(track, { trackId: track }), 1000);
  moments.limit(10_000, (bytes) => bytes);
  expect(moments.size).toBe(10);
  expect(moments.take(crossing(41, { trackId: 41, x: 410 }))?.frame).toBe(41);
  moments.forget(1000, () => false);
  expect(moments.size).toBe(0);
});
