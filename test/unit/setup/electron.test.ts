import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createContext } from '../../../build/setup/context.mjs';
import { readStamp, stampPath, writeStamp } from '../../../build/setup/stamp.mjs';
import { electronStep, findElectron } from '../../../build/setup/steps/electron.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ivis-electron-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const onLinux = process.platform === 'linux';

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function contextWith(env: NodeJS.ProcessEnv = {}) {
  return createContext(root, [], { must: [], wish: [] }, env);
}

function plantOfficial(installedVersion: string): void {
  write('node_modules/electron/package.json', '{"version": "45.3.4"}');
  write('node_modules/electron/dist/version', installedVersion);
  write('node_modules/electron/dist/electron', '');
  write('node_modules/electron/path.txt', 'electron');
}

function plantRepack(integrity: string): void {
  write('.toolchain/electron/bin/electron', '');
  writeStamp(stampPath(root, 'electron-repack'), { integrity });
}

const pinned =
  'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==';

test('the official Electron of the locked version is taken before the repack', () => {
  plantRepack(pinned);
  plantOfficial('v45.3.4');
  expect(findElectron(contextWith())).toMatchObject({ kind: 'official' });
});

test('an official Electron of another version is not taken', () => {
  plantOfficial('44.0.0');
  expect(findElectron(contextWith())).toBeNull();
});

test('the repack is taken with the pinned digest and with no other', () => {
  plantRepack(pinned);
  expect(findElectron(contextWith())).toMatchObject({ kind: 'repack' });
  plantRepack('sha512-of-another');
  expect(findElectron(contextWith())).toBeNull();
});

test('while the repack is in use the official download is tried again after a week', () => {
  plantRepack(pinned);
  const day = 24 * 3600_000;
  expect(electronStep.isDone(contextWith())).toBe(false);
  const failed = stampPath(root, 'electron-official-failed');
  writeStamp(failed, { at: new Date(Date.now() - 6 * day).toISOString() });
  expect(electronStep.isDone(contextWith())).toBe(true);
  writeStamp(failed, { at: new Date(Date.now() - 8 * day).toISOString() });
  expect(electronStep.isDone(contextWith())).toBe(false);
});

test.runIf(onLinux)('an Electron the person names is used as it is', () => {
  write('own/electron', '');
  const named = contextWith({ ELECTRON_OVERRIDE_DIST_PATH: join(root, 'own') });
  expect(findElectron(named)).toMatchObject({ kind: 'named', binary: join(root, 'own', 'electron') });
  electronStep.apply(named);
  expect(named.env.IVIS_ELECTRON).toBe(join(root, 'own', 'electron'));
});

test('a named Electron that is not there is an error and not replaced on the quiet', async () => {
  plantOfficial('45.3.4');
  const named = contextWith({ ELECTRON_OVERRIDE_DIST_PATH: join(root, 'nowhere') });
  expect(electronStep.isDone(named)).toBe(false);
  await expect(electronStep.run(named)).rejects.toThrow('where no Electron lies');
  expect(readStamp(stampPath(root, 'electron-official-failed'))).toBeNull();
});
