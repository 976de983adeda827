import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type LookModel, loadLookModel } from '../../../../src-worker/detection/looks/look-model.ts';
import { openLookSession } from '../../../../src-worker/detection/model/look-session.ts';
import { ModelThread } from '../../../../src-worker/detection/model/model-thread.ts';
import { tinyModel, writeModel } from '../model/model-fixture.ts';
import { LOOK_SIDE, type TinyLookModel, tinyLookOnnx } from '../model/tiny-onnx.ts';

const load = (bytes: Uint8Array): Promise<LookModel> =>
  loadLookModel(writeModel(bytes), 'cpu', openLookSession);
const loadTiny = (changes: TinyLookModel = {}): Promise<LookModel> => load(tinyLookOnnx(changes));

/** A picture of one value per colour, in so many of them. */
function pictures(model: LookModel, colours: readonly (readonly [number, number, number])[]): Float32Array {
  const tensor = model.tensorFor(8);
  const plane = model.pictureLength / 3;
  colours.forEach((values, i) => {
    values.forEach((value, c) => {
      tensor.fill(value, i * model.pictureLength + c * plane, i * model.pictureLength + (c + 1) * plane);
    });
  });
  return tensor;
}

describe('a look model', () => {
  test('says what it takes, and its id is its file and its checksum', async () => {
    const model = await loadTiny();
    expect(model.shape).toEqual({ ...LOOK_SIDE, dimension: 6 });
    expect(model.id).toMatch(/^model-\d+\.onnx:[0-9a-f]{64}$/);
    const [own, other] = [model.id, (await loadTiny({ strips: 4 })).id].map((id) => id.split(':')[1]);
    expect(own).not.toBe(other);
  });

  test.each([
    ['any number of pictures', 'n'],
    ['one picture', 1],
    ['two pictures', 2],
  ] as const)('that takes %s at once gives each its own vector', async (_, n) => {
    const model = await loadTiny({ inputShape: [n, 3, 32, 16], outputShape: [n, 6] });
    const looks = await model.embed(
      pictures(model, [
        [1, 0, 0],
        [0, 2, 0],
        [0, 0, 3],
      ]),
      3,
    );
    expect(looks.map(({ vector }) => [...Array.from(vector)])).toEqual([
      [1, 1, 0, 0, 0, 0],
      [0, 0, 2, 2, 0, 0],
      [0, 0, 0, 0, 3, 3],
    ]);
    expect(new Set(looks.map(({ modelId }) => modelId))).toEqual(new Set([model.id]));
  });

  test('that takes pictures of any size gets them as persons are shown to such models', async () => {
    const free = { inputShape: ['n', 3, 'h', 'w'], side: { width: 128, height: 256 } };
    expect((await loadTiny(free)).shape).toEqual({ width: 128, height: 256, dimension: 6 });
  });

  test('runs in the thread of the models, and its errors come from there by name', async () => {
    const file = new URL('../../../../src-worker/detection/model/inference-thread.ts', import.meta.url);
    const thread = new ModelThread(file);
    try {
      const open: typeof openLookSession = (...model) => thread.openLook(...model);
      const model = await loadLookModel(writeModel(tinyLookOnnx()), 'cpu', open);
      const [look] = await model.embed(pictures(model, [[0, 5, 0]]), 1);
      expect(look?.vector).toEqual(new Float32Array([0, 0, 5, 5, 0, 0]));
      const wrong = loadLookModel(writeModel(tinyLookOnnx({ times: Number.NaN })), 'cpu', open);
      await expect(wrong).rejects.toMatchObject({ name: 'NamedError', kind: 'model-failed' });
      await model.release();
    } finally {
      await thread.close();
    }
  });
});

describe('a file that is no look model is named', () => {
  test.each([
    ['that is not there', null, 'model-missing', /no such file/],
    ['of text', Buffer.from('no model\n'), 'model-corrupt', /not an ONNX model/],
    ['a detection model', tinyModel(), 'model-wrong-shape', /output is float32 1x5x21, not one vector/],
    [
      'that takes numbers, not pictures',
      tinyLookOnnx({ inputShape: [2, 3] }),
      'model-(wrong-shape|corrupt)',
      /input|tiny|graph|Load/i,
    ],
    [
      'that takes grey pictures',
      tinyLookOnnx({ inputShape: ['n', 1, 32, 16], outputShape: ['n', 2] }),
      'model-wrong-shape',
      /not pictures of three colours/,
    ],
    ['that gives pictures', tinyLookOnnx({ flat: false }), 'model-wrong-shape', /output is float32 nx3x2x1/],
    ['that gives no numbers', tinyLookOnnx({ times: Number.NaN }), 'model-failed', /no numbers/],
    [
      'whose pictures are too large',
      tinyLookOnnx({ side: { width: 2048, height: 32 } }),
      'model-wrong-shape',
      /at most/,
    ],
  ])('%s', async (_, bytes, kind, said) => {
    const path = bytes === null ? join(tmpdir(), 'ivis-none.onnx') : writeModel(bytes);
    const thrown: unknown = await loadLookModel(path, 'cpu', openLookSession).catch(
      (error: unknown) => error,
    );
    expect(thrown).toMatchObject({
      name: 'NamedError',
      kind: expect.stringMatching(kind),
      message: expect.stringMatching(said),
    });
  });
});
