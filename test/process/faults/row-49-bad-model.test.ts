import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ModelSpec, modelManifestSchema } from '#shared/domain/model.ts';
import { root } from '../../drivers/electron-binary.ts';
import { tinyOnnx } from '../../unit/detection/model/tiny-onnx.ts';
import { Analysis, analysisFolder } from './analysis-rig.ts';

const { at, clip } = analysisFolder('bad-model');

/** The app with a models folder of its own, whose default model is changed. */
function appWith(name: string, model: Uint8Array | null, trusted: boolean): string {
  const folder = at(name);
  mkdirSync(join(folder, 'models'), { recursive: true });
  for (const part of ['out', 'node_modules', 'native']) symlinkSync(join(root, part), join(folder, part));
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  const manifest = modelManifestSchema.parse(
    JSON.parse(readFileSync(join(root, 'models', 'manifest.json'), 'utf8')),
  );
  const changed = (spec: ModelSpec): ModelSpec => {
    if (spec.id !== manifest.default || model === null) return spec;
    const file = join(folder, 'models', spec.file);
    writeFileSync(file, model);
    const sha256 = createHash('sha256').update(model).digest('hex');
    return trusted ? { ...spec, sha256, bytes: model.length } : spec;
  };
  const text = JSON.stringify({ ...manifest, models: manifest.models.map(changed) });
  writeFileSync(join(folder, 'models', 'manifest.json'), text);
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
