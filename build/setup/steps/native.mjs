import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { digestOfTree } from '../digest.mjs';
import { readStamp, stampPath, writeStamp } from '../stamp.mjs';
import { StepError } from '../step-error.mjs';

/** @param {import('../context.mjs').Context} context */
function wantedDigest(context) {
  const sources = ['native/include', 'native/src', 'build/setup/native.mjs', 'package-lock.json'];
  return digestOfTree(context.root, sources, undefined, [`${process.platform}-${process.arch}`]);
}

/** @param {string} root */
function hasAddon(root) {
  const folder = join(root, 'native', 'prebuilds');
  const platform = `${process.platform}-${process.arch}`;
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { recursive: true }).some(
    (name) => String(name).includes(platform) && String(name).endsWith('.node'),
  );
}

/** The native addon (shared-memory ring), compiled when its sources changed. */
export const nativeStep = {
  name: 'native',
  says: 'compiling the native addon',

  /** @param {import('../context.mjs').Context} context */
  isDone(context) {
    const stamp = readStamp(stampPath(context.root, 'native'));
    return hasAddon(context.root) && stamp?.digest === wantedDigest(context);
  },

  /** @param {import('../context.mjs').Context} context */
  async run(context) {
    const { buildNative } = await import('../native.mjs');
    try {
      await buildNative(context.root, (/** @type {string} */ text) => context.say(`native: ${text}`));
    } catch (error) {
      if (error instanceof StepError) throw error;
      throw new StepError(
        error instanceof Error ? error.message : String(error),
        'A C++17 compiler is needed: on Debian `sudo apt-get install g++`; then try again.',
      );
    }
    writeStamp(stampPath(context.root, 'native'), { digest: wantedDigest(context) });
  },
};
