import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readLooks } from '../drivers/run-database.ts';
import { tinyLookOnnx } from '../unit/detection/model/tiny-onnx.ts';
import { Analysis, analysisFolder } from './faults/analysis-rig.ts';
import { appWithModels, bundledModel, modelPath, sha256Of } from './faults/own-app.ts';

const { at, clip } = analysisFolder('looks');

const sound = tinyLookOnnx({ strips: 4 });
const broken = tinyLookOnnx({ times: Number.NaN });
let appFolder: string;

beforeAll(() => {
  const { spec, bytes } = bundledModel();
  appFolder = appWithModels(at('app'), (models) => [...models]);
  writeFileSync(modelPath(appFolder, spec.file), bytes);
  mkdirSync(modelPath(appFolder, 'looks'));
  writeFileSync(modelPath(appFolder, 'looks/colours.onnx'), sound);
  writeFileSync(modelPath(appFolder, 'looks/broken.onnx'), broken);
});

const analyse = async (name: string, ...looks: string[]) =>
  new Analysis(await clip(), at(name), looks, { appFolder });

describe('a video analysed with a look model that was installed', () => {
  it('counts as before, and how each track looked is stored with model and dimension', async () => {
    const analysis = await analyse('with', '--looks', 'colours.onnx:4:car,truck');
    await analysis.endsTrue(1);
    const looks = readLooks(analysis.database, 1);
    expect(looks.length).toBeGreaterThan(0);
    for (const { model, dimension, vector } of looks) {
      expect(model).toBe(`colours.onnx:${sha256Of(sound)}`);
      expect(dimension).toBe(12);
      expect(vector).toHaveLength(12);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
    }
  });

  it('without one nothing of looks is stored', async () => {
    const analysis = await analyse('without');
    await analysis.endsTrue(1);
    expect(readLooks(analysis.database, 1)).toEqual([]);
  });

  it('counts all the same when the model is none, and says so', async () => {
    const analysis = await analyse('broken', '--looks', 'broken.onnx:4:car,truck');
    const end = await analysis.endsTrue(1);
    expect(end.stderr).toMatch(/followed by their boxes alone, as broken\.onnx cannot be used: model-failed/);
    expect(readLooks(analysis.database, 1)).toEqual([]);
  });

  it('a model that is not installed is refused with those that are', async () => {
    const end = await (await analyse('unknown', '--looks', 'osprey.onnx')).end();
    expect(end.code).toBe(5);
    expect(end.stderr).toMatch(/no look model "osprey\.onnx".*broken\.onnx, colours\.onnx/s);
  });
});

it('no look model comes with ivis', () => {
  const models = join(import.meta.dirname, '../../models');
  expect(readdirSync(models, { recursive: true }).filter((name) => String(name).includes('looks'))).toEqual(
    [],
  );
  expect(readFileSync(join(models, 'manifest.json'), 'utf8')).not.toMatch(/osnet/i);
});
