import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { prepareFolder } from '../../../../src-main/cli/output-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-output-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the output folder', () => {
  it('is made with its parents, and taken when it is there', () => {
    const deep = join(folder, 'a', 'b', 'c');
    prepareFolder(deep);
    prepareFolder(deep);
    expect(existsSync(deep)).toBe(true);
  });

  it('is refused when a file stands in its place or above it', () => {
    writeFileSync(join(folder, 'file'), '');
    for (const path of [join(folder, 'file'), join(folder, 'file', 'below')]) {
      expect(() => prepareFolder(path)).toThrowError(expect.objectContaining({ kind: 'output-unwritable' }));
    }
  });

  it.skipIf(process.platform !== 'linux')('is refused, and not waited for, where nothing can be made', () => {
    expect(() => prepareFolder('/proc/ivis/deep/er')).toThrowError(
      expect.objectContaining({ kind: 'output-unwritable' }),
    );
  });
});
