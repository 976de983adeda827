import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../child.mjs';
import { digestOfTree } from '../digest.mjs';
import { findNpmCli } from '../npm-package.mjs';
import { readStamp, removeStamp, stampPath, writeStamp } from '../stamp.mjs';

/**
 * Whether what npm says it installed is what the lockfile asks for: every package that must be there is there in
 * the locked version and with the locked digest. Only optional ones (other platforms) may be absent.
 * @param {{ packages?: Record<string, any> }} lock package-lock.json
 * @param {{ packages?: Record<string, any> }} installed node_modules/.package-lock.json
 */
export function lockfilesAgree(lock, installed) {
  const wanted = Object.entries(lock.packages ?? {}).filter(([path]) => path !== '');
  const present = installed.packages ?? {};
  const known = new Set(wanted.map(([path]) => path));
  if (wanted.length === 0 || Object.keys(present).some((path) => !known.has(path))) return false;
  return wanted.every(([path, entry]) => {
    const there = present[path];
    if (!there) return entry.optional === true || entry.devOptional === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** @param {import('../context.mjs').Context} context */
function wantedStamp(context) {
  return {
    digest: digestOfTree(context.root, ['package-lock.json'], undefined, [`node ${context.nodeVersion}`]),
  };
}

/** @param {string} root */
function directPackagesExist(root) {
  const { dependencies = {}, devDependencies = {} } = readJson(join(root, 'package.json'));
  return Object.keys({ ...dependencies, ...devDependencies }).every((name) =>
    existsSync(join(root, 'node_modules', name, 'package.json')),
  );
}

/**
 * What the install script of @ffmpeg-installer's packages would do, and all it would do.
 * @param {string} root
 */
function makeProgramsExecutable(root) {
  const folder = join(root, 'node_modules', '@ffmpeg-installer');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const program = join(folder, name, 'ffmpeg');
    if (statSync(program, { throwIfNoEntry: false })?.isFile()) chmodSync(program, 0o755);
  }
}

/** The packages of package-lock.json, by `npm ci` and without running any package's scripts. */
export const dependenciesStep = {
  name: 'dependencies',
  says: 'installing the packages of package-lock.json (npm ci without install scripts; about a minute)',

  /** @param {import('../context.mjs').Context} context */
  isDone(context) {
    const installedLock = join(context.root, 'node_modules', '.package-lock.json');
    if (!existsSync(installedLock) || !directPackagesExist(context.root)) return false;
    const stamp = stampPath(context.root, 'dependencies');
    const wanted = wantedStamp(context);
    if (readStamp(stamp)?.digest === wanted.digest) return true;
    // No stamp, but someone ran npm themselves: take it when it is exactly what the lockfile asks for.
    if (!lockfilesAgree(readJson(join(context.root, 'package-lock.json')), readJson(installedLock)))
      return false;
    writeStamp(stamp, wanted);
    return true;
  },

  /** @param {import('../context.mjs').Context} context */
  async run(context) {
    removeStamp(stampPath(context.root, 'dependencies'));
    const args = [findNpmCli(context.env), 'ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    await mustRun(context.node, args, {
      cwd: context.root,
      // onnxruntime-node's script would download CUDA; the CPU library is inside the package.
      env: { ...context.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
      what: 'npm ci',
      remedy:
        'Check that the npm registry can be reached (`npm ping`) and that the disk has 2 GB free, then try again.',
    });
    makeProgramsExecutable(context.root);
    writeStamp(stampPath(context.root, 'dependencies'), wantedStamp(context));
  },
};
