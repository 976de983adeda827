import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Binding } from './binding.ts';
import { RingError } from './errors.ts';
import { LAYOUT_VERSION } from './layout.ts';

const FILE = 'ivis_ring.node';

/** Folders from `start` upwards, nearest first. */
function ancestors(start: string): string[] {
  const parent = dirname(start);
  return parent === start ? [start] : [start, ...ancestors(parent)];
}

/** Where the addon may be, in the order tried: named by hand, packaged beside the archive, or in the source tree. */
export function addonPaths(from: string = dirname(fileURLToPath(import.meta.url))): string[] {
  const tail = join('native', 'prebuilds', `${process.platform}-${process.arch}`, FILE);
  const named = process.env.IVIS_RING_ADDON;
  const resources = 'resourcesPath' in process ? process.resourcesPath : undefined;
  const packaged =
    typeof resources === 'string' ? [join(resources, 'app.asar.unpacked', tail), join(resources, tail)] : [];
  return [...(named ? [named] : []), ...packaged, ...ancestors(from).map((folder) => join(folder, tail))];
}

let loaded: Binding | undefined;

/** Loads the addon once. Throws RingError 'addon-missing' that lists what was tried and what to do. */
export function binding(): Binding {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  const failures: string[] = [];
  const paths = addonPaths();
  for (const path of paths) {
    if (!existsSync(path)) continue;
    try {
      const found: Binding = require(path);
      if (found.layoutVersion === LAYOUT_VERSION) {
        loaded = found;
        return found;
      }
      failures.push(`${path}: has ring layout ${found.layoutVersion}, ${LAYOUT_VERSION} is needed`);
    } catch (error) {
      failures.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const tried = failures.length > 0 ? failures : paths.map((path) => `${path}: not there`);
  throw new RingError(
    'addon-missing',
    [
      `The native frame ring for ${process.platform}-${process.arch} could not be loaded:`,
      ...tried.map((line) => `  ${line}`),
      'Build it with: node build/setup/native.mjs  (or set IVIS_RING_ADDON to its path)',
    ].join('\n'),
  );
}
