import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelSpec } from '#shared/domain/model.ts';
import { ModelChoice } from '../../../../src-main/models/model-choice.ts';
import { findModel, type InstalledModel } from '../../../../src-main/models/model-manifest.ts';
import { ModelQuarantine } from '../../../../src-main/models/model-quarantine.ts';
import { root } from '../../../drivers/electron-binary.ts';

const bundled = findModel(join(root, 'models'), null);
const spec: ModelSpec = { ...bundled.spec, id: 'other', sha256: 'ab'.repeat(32) };
const other: InstalledModel = { spec, path: '/nowhere/other.onnx' };

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
const complaints: string[] = [];
function listPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ivis-aside-'));
  folders.push(folder);
  return join(folder, 'models-set-aside.json');
}
const quarantineAt = (path: string) => new ModelQuarantine(path, (words) => complaints.push(words));
const choose = (model: InstalledModel, path: string | null) =>
  new ModelChoice({
    model,
    bundled,
    provider: null,
    quarantine: path === null ? null : quarantineAt(path),
    wallMs: () => 1_700_000_000_000,
  });

describe('the choice of model and provider', () => {
  it('goes from the accelerator to the processor, then to the other model with the accelerator, then no further', () => {
    const choice = choose(other, listPath());
    const steps: unknown[] = [];
    const crash = (on: string): void => {
      choice.begun();
      choice.trying('cpu');
      choice.trying(on);
      const changed = choice.gaveUp('ended with code 139');
      const { model, provider, fallbacks } = choice;
      steps.push([changed, model.spec.id, provider, fallbacks.map(({ kind }) => kind)]);
    };
    for (const on of ['cuda', 'cpu', 'cuda', 'cpu']) crash(on);
    expect(steps).toEqual([
      [true, 'other', 'cpu', ['no-accelerator']],
      [true, bundled.spec.id, null, ['model-set-aside']],
      [true, bundled.spec.id, 'cpu', ['no-accelerator', 'model-set-aside']],
      [false, bundled.spec.id, 'cpu', ['no-accelerator', 'model-set-aside']],
    ]);
    for (const { cause, whatToDo } of choice.fallbacks) expect(`${cause}|${whatToDo}`).toMatch(/.+\|.+\./);
  });

  it('remembers the bytes of a model that was set aside, not its name', () => {
    const path = listPath();
    const first = choose(other, path);
    first.begun();
    first.trying('cpu');
    expect(first.gaveUp('no progress for 10000 ms')).toBe(true);
    const next = choose(other, path);
    expect(next.model).toBe(bundled);
    expect(next.fallbacks).toMatchObject([{ kind: 'model-set-aside' }]);
    expect(next.fallbacks[0]?.cause).toContain('no progress for 10000 ms');
    expect(next.fallbacks[0]?.whatToDo).toContain(path);
    const mended: InstalledModel = { ...other, spec: { ...spec, sha256: 'cd'.repeat(32) } };
    expect(choose(mended, path)).toMatchObject({ model: mended, fallbacks: [] });
  });

  it('leaves the model that comes with ivis alone, even when its bytes are in the list', () => {
    const path = listPath();
    const entry = { sha256: bundled.spec.sha256, id: 'x', sinceWallMs: 1, cause: 'by hand' };
    writeFileSync(path, JSON.stringify({ version: 1, models: [entry] }));
    expect(choose(bundled, path)).toMatchObject({ model: bundled, fallbacks: [] });
  });

  it('is not changed for a command: the person asked for that model', () => {
    const choice = choose(other, null);
    choice.trying('cpu');
    expect(choice.gaveUp('ended with code 139')).toBe(false);
    expect(choice.model).toBe(other);
  });

  it('begins with nothing set aside when the list is rubbish, and says so', () => {
    const path = listPath();
    writeFileSync(path, '{"version":1,"models":[{"sha256":"../../etc"}]}');
    complaints.splice(0);
    expect(choose(other, path).model).toBe(other);
    expect(complaints.join()).toContain('list of models set aside');
    expect(readFileSync(path, 'utf8')).toContain('etc');
  });
});
