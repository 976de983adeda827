import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** The Electron that set-up found: the official one, or the pinned repack for development. */
export function electronBinary(): string {
  const told = process.env.IVIS_ELECTRON;
  if (told !== undefined && told !== '') return told;
  const repack = path.join(root, '.toolchain/electron/bin/electron');
  if (existsSync(repack)) return repack;
  const found: unknown = createRequire(import.meta.url)('electron');
  if (typeof found === 'string') return found;
  throw new Error('there is no Electron: run `npm run setup`');
}

/** Switches Electron needs on this machine: as root its sandbox cannot start. */
export function electronFlags(): string[] {
  const told = process.env.IVIS_ELECTRON_FLAGS;
  if (told !== undefined) return told.split(' ').filter((flag) => flag !== '');
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** The environment of an Electron that is to be an Electron. */
export function electronEnvironment(more: Record<string, string> = {}): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...process.env, ...more })) {
    if (value !== undefined && name !== 'ELECTRON_RUN_AS_NODE') env[name] = value;
  }
  return env;
}
