import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkIntegrity, moveIntoPlace } from '../../../build/setup/npm-package.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ivis-setup-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

// SHA-512 of "abc", FIPS 180-2, appendix C.1, in base64.
const sha512OfAbc =
  'sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==';

test('an archive with the pinned digest passes', async () => {
  const path = join(root, 'package.tgz');
  writeFileSync(path, 'abc');
  await expect(checkIntegrity(path, sha512OfAbc, 'x@1')).resolves.toBeUndefined();
});

test('an archive that differs in one byte is refused and both digests are named', async () => {
  const path = join(root, 'package.tgz');
  writeFileSync(path, 'abd');
  await expect(checkIntegrity(path, sha512OfAbc, 'x@1')).rejects.toThrow(
    /x@1 is not the file.*expected sha512-3a81/s,
  );
});

test('a finished folder replaces the old one whole', () => {
  const old = join(root, 'place');
  const fresh = join(root, 'fresh');
  mkdirSync(old);
  mkdirSync(fresh);
  writeFileSync(join(old, 'left-over'), 'old');
  writeFileSync(join(fresh, 'file'), 'new');
  moveIntoPlace(fresh, old);
  expect(readdirSync(root)).toEqual(['place']);
  expect(readdirSync(old)).toEqual(['file']);
  expect(readFileSync(join(old, 'file'), 'utf8')).toBe('new');
});
