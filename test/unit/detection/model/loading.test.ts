import { appendFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ModelSpec } from '#shared/domain/model.ts';
import { loadDetector } from '../../../../src-worker/detection/model/detector.ts';
import { defaultModel, oneThing, tinyModel, tinySpec, writeModel } from './model-fixture.ts';

const monoMs = (): number => performance.now();
const load = (bytes: Uint8Array, spec: ModelSpec = tinySpec(bytes)) =>
  loadDetector({ path: writeModel(bytes), spec: spec, provider: 'cpu' }, monoMs);

describe('loading a model', () => {
  test('a sound model says what it is and how fast it was', async () => {
    const bytes = tinyModel();
    const detector = await load(bytes);
    expect(detector.loaded).toMatchObject({ id: 'tiny', provider: 'cpu', inputSize: '32x32' });
    expect(detector.loaded.sha256).toBe(tinySpec(bytes).sha256);
    expect(detector.loaded.probed).toMatchObject([{ provider: 'cpu', refused: null }]);
    await detector.release();
  });

  test('a sound model yields its box in pixels of the source', async () => {
    const detector = await load(tinyModel());
    const input = detector.inputFor(64, 64);
    const [found, ...more] = await detector.detect(input, detector.tensorFor(input), 0.1);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ label: 'thing', box: { x1: 4, y1: 32, x2: 36, y2: 48 } });
    expect(found?.confidence).toBeCloseTo(0.9, 6);
    await detector.release();
  });

  test('a model of one size refuses any other', async () => {
    const detector = await load(tinyModel());
    expect(() => detector.inputFor(64, 64, 96)).toThrow(/takes pictures of 32x32 only/);
    await detector.release();
  });

  test('a provider that is not there is refused with its reason and the CPU runs the model', async () => {
    const bytes = tinyModel();
    const detector = await loadDetector(
      { path: writeModel(bytes), spec: tinySpec(bytes), provider: 'abacus' },
      monoMs,
    );
    expect(detector.loaded.provider).toBe('cpu');
    const refusal = detector.loaded.probed.find(({ provider }) => provider === 'abacus');
    expect(refusal).toMatchObject({ measuredMs: null, refused: expect.stringContaining('not a provider') });
    await detector.release();
  });

  test('a file that is not there is model-missing', async () => {
    const path = join(tmpdir(), 'ivis-no-such-model.onnx');
    await expect(
      loadDetector({ path: path, spec: tinySpec(tinyModel()), provider: 'cpu' }, monoMs),
    ).rejects.toMatchObject({
      name: 'NamedError',
      kind: 'model-missing',
    });
  });

  test.each([
    ['an empty file', new Uint8Array(0)],
    ['a text file', Buffer.from('this is no model\n'.repeat(100))],
    ['the first half of a model', tinyModel().slice(0, 300)],
    ['random bytes', Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3)) % 256)],
  ])('%s is model-corrupt, even when its sha256 is the pinned one', async (_name, bytes) => {
    await expect(load(bytes)).rejects.toMatchObject({ name: 'NamedError', kind: 'model-corrupt' });
  });

  test('a model with one other byte is model-corrupt', async () => {
    const bytes = tinyModel();
    const changed = bytes.slice();
    changed[changed.length - 40] = (changed[changed.length - 40] ?? 0) ^ 1;
    await expect(load(changed, tinySpec(bytes))).rejects.toMatchObject({
      kind: 'model-corrupt',
      message: expect.stringContaining('sha256'),
    });
  });

  test('a model of another size is model-corrupt before it is read', async () => {
    const bytes = tinyModel();
    const path = writeModel(bytes);
    appendFileSync(path, 'x');
    await expect(
      loadDetector({ path: path, spec: tinySpec(bytes), provider: 'cpu' }, monoMs),
    ).rejects.toMatchObject({
      kind: 'model-corrupt',
      message: expect.stringContaining(`${bytes.length + 1} bytes`),
    });
  });

  test('a model that takes its weights from another file is refused', async () => {
    const bytes = tinyModel({ externalLocation: '../../etc/passwd' });
    await expect(load(bytes)).rejects.toMatchObject({
      kind: 'model-corrupt',
      message: expect.stringContaining('other files'),
    });
  });

  test.each([
    ['another input name', { inputName: 'pictures' }],
    ['another output name', { outputName: 'boxes' }],
    ['another input size', { inputShape: [1, 3, 64, 32] }],
    ['four colour channels', { inputShape: [1, 4, 32, 32] }],
    ['a batch of two', { inputShape: [2, 3, 32, 32] }],
    ['one class too many', { outputShape: [1, 6, 21], values: new Float32Array(126) }],
    ['a cell too few', { outputShape: [1, 5, 20], values: new Float32Array(100) }],
    ['another order of axes', { outputShape: [1, 21, 5] }],
    ['no batch axis', { outputShape: [5, 21] }],
  ])('a model with %s is model-wrong-shape', async (_name, changes) => {
    await expect(load(tinyModel(changes))).rejects.toMatchObject({
      name: 'NamedError',
      kind: 'model-wrong-shape',
    });
  });

  test('a fixed model is not taken for a dynamic one', async () => {
    const bytes = tinyModel();
    const spec = tinySpec(bytes);
    const dynamic = { ...spec, input: { ...spec.input, dynamic: true } };
    await expect(load(bytes, dynamic)).rejects.toMatchObject({ kind: 'model-wrong-shape' });
  });

  test('a dynamic model whose cells do not follow the picture is refused by its probe run', async () => {
    const bytes = tinyModel({ inputShape: [1, 3, 'height', 'width'] });
    const spec = tinySpec(bytes);
    const dynamic = { ...spec, input: { ...spec.input, width: 128, height: 128, dynamic: true } };
    await expect(load(bytes, dynamic)).rejects.toMatchObject({ kind: 'model-wrong-shape' });
  });

  test.each([
    ['not a number', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('a model with a weight that is %s is model-failed', async (_name, weight) => {
    const values = oneThing();
    values[50] = weight;
    await expect(load(tinyModel({ values }))).rejects.toMatchObject({
      name: 'NamedError',
      kind: 'model-failed',
    });
  });
});

describe('the default model', () => {
  const { spec, path } = defaultModel();

  test('loads, is dynamic and finds nothing in a grey picture', async () => {
    const detector = await loadDetector({ path: path, spec: spec, provider: 'cpu' }, monoMs);
    expect(detector.loaded.inputSize).toBe('640x384');
    const input = detector.inputFor(640, 360);
    const tensor = detector.tensorFor(input).fill(0.5);
    expect(await detector.detect(input, tensor, 0.25)).toEqual([]);
    await detector.release();
  });

  test('takes a picture as large as is wished', async () => {
    const detector = await loadDetector({ path: path, spec: spec, provider: 'cpu' }, monoMs);
    const input = detector.inputFor(640, 360, 960);
    expect([input.fit.tensorW, input.fit.tensorH]).toEqual([960, 544]);
    expect(detector.inputFor(640, 360).fit.tensorW).toBe(640);
    const tensor = detector.tensorFor(input).fill(0.5);
    expect(await detector.detect(input, tensor, 0.25)).toEqual([]);
    await detector.release();
  });

  test('cut short it is model-corrupt', async () => {
    const bytes = readFileSync(path).subarray(0, 5_000_000);
    const pinned = { ...tinySpec(bytes), input: spec.input, labels: spec.labels };
    await expect(load(bytes, pinned)).rejects.toMatchObject({ kind: 'model-corrupt' });
  });

  test('with the labels of another model it is model-wrong-shape', async () => {
    await expect(
      loadDetector({ path: path, spec: { ...spec, labels: ['person'] }, provider: 'cpu' }, monoMs),
    ).rejects.toMatchObject({
      kind: 'model-wrong-shape',
    });
  });

  test('taken for a YOLOX it is model-wrong-shape', async () => {
    const wrong: ModelSpec = { ...spec, output: { ...spec.output, decoder: 'yolox' } };
    await expect(loadDetector({ path: path, spec: wrong, provider: 'cpu' }, monoMs)).rejects.toMatchObject({
      kind: 'model-wrong-shape',
    });
  });
});
