import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../child.mjs';
import { digestOfTree } from '../digest.mjs';
import { readStamp, removeStamp, writeStamp } from '../stamp.mjs';

const sources = [
  'package.json',
  'electron.vite.config.ts',
  'src-main',
  'src-renderer',
  'src-shared',
  'src-worker',
  'native/lib',
];

/** @param {string} root */
function buildStamp(root) {
  return join(root, 'out', '.stamp.json');
}

/** @param {import('../context.mjs').Context} context */
function wantedDigest(context) {
  return digestOfTree(context.root, sources, undefined, [`node ${context.nodeVersion}`]);
}

/** The app's bundles in out/, made by electron-vite when a source changed. */
export const buildStep = {
  name: 'build',
  says: 'building the app (electron-vite)',

  /** @param {import('../context.mjs').Context} context */
  isDone(context) {
    if (!existsSync(join(context.root, 'out', 'main'))) return false;
    return readStamp(buildStamp(context.root))?.digest === wantedDigest(context);
  },

  /** @param {import('../context.mjs').Context} context */
  async run(context) {
    // Taken before the build: a source saved while it runs makes the next run build again.
    const digest = wantedDigest(context);
    removeStamp(buildStamp(context.root));
    await mustRun(context.node, [join('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build'], {
      cwd: context.root,
      env: context.env,
      what: 'electron-vite build',
      remedy: 'Correct the source named above; `npm run check` shows the types and rules as well.',
    });
    writeStamp(buildStamp(context.root), { digest });
  },
};
