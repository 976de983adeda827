import { expect, test } from 'vitest';
import { lockfilesAgree } from '../../../build/setup/steps/dependencies.mjs';
import { isToolNode } from '../../../build/setup/steps/node.mjs';
import {
  missingEntries,
  packageGroups,
  parseInstalled,
} from '../../../build/setup/steps/system-libraries.mjs';

test.each([
  ['24.15.0', true],
  ['24.18.2', true],
  ['24.14.9', false],
  ['25.0.0', false],
  ['22.22.0', false],
  ['20.20.2', false],
])('Node %s for the tools: %s', (version, fits) => {
  expect(isToolNode(version)).toBe(fits);
});

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
    'node_modules/binary-darwin': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  },
};

test('what npm installed agrees with the lockfile when only optional packages are absent', () => {
  expect(
    lockfilesAgree(lock, { packages: { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' } } }),
  ).toBe(true);
});

test.each([
  ['a package is missing', {}],
  ['a version differs', { 'node_modules/zod': { version: '4.6.8', integrity: 'sha512-a' } }],
  ['a digest differs', { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-x' } }],
  [
    'there is a package the lockfile does not know',
    {
      'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
      'node_modules/stray': { version: '1.0.0', integrity: 'sha512-c' },
    },
  ],
])('it does not agree when %s', (_what, packages) => {
  expect(lockfilesAgree(lock, { packages })).toBe(false);
});

test('an empty lockfile agrees with nothing', () => {
  expect(lockfilesAgree({}, {})).toBe(false);
});

test('only packages that dpkg calls installed count', () => {
  const text = 'libnss3 installed\nlibdrm2 config-files\nlibgbm1 not-installed\n\n';
  expect([...parseInstalled(text)]).toEqual(['libnss3']);
});

test('on Debian 12 the old names satisfy, on Debian 13 and Ubuntu 24.04 the names with t64', () => {
  const shared = ['libnss3', 'libgbm1', 'libdrm2', 'libxss1'];
  const old = new Set([...shared, 'libgtk-3-0', 'libasound2', 'libatk-bridge2.0-0']);
  const fresh = new Set([...shared, 'libgtk-3-0t64', 'libasound2t64', 'libatk-bridge2.0-0t64']);
  expect(missingEntries(['electron'], old)).toEqual([]);
  expect(missingEntries(['electron'], fresh)).toEqual([]);
  expect(missingEntries(['electron'], new Set(shared))).toHaveLength(3);
});

test('on a bare machine every package of the asked groups is missing and no other', () => {
  expect(missingEntries(['display', 'cross'], new Set())).toEqual([
    ...(packageGroups.display ?? []),
    ...(packageGroups.cross ?? []),
  ]);
});
