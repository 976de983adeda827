import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RingReader, RingWriter, unlinkRing } from '#native';
import type { Regions } from '#shared/domain/run.ts';
import type { Detector } from '../../../src-worker/detection/model/detector.ts';
import { letterbox, toSourceBox } from '../../../src-worker/detection/model/letterbox.ts';
import { footOf, isLookedAt, maskOf } from '../../../src-worker/detection/regions.ts';
import { Scene } from '../../../src-worker/detection/scene.ts';
import { tinyModel, tinySpec } from './model/model-fixture.ts';
import { toTensorBox } from './model/tensor-box.ts';
import { plainSettings, tinyDetector } from './run-fixture.ts';

const WIDTH = 80;
const HEIGHT = 64;
const input = tinySpec(tinyModel()).input;

const lumaAt = (x: number, y: number): number => 16 + ((x * 3 + y * 7) % 200);
/** ITU-R BT.601, limited range, no colour: what the model sees of a luma sample. */
const seenOf = (luma: number): number => (1.164384 * (luma - 16)) / 255;

let detector: Detector;
let writer: RingWriter;
let reader: RingReader;
let frame: { slot: number; generation: number; epoch: number };

beforeAll(async () => {
  detector = await tinyDetector();
  writer = RingWriter.create({
    name: `/ivis-r-${process.pid.toString(36)}`,
    width: WIDTH,
    height: HEIGHT,
    slots: 2,
    mode: 'newest',
  });
  const picture = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128);
  for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) picture[y * WIDTH + x] = lumaAt(x, y);
  const written = writer.writeFrame(picture, 0);
  if (written === 'full') throw new Error('a ring that takes the newest is never full');
  frame = { ...written, epoch: writer.epoch };
  reader = RingReader.open(writer.name);
});
afterAll(async () => {
  reader.close();
  writer.close();
  unlinkRing(writer.name);
  await detector.release();
});

const sceneOf = (regions: Regions): Scene => {
  const size = { width: WIDTH, height: HEIGHT };
  return new Scene({ ...plainSettings, regions }, detector, size, size);
};
function tensorOf(scene: Scene): Float32Array {
  const [at] = scene.inputs;
  const tensor = detector.tensorFor(at);
  expect(reader.tensorInto(frame, tensor, at.plan)).toBe('ok');
  return tensor.slice(0, 32 * 32);
}
const box = (x1: number, y1: number, x2: number, y2: number) => ({ x1, y1, x2, y2 });
const rectangle = (x1: number, y1: number, x2: number, y2: number) => [
  { x: x1, y: y1 },
  { x: x2, y: y1 },
  { x: x2, y: y2 },
  { x: x1, y: y2 },
];

describe('a crop', () => {
  test.each([
    [0, 0],
    [11, 7],
    [48, 32],
  ])('of the model’s size at %i, %i goes in pixel by pixel', (x, y) => {
    const tensor = tensorOf(sceneOf({ include: [], exclude: [], crop: box(x, y, x + 32, y + 32) }));
    for (let row = 0; row < 32; row++) {
      for (let column = 0; column < 32; column++) {
        const expected = seenOf(lumaAt(x + column, y + row));
        expect(tensor[row * 32 + column]).toBeCloseTo(expected, 2);
      }
    }
  });

  test('a box of the tensor lies in the picture where its pixels come from', async () => {
    const [at] = sceneOf({ include: [], exclude: [], crop: box(11, 7, 43, 39) }).inputs;
    // The hand-made model always sees 16 x 8 around 10, 20.
    const [found] = await detector.detect(at, detector.tensorFor(at), 0.1);
    expect(found?.box).toEqual(box(11 + 2, 7 + 16, 11 + 18, 7 + 24));
    const half = sceneOf({ include: [], exclude: [], crop: box(4, 0, 68, 64) });
    const [larger] = await detector.detect(half.inputs[0], detector.tensorFor(half.inputs[0]), 0.1);
    expect(larger?.box).toEqual(box(4 + 4, 32, 4 + 36, 48));
  });

  test('there and back gives the box again, for any crop', () => {
    const place = fc.record({
      x: fc.integer({ min: 0, max: 3000 }),
      y: fc.integer({ min: 0, max: 2000 }),
      width: fc.integer({ min: 2, max: 900 }),
      height: fc.integer({ min: 2, max: 900 }),
    });
    fc.assert(
      fc.property(place, ({ x, y, width, height }) => {
        const fit = letterbox(input, width, height, x, y);
        const own = box(x + 0.25 * width, y, x + width, y + 0.75 * height);
        const back = toSourceBox(fit, toTensorBox(fit, own));
        for (const side of ['x1', 'y1', 'x2', 'y2'] as const) expect(back[side]).toBeCloseTo(own[side], 6);
      }),
    );
  });

  test('keeps the colours of the whole picture’s size', () => {
    const small = detector.inputOf({ x: 0, y: 0, width: 64, height: 64, maskOf: () => undefined }, 1080);
    expect(small.plan.matrix).toBe('bt709');
  });

  test('outside of the picture is refused by name', () => {
    expect(() => sceneOf({ include: [], exclude: [], crop: box(80, 0, 90, 10) })).toThrow(
      /region of interest/,
    );
  });
});

