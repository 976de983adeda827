import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { letterbox, letterboxPlan, toSourceBox } from '../../../../src-worker/detection/model/letterbox.ts';
import { defaultModel, tinyModel, tinySpec } from './model-fixture.ts';
import { toTensorBox } from './tensor-box.ts';

const dynamic = defaultModel().spec.input;
const fixed = { ...tinySpec(tinyModel()).input, width: 416, height: 416, align: 'top-left' as const };
const side = fc.integer({ min: 16, max: 4096 });

describe('letterbox', () => {
  test.each([
    [640, 360, '640x384', '640x360', 0, 12],
    [768, 576, '640x480', '640x480', 0, 0],
    [768, 432, '640x384', '640x360', 0, 12],
    [1920, 1080, '640x384', '640x360', 0, 12],
    [1080, 1920, '384x640', '360x640', 12, 0],
    [100, 100, '640x640', '640x640', 0, 0],
    [4096, 16, '640x32', '640x3', 0, 14],
  ])('%ix%i goes into a tensor of %s as %s', (width, height, tensor, picture, dstX, dstY) => {
    const fit = letterbox(dynamic, width, height);
    expect(`${fit.tensorW}x${fit.tensorH}`).toBe(tensor);
    expect(`${fit.dstW}x${fit.dstH}`).toBe(picture);
    expect([fit.dstX, fit.dstY]).toEqual([dstX, dstY]);
  });

  test('a fixed model gets its exact size, the picture at the top left', () => {
    const fit = letterbox(fixed, 640, 360);
    expect(fit).toMatchObject({ tensorW: 416, tensorH: 416, dstX: 0, dstY: 0, dstW: 416, dstH: 234 });
  });

  test('the plan carries the model’s order, scale and padding and the matrix of the picture’s size', () => {
    const small = letterboxPlan(letterbox(fixed, 640, 360), { ...fixed, order: 'bgr', scale: 1, pad: 114 });
    expect(small).toMatchObject({ order: 'bgr', scale: 1, pad: 114, matrix: 'bt601', srcW: 640, srcH: 360 });
    expect(letterboxPlan(letterbox(fixed, 1280, 720), fixed).matrix).toBe('bt709');
  });

  test('the picture always lies inside a tensor whose sides are multiples of 32', () => {
    fc.assert(
      fc.property(side, side, (width, height) => {
        const fit = letterbox(dynamic, width, height);
        expect(fit.tensorW % 32).toBe(0);
        expect(fit.tensorH % 32).toBe(0);
        expect(Math.max(fit.tensorW, fit.tensorH)).toBe(640);
        expect(fit.dstX).toBeGreaterThanOrEqual(0);
        expect(fit.dstY).toBeGreaterThanOrEqual(0);
        expect(fit.dstX + fit.dstW).toBeLessThanOrEqual(fit.tensorW);
        expect(fit.dstY + fit.dstH).toBeLessThanOrEqual(fit.tensorH);
        // Less than one multiple is padding, so no work is wasted.
        expect(fit.tensorW - fit.dstW).toBeLessThan(32);
        expect(fit.tensorH - fit.dstH).toBeLessThan(32);
      }),
    );
  });

  test('a box comes back from the tensor where it was', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(side, side, share, share, fc.constantFrom(dynamic, fixed), (width, height, x, y, input) => {
        const fit = letterbox(input, width, height);
        const box = { x1: x * width, y1: y * height, x2: x * width + 10, y2: y * height + 5 };
        const back = toSourceBox(fit, toTensorBox(fit, box));
        for (const key of ['x1', 'y1', 'x2', 'y2'] as const) expect(back[key]).toBeCloseTo(box[key], 6);
      }),
    );
  });

  test('the corners of the picture are the corners of its place in the tensor', () => {
    const fit = letterbox(dynamic, 1280, 720);
    const whole = { x1: fit.dstX, y1: fit.dstY, x2: fit.dstX + fit.dstW, y2: fit.dstY + fit.dstH };
    expect(toSourceBox(fit, whole)).toEqual({ x1: 0, y1: 0, x2: 1280, y2: 720 });
  });
});
