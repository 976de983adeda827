import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type ModelSpec, modelManifestSchema } from '#shared/domain/model.ts';
import { type TinyModel, tinyOnnx } from './tiny-onnx.ts';

const manifestPath = join(import.meta.dirname, '../../../../models/manifest.json');

/** The default model of the manifest, and where it lies. */
export function defaultModel(): { spec: ModelSpec; path: string } {
  const manifest = modelManifestSchema.parse(JSON.parse(readFileSync(manifestPath, 'utf8')));
  const spec = manifest.models.find((model) => model.id === manifest.default);
  if (spec === undefined) throw new Error(`no model ${manifest.default} in the manifest`);
  return { spec, path: join(manifestPath, '..', spec.file) };
}

/** YOLOX-nano of the shared development files; null where these are not. */
export function sharedYolox(): { spec: ModelSpec; path: string } | null {
  const path = join(import.meta.dirname, '../../../../../shared/models/yolox_nano.onnx');
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  const { spec } = defaultModel();
  return {
    path,
    spec: {
      ...spec,
      id: 'yolox-nano',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      input: {
        ...spec.input,
        width: 416,
        height: 416,
        dynamic: false,
        order: 'bgr',
        scale: 1,
        align: 'top-left',
      },
      output: { decoder: 'yolox', name: 'output' },
    },
  };
}

/** A spec of a fixed 32x32 model with one label, whose output has 5 channels and 21 cells. */
export function tinySpec(bytes: Uint8Array): ModelSpec {
  return {
    id: 'tiny',
    task: 'detection',
    file: 'tiny.onnx',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    source: null,
    input: {
      name: 'images',
      width: 32,
      height: 32,
      multiple: 32,
      dynamic: false,
      layout: 'nchw',
      order: 'rgb',
      scale: 1 / 255,
      pad: 114,
      align: 'centre',
    },
    output: { decoder: 'yolo11', name: 'output0' },
    labels: ['thing'],
    licence: { spdx: 'MIT', url: '', note: '' },
    defaults: { confidence: 0.25, iou: 0.7 },
  };
}

/** Output of a tiny model that sees one thing: 16x8 around (10, 20), score 0.9, in cell 3. */
export function oneThing(): Float32Array {
  const values = new Float32Array(5 * 21);
  [10, 20, 16, 8, 0.9].forEach((value, channel) => {
    values[channel * 21 + 3] = value;
  });
  return values;
}

export function tinyModel(changes: Partial<TinyModel> = {}): Uint8Array {
  return tinyOnnx({ inputShape: [1, 3, 32, 32], outputShape: [1, 5, 21], values: oneThing(), ...changes });
}

const folder = mkdtempSync(join(tmpdir(), 'ivis-model-'));
let written = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a model to a file of its own, which goes away after the tests of the file that imports this. */
export function writeModel(bytes: Uint8Array): string {
  written += 1;
  const path = join(folder, `model-${written}.onnx`);
  writeFileSync(path, bytes);
  return path;
}
