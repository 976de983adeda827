import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inspectOnnxFile } from '../../../../src-worker/detection/model/external-data.ts';
import { tinyModel } from './model-fixture.ts';

describe('looking into a model file', () => {
  test('a model that holds its weights is self-contained', () => {
    expect(inspectOnnxFile(tinyModel())).toBe('self-contained');
  });

  test('a model whose weights lie elsewhere is seen through, wherever they lie', () => {
    for (const externalLocation of ['weights.bin', '/dev/mem', '../x']) {
      expect(inspectOnnxFile(tinyModel({ externalLocation }))).toBe('external-data');
    }
  });

  test('no bytes, zeros and text are no model', () => {
    expect(inspectOnnxFile(new Uint8Array(0))).toBe('not-onnx');
    expect(inspectOnnxFile(new Uint8Array(1000))).toBe('not-onnx');
    expect(inspectOnnxFile(Buffer.from('#EXTM3U\nclip.ts\n'))).toBe('not-onnx');
  });

  test('a model cut anywhere within its graph is no model', () => {
    const whole = tinyModel();
    for (let length = 3; length < whole.length - 10; length += 7) {
      expect(inspectOnnxFile(whole.slice(0, length))).toBe('not-onnx');
    }
  });

  test('no bytes make it throw or hang', () => {
    const whole = tinyModel();
    const places = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), places), (made) => {
        const bytes = made instanceof Uint8Array ? made : whole.slice();
        if (Array.isArray(made)) for (const [at, value] of made) bytes[at] = value;
        expect(['self-contained', 'external-data', 'not-onnx']).toContain(inspectOnnxFile(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('messages nested without end are no model', () => {
    let graph: number[] = [];
    for (let depth = 0; depth < 40; depth++) {
      const wrap = (tag: number): void => {
        const size = graph.length;
        graph = [tag, ...(size < 128 ? [size] : [(size % 128) | 128, size >> 7]), ...graph];
      };
      wrap(0x32); // attribute.g
      wrap(0x2a); // node.attribute
      wrap(0x0a); // graph.node
    }
    const size = graph.length;
    const model = Uint8Array.from([0x3a, (size % 128) | 128, size >> 7, ...graph]);
    expect(inspectOnnxFile(model)).toBe('not-onnx');
  });
});
