import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestOfFile, digestOfTree } from '../../../build/setup/digest.mjs';
import { readStamp, removeStamp, stampPath, writeStamp } from '../../../build/setup/stamp.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ivis-setup-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test('a stamp comes back as it was written and leaves no temporary file', () => {
  const path = stampPath(root, 'models');
  expect(readStamp(path)).toBeNull();
  writeStamp(path, { digest: 'abc' });
  expect(readStamp(path)).toEqual({ digest: 'abc' });
  expect(readdirSync(join(path, '..'))).toEqual(['models.json']);
  removeStamp(path);
  expect(readStamp(path)).toBeNull();
});

test('a damaged stamp counts as none', () => {
  const path = join(root, 'broken.json');
  writeFileSync(path, '{"digest": "a');
  expect(readStamp(path)).toBeNull();
});

test('the digest of a file is the one every tool gives', async () => {
  const path = join(root, 'abc');
  writeFileSync(path, 'abc');
  // FIPS 180-2, appendix B.1.
  expect(await digestOfFile(path, 'sha256', 'hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

test('the digest of a tree changes with content, name, removal and version, and not with what is left out', () => {
  mkdirSync(join(root, 'src', 'deep'), { recursive: true });
  writeFileSync(join(root, 'src', 'deep', 'a.ts'), 'one');
  const skip = (path: string): boolean => path === 'src/out';
  const digest = (word = 'node 24'): string => digestOfTree(root, ['src', 'absent'], skip, [word]);
  const first = digest();
  expect(digest()).toBe(first);
  expect(digest('node 25')).not.toBe(first);

  writeFileSync(join(root, 'src', 'deep', 'a.ts'), 'two');
  const changed = digest();
  expect(changed).not.toBe(first);

  mkdirSync(join(root, 'src', 'out'));
  writeFileSync(join(root, 'src', 'out', 'b.js'), 'made');
  expect(digest()).toBe(changed);

  writeFileSync(join(root, 'src', 'deep', 'b.ts'), '');
  const added = digest();
  expect(added).not.toBe(changed);
  rmSync(join(root, 'src', 'deep', 'b.ts'));
  expect(digest()).toBe(changed);
  writeFileSync(join(root, 'absent'), '');
  expect(digest()).not.toBe(changed);
});
