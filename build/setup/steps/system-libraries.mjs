import { existsSync } from 'node:fs';
import { runChild } from '../child.mjs';
import { readStamp, stampPath, writeStamp } from '../stamp.mjs';
import { StepError } from '../step-error.mjs';

/**
 * Debian and Ubuntu packages by purpose. An entry with several names is satisfied by any of them: Debian 13 and
 * Ubuntu 24.04 renamed libraries with 64-bit time (t64).
 * @type {Readonly<Record<string, readonly (readonly string[])[]>>}
 */
export const packageGroups = {
  electron: [
    ['libgtk-3-0', 'libgtk-3-0t64'],
    ['libnss3'],
    ['libasound2', 'libasound2t64'],
    ['libgbm1'],
    ['libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'],
    ['libdrm2'],
    ['libxss1'],
  ],
  fonts: [['fontconfig'], ['fonts-dejavu-core']],
  display: [['xvfb'], ['xauth']],
  compiler: [['g++']],
  // A real RTSP server for the tests of live sources.
  rtsp: [
    ['python3-gi'],
    ['gir1.2-gstreamer-1.0'],
    ['gir1.2-gst-rtsp-server-1.0'],
    ['gstreamer1.0-plugins-base'],
    ['gstreamer1.0-plugins-good'],
    ['gstreamer1.0-plugins-bad'],
  ],
  // Make system calls of a process fail, cut the way to a camera and set a program's clock, for the tests of faults.
  faults: [['strace'], ['iproute2'], ['libfaketime']],
  cross: [['g++-mingw-w64-x86-64-posix', 'g++-mingw-w64-x86-64']],
};

const installArguments = ['install', '-y', '--no-install-recommends'];
/** A fresh machine often updates itself just then, or another set-up is at work: apt waits for it. */
const patience = ['-o', 'DPkg::Lock::Timeout=600'];

/**
 * The entries of the groups of which no name is installed.
 * @param {readonly string[]} groups
 * @param {ReadonlySet<string>} installed
 * @returns {(readonly string[])[]}
 */
export function missingEntries(groups, installed) {
  return groups
    .flatMap((group) => packageGroups[group] ?? [])
    .filter((names) => !names.some((name) => installed.has(name)));
}

/**
 * Names of installed packages out of lines "name status".
 * @param {string} text
 */
export function parseInstalled(text) {
  const lines = text.split('\n').map((line) => line.split(' '));
  return new Set(lines.filter(([, status]) => status === 'installed').map(([name = '']) => name));
}

const field = (/** @type {string} */ name) => `$\{${name}}`;
const listFormat = `${field('Package')} ${field('db:Status-Status')}\n`;

/** @param {readonly string[]} groups */
async function queryMissing(groups) {
  const names = groups.flatMap((group) => packageGroups[group] ?? []).flat();
  if (names.length === 0) return [];
  // dpkg-query ends with 1 when a name is unknown; what it prints is right all the same.
  const { stdout } = await runChild('dpkg-query', ['-W', '-f', listFormat, ...names]);
  return missingEntries(groups, parseInstalled(stdout));
}

async function hasAnyFont() {
  if (existsSync('/usr/share/fonts/truetype') || existsSync('/usr/share/fonts/opentype')) return true;
  const { code, stdout } = await runChild('fc-list', []);
  return code === 0 && stdout.trim() !== '';
}

/** @param {import('../context.mjs').Context} context */
async function wantedGroups(context) {
  const must = [...context.system.must];
  if (must.includes('electron') && !(await hasAnyFont())) must.push('fonts');
  return { must, wish: context.system.wish.filter((group) => !must.includes(group)) };
}

/**
 * Picks the name this system's package lists know.
 * @param {readonly (readonly string[])[]} entries
 */
async function chooseNames(entries) {
  const names = [];
  for (const entry of entries) {
    let chosen = entry[0] ?? '';
    for (const name of entry) {
      const { code, stdout } = await runChild('apt-cache', ['show', '--no-all-versions', name]);
      if (code !== 0 || !stdout.includes(`Package: ${name}\n`)) continue;
      chosen = name;
      break;
    }
    names.push(chosen);
  }
  return names;
}

/**
 * @param {import('../context.mjs').Context} context
 * @param {readonly string[]} names
 * @returns {Promise<boolean>}
 */
async function install(context, names) {
  if (names.length === 0) return true;
  context.say(`system libraries: apt-get install ${names.join(' ')}`);
  const env = { ...context.env, DEBIAN_FRONTEND: 'noninteractive' };
  const args = [...patience, ...installArguments, ...names];
  const { code, output } = await runChild('apt-get', args, { env, timeoutMs: 30 * 60_000 });
  if (code !== 0) context.say(output.trim().split('\n').slice(-12).join('\n'));
  return code === 0;
}

const isDebian = () => process.platform === 'linux' && existsSync('/usr/bin/dpkg-query');

/** Libraries Electron and the compiler need from Debian or Ubuntu; elsewhere nothing is checked. */
export const systemLibrariesStep = {
  name: 'system libraries',
  says: 'installing system libraries',

  /** @param {import('../context.mjs').Context} context */
  async isDone(context) {
    if (!isDebian()) return true;
    const { must, wish } = await wantedGroups(context);
    const missing = await queryMissing([...must, ...wish]);
    if (missing.length === 0) return true;
    if ((await queryMissing(must)).length > 0) return false;
    // Only wishes are missing: told once is enough for a person who cannot or will not install them.
    return readStamp(stampPath(context.root, 'system-told'))?.missing === missing.flat().join(' ');
  },

  /** @param {import('../context.mjs').Context} context */
  async run(context) {
    const { must, wish } = await wantedGroups(context);
    const missing = await queryMissing([...must, ...wish]);
    const isRoot = process.getuid?.() === 0;
    // A fresh container has no package lists at all: every name would look unknown.
    if (isRoot) await runChild('apt-get', [...patience, 'update'], { timeoutMs: 10 * 60_000 });
    const names = await chooseNames(missing);
    if (isRoot && !(await install(context, names))) {
      // One name the lists do not have spoils the whole call: what is needed must not wait for what is wished.
      await install(context, await chooseNames(await queryMissing(must)));
    }
    const manual = `sudo apt-get update && sudo apt-get ${[...installArguments, ...names].join(' ')}`;
    if ((await queryMissing(must)).length > 0) {
      throw new StepError(`these packages are missing: ${names.join(' ')}`, manual);
    }
    const still = await queryMissing(wish);
    if (still.length === 0) return;
    context.say(
      `system libraries: some tests are skipped without these packages; to install them:\n  ${manual}`,
    );
    writeStamp(stampPath(context.root, 'system-told'), { missing: still.flat().join(' ') });
  },
};
