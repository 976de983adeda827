import { expect, test } from 'vitest';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { CrossingPicture } from '#shared/domain/evidence.ts';
import { PictureOutbox } from '../../../../src-worker/detection/evidence/picture-outbox.ts';

const picture = (number: number): CrossingPicture => ({
  number,
  kind: 'crop',
  frame: 1,
  ptsMs: 40,
  part: { x1: 0, y1: 0, x2: 2, y2: 2 },
  width: 2,
  height: 2,
  jpeg: new Uint8Array([1]),
});
async function* one(number: number): AsyncIterable<CrossingPicture> {
  yield picture(number);
}
const atOnce = (_delayMs: number, fire: () => void): (() => void) => {
  const timer = setImmediate(fire);
  return () => clearImmediate(timer);
};
const never = (): (() => void) => () => {};

test('a store that is away for a moment gets the picture later', async () => {
  const kept: number[] = [];
  let failures = 2;
  const outbox = new PictureOutbox({
    schedule: (delayMs, fire) => (delayMs < 1000 ? atOnce(delayMs, fire) : never()),
    lost: () => expect.unreachable('nothing may be lost'),
    keep: async ({ number }) => {
      if (failures-- > 0) throw new NamedError('closed', 'restarting');
      kept.push(number);
    },
  });
  outbox.add(one(7));
  await outbox.flush(60_000);
  expect(kept).toEqual([7]);
});

test('a full disk costs the picture and is told, the next one is tried again', async () => {
  const lost: string[] = [];
  const kept: number[] = [];
  const outbox = new PictureOutbox({
    schedule: never,
    lost: (pictures, { kind }) => lost.push(`${pictures} ${kind}`),
    keep: async ({ number }) => {
      if (number === 1) throw new NamedError('output-full', 'no room');
      kept.push(number);
    },
  });
  for (const number of [1, 2]) outbox.add(one(number));
  await outbox.flush(60_000);
  expect(lost).toEqual(['1 output-full']);
  expect(kept).toEqual([2]);
});

test('a store that never answers holds neither memory nor the end of the run', async () => {
  let lost = 0;
  const outbox = new PictureOutbox({
    schedule: atOnce,
    lost: (pictures) => {
      lost += pictures;
    },
    keep: () => new Promise(() => {}),
  });
  for (let number = 0; number < 200; number++) outbox.add(one(number));
  expect(lost).toBe(200 - 1 - 64);
  await outbox.flush(1);
  expect(lost).toBe(199);
});
