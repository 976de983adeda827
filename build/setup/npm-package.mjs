import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { mustRun } from './child.mjs';
import { digestOfFile } from './digest.mjs';
import { StepError } from './step-error.mjs';

const packLimitMs = 15 * 60_000;

/**
 * Path of npm-cli.js, so that npm can be run by any Node: the npm that started us, the one beside this Node,
 * Debian's, else the one on PATH.
 * @param {NodeJS.ProcessEnv} env
 */
export function findNpmCli(env) {
  const nodeDir = dirname(realpathSync(process.execPath));
  const places = [
    join(nodeDir, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(nodeDir, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    '/usr/share/nodejs/npm/bin/npm-cli.js',
  ];
  if (env.npm_execpath && basename(env.npm_execpath) === 'npm-cli.js') places.unshift(env.npm_execpath);
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    const command = join(folder, 'npm');
    if (folder !== '' && existsSync(command)) {
      places.push(realpathSync(command), join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'));
    }
  }
  const found = places.find((place) => basename(place) === 'npm-cli.js' && existsSync(place));
  if (found) return found;
  throw new StepError(
    'npm was not found',
    'Install npm (it comes with Node.js) so that `npm --version` works.',
  );
}

/**
 * Compares a downloaded file with its pinned digest ("sha512-<base64>").
 * @param {string} path
 * @param {string} integrity
 * @param {string} what
 */
export async function checkIntegrity(path, integrity, what) {
  const found = `sha512-${await digestOfFile(path, 'sha512', 'base64')}`;
  if (found === integrity) return;
  throw new StepError(
    `${what} is not the file that was pinned:\n  expected ${integrity}\n  got      ${found}`,
    'Do not use it. The registry or the network changed the file: try another network, and report it.',
  );
}

/**
 * Fetches one version of a package from the registry, checks its sha512 and hands a folder with the unpacked
 * files to `use`; the folder is removed afterwards. It lies in .toolchain so that `use` can rename out of it.
 * @param {{ root: string, env: NodeJS.ProcessEnv }} context
 * @param {{ name: string, integrity: string, only?: readonly string[] }} wanted name is "package@version"; `only`
 *   are the paths inside the package to unpack, all when absent
 * @param {(folder: string) => void | Promise<void>} use
 */
export async function withNpmPackage(context, wanted, use) {
  mkdirSync(join(context.root, '.toolchain'), { recursive: true });
  const folder = mkdtempSync(join(context.root, '.toolchain', 'fetch-'));
  try {
    await mustRun(
      process.execPath,
      [findNpmCli(context.env), 'pack', wanted.name, '--json', '--ignore-scripts'],
      {
        cwd: folder,
        env: context.env,
        timeoutMs: packLimitMs,
        what: `npm pack ${wanted.name}`,
        remedy:
          'Check that the npm registry can be reached (`npm ping`) and that the disk has room, then try again.',
      },
    );
    const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    if (!archive) throw new StepError(`npm pack ${wanted.name} left no archive`, 'Update npm and try again.');
    await checkIntegrity(join(folder, archive), wanted.integrity, wanted.name);
    const members = (wanted.only ?? []).map((path) => `package/${path}`);
    // Relative names: GNU tar takes "C:..." for a machine's name.
    await mustRun('tar', ['-xzf', archive, ...members], {
      cwd: folder,
      what: `unpacking ${wanted.name}`,
      remedy: 'Check that `tar` is installed and that the disk has room, then try again.',
    });
    await use(join(folder, 'package'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Puts a finished file or folder in its place in one go, replacing what was there.
 * @param {string} from
 * @param {string} to
 */
export function moveIntoPlace(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  const old = `${to}.old-${process.pid}`;
  if (existsSync(to)) renameSync(to, old);
  renameSync(from, to);
  rmSync(old, { recursive: true, force: true });
}
