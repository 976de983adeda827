import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { mustRun, runChild } from '../child.mjs';
import { digestOfFile } from '../digest.mjs';
import { moveIntoPlace } from '../npm-package.mjs';
import { StepError } from '../step-error.mjs';

/** vtest.avi, 768x576, 79.5 s of people crossing a campus (PETS 2009, S2.L1, view 1). */
export const demoClip = {
  file: join('resources', 'demo', 'vtest.avi'),
  sha256: '45cddc9490be69345cbdab64ca583be65987e864ca408038e648db99e10516cf',
  line: 'middle:384,0,384,575',
  classes: 'person',
};

const ownFileRemedy = 'Give a video of your own: `npm run demo -- VIDEO`.';

/** Only Debian and its kin carry the clip in a package. */
export function canFetchDemoClip() {
  return existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-deb');
}

/** @param {string} folder */
async function downloadDeb(folder) {
  const download = () =>
    runChild('apt-get', ['download', 'opencv-doc'], { cwd: folder, timeoutMs: 15 * 60_000 });
  let result = await download();
  if (result.code !== 0 && process.getuid?.() === 0) {
    await runChild('apt-get', ['update'], { timeoutMs: 5 * 60_000 });
    result = await download();
  }
  const deb = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (result.code === 0 && deb) return join(folder, deb);
  throw new StepError(
    `the package opencv-doc could not be downloaded:\n${result.output.trim()}`,
    `Run \`sudo apt-get update\` and try again. Or: ${ownFileRemedy}`,
  );
}

/**
 * Takes one file out of a .deb without installing it.
 * @param {string} deb
 * @param {string} target
 */
async function extractClip(deb, target) {
  const list = await mustRun('dpkg-deb', ['--contents', deb], { what: 'dpkg-deb', remedy: ownFileRemedy });
  const member = /\S*\/vtest\.avi(\.gz)?$/m.exec(list)?.[0];
  if (!member) throw new StepError('opencv-doc holds no vtest.avi', ownFileRemedy);
  const archive = spawn('dpkg-deb', ['--fsys-tarfile', deb], { stdio: ['ignore', 'pipe', 'ignore'] });
  const tar = spawn('tar', ['-xO', '-f', '-', member], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise((resolve, reject) => {
    tar.on('error', reject);
    archive.on('error', reject);
    tar.on('close', resolve);
  });
  const feed = pipeline(archive.stdout, tar.stdin).catch(() => undefined); // tar may stop reading once it has the file
  const output = createWriteStream(target);
  await (member.endsWith('.gz')
    ? pipeline(tar.stdout, createGunzip(), output)
    : pipeline(tar.stdout, output));
  archive.kill();
  await Promise.all([feed, ended]);
}

/** The clip of `npm run demo`: on Debian out of the package opencv-doc, which is not installed. */
export const demoClipStep = {
  name: 'demo clip',
  says: 'fetching the demo clip: vtest.avi out of the Debian package opencv-doc (95 MB, not installed)',

  /** @param {import('../context.mjs').Context} context */
  async isDone(context) {
    const clip = join(context.root, demoClip.file);
    return existsSync(clip) && (await digestOfFile(clip, 'sha256', 'hex')) === demoClip.sha256;
  },

  /** @param {import('../context.mjs').Context} context */
  async run(context) {
    if (!canFetchDemoClip()) {
      throw new StepError(
        'the demo clip comes from a Debian package, and this machine has no apt',
        ownFileRemedy,
      );
    }
    mkdirSync(join(context.root, '.toolchain'), { recursive: true });
    const folder = mkdtempSync(join(context.root, '.toolchain', 'clip-'));
    try {
      const clip = join(folder, 'vtest.avi');
      await extractClip(await downloadDeb(folder), clip);
      const sha256 = await digestOfFile(clip, 'sha256', 'hex');
      if (sha256 !== demoClip.sha256) {
        throw new StepError(
          `this system's opencv-doc has another vtest.avi (sha256 ${sha256})`,
          ownFileRemedy,
        );
      }
      const target = join(context.root, demoClip.file);
      mkdirSync(dirname(target), { recursive: true });
      moveIntoPlace(clip, target);
      context.say(`demo clip: ${relative(context.root, target)}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
