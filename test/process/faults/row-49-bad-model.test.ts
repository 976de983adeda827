import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelSpec } from '#shared/domain/model.ts';
import { root } from '../../drivers/electron-binary.ts';
import { withNanWeights } from '../../fixtures/onnx-bytes.ts';
import { tinyOnnx } from '../../unit/detection/model/tiny-onnx.ts';
import { Analysis, analysisFolder } from './analysis-rig.ts';
import { appWithModels, bundledModel, modelPath, sha256Of } from './own-app.ts';

const { at, clip } = analysisFolder('bad-model');

/** The app with a models folder of its own, whose default model is changed. */
function appWith(name: string, model: Uint8Array | null, trusted: boolean): string {
  const folder = at(name);
  const { spec } = bundledModel();
  const changed = (each: ModelSpec): ModelSpec =>
    each.id === spec.id && model !== null && trusted
      ? { ...each, sha256: sha256Of(model), bytes: model.length }
      : each;
  appWithModels(folder, (models) => models.map(changed));
  if (model !== null) writeFileSync(modelPath(folder, spec.file), model);
  return folder;
}

const otherShape = tinyOnnx({
  inputShape: [1, 3, 32, 32],
  outputShape: [1, 5, 21],
  values: new Float32Array(5 * 21),
});

describe('row 49: the model will not do', () => {
  it.each([
    ['missing', null, false, /error model-missing/],
    ['of 0 bytes', new Uint8Array(0), false, /error model-corrupt/],
    ['text', Buffer.from('not a model\n'), false, /error model-corrupt/],
    ['text that the manifest names', Buffer.from('not a model\n'), true, /error model-corrupt/],
    ['of another shape', otherShape, true, /error model-(wrong-shape|corrupt)/],
    [
      'of weights that are no numbers',
      withNanWeights(bundledModel().bytes),
      true,
      /error model-failed: yolo11n on cpu yields values that are no numbers/,
    ],
  ] as const)('%s: it is named, and nothing is counted', async (what, model, trusted, said) => {
    const name = what.replaceAll(' ', '-');
    const analysis = new Analysis(await clip(), at(`out-${name}`), [], {
      appFolder: appWith(name, model, trusted),
    });
    const end = await analysis.end();
    expect(end.stderr).toMatch(said);
    expect(end.code).toBe(5);
    expect(end.summary?.frames.processed ?? 0).toBe(0);
    expect(await analysis.broken()).toEqual([]);
  });

  it('is taken again when it is put right', async () => {
    const folder = appWith('mended', Buffer.from('damaged'), false);
    const place = { appFolder: folder };
    const first = new Analysis(await clip(), at('out-mended'), [], place);
    expect((await first.end()).code).toBe(5);
    const file = join(folder, 'models', 'yolo11n.onnx');
    rmSync(file);
    copyFileSync(join(root, 'models', 'yolo11n.onnx'), file);
    await new Analysis(await clip(), at('out-mended'), [], place).endsTrue(1);
  });
});
