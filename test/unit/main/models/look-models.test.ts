import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LookModels } from '../../../../src-main/models/look-models.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-look-models-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('look models', () => {
  it('are none where there is no folder', () => {
    const models = new LookModels(folder);
    expect(models.files).toEqual([]);
    expect(() => models.require('a.onnx')).toThrow(/no look model "a\.onnx".*there is none/);
  });

  it('are the .onnx files that lie in it, under names that lead nowhere else', () => {
    mkdirSync(join(folder, 'looks'));
    for (const name of ['b.onnx', 'a-1.onnx', 'notes.txt', '.hidden.onnx', 'with space.onnx'])
      writeFileSync(join(folder, 'looks', name), '');
    const models = new LookModels(folder);
    expect(models.files).toEqual(['a-1.onnx', 'b.onnx']);
    expect(() => models.require('b.onnx')).not.toThrow();
    expect(() => models.require('../manifest.onnx')).toThrow(/there are: a-1\.onnx, b\.onnx/);
  });

  it('that cannot be used are told until they can, or detection begins anew', () => {
    const models = new LookModels(folder);
    models.told('a-1.onnx', { kind: 'model-wrong-shape', message: 'its output is 1x5x21' });
    models.told('b.onnx', { kind: 'model-failed', message: 'no numbers' });
    expect(models.fallbacks.map(({ kind, cause }) => [kind, cause])).toEqual([
      ['no-looks', expect.stringMatching(/boxes alone, as a-1\.onnx .*model-wrong-shape.*1x5x21/)],
      ['no-looks', expect.stringMatching(/b\.onnx .*model-failed/)],
    ]);
    models.told('b.onnx', null);
    expect(models.fallbacks).toHaveLength(1);
    models.forget();
    expect(models.fallbacks).toEqual([]);
  });
});