describe('a mask', () => {
  test('the model sees padding where a region is excluded, and the picture elsewhere', () => {
    const crop = box(8, 8, 40, 40);
    const plain = tensorOf(sceneOf({ include: [], exclude: [], crop }));
    const hole = tensorOf(sceneOf({ include: [], exclude: [rectangle(10, 12, 14, 20)], crop }));
    const only = tensorOf(sceneOf({ include: [rectangle(10, 12, 14, 20)], exclude: [], crop }));
    plain.forEach((value, at) => {
      const [x, y] = [8 + (at % 32), 8 + Math.floor(at / 32)];
      const inside = x >= 10 && x < 14 && y >= 12 && y < 20;
      expect(hole[at]).toBeCloseTo(inside ? 114 / 255 : value, 5);
      expect(only[at]).toBeCloseTo(inside ? value : 114 / 255, 5);
    });
  });

  test('agrees with the polygons at the centre of every tensor pixel', () => {
    const point = fc.record({
      x: fc.double({ min: -20, max: 220, noNaN: true }),
      y: fc.double({ min: -20, max: 130, noNaN: true }),
    });
    const polygons = fc.array(fc.array(point, { minLength: 3, maxLength: 7 }), { maxLength: 3 });
    fc.assert(
      fc.property(polygons, polygons, fc.boolean(), (include, exclude, cropped) => {
        const regions: Regions = { include, exclude, crop: null };
        const fit = cropped ? letterbox(input, 90, 60, 33, 21) : letterbox(input, 200, 110);
        const mask = maskOf(regions, fit);
        expect(mask === undefined).toBe(include.length + exclude.length === 0);
        if (mask === undefined) return;
        for (let row = 0; row < fit.dstH; row++) {
          for (let column = 0; column < fit.dstW; column++) {
            const centre = {
              x: ((column + 0.5) * fit.sourceW) / fit.dstW + fit.sourceX,
              y: ((row + 0.5) * fit.sourceH) / fit.dstH + fit.sourceY,
            };
            const at = (row + fit.dstY) * fit.tensorW + column + fit.dstX;
            expect([centre, mask[at] === 1]).toEqual([centre, isLookedAt(regions, centre)]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('of a whole picture is none, so that nothing is spent on it', () => {
    expect(sceneOf({ include: [], exclude: [], crop: null }).inputs[0].plan.mask).toBeUndefined();
  });
});

describe('where a detection stands', () => {
  test('is the middle of its lower edge, on the picture’s last line at most', () => {
    expect(footOf(box(10, 10, 30, 50), 100)).toEqual({ x: 20, y: 50 });
    const include = [rectangle(0, 0, 99, 99)];
    expect(isLookedAt({ include, exclude: [], crop: null }, footOf(box(10, 10, 30, 100), 100))).toBe(true);
  });
});
