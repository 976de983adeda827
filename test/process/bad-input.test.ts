import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ivis } from '../drivers/ivis-command.ts';
import { ODD_NAMES, playlistClip, soundOnly, testClip, textClip, truncatedClip } from '../fixtures/clips.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-bad-'));
const at = (...parts: string[]): string => join(folder, ...parts);
let good: string;
beforeAll(async () => {
  good = (await testClip(at('good.mp4'))).path;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let runs = 0;
async function analyze(video: string, ...more: string[]) {
  const out = at(`out-${runs++}`);
  const end = await ivis(['analyze', video, '--out', out, '--json', ...more]);
  return { ...end, out, summary: end.stdout === '' ? null : JSON.parse(end.stdout) };
}

describe('a file that will not do', () => {
  it.each([
    ['a file of 0 bytes', 'file-empty', async () => writeFileSync(at('empty.mp4'), ''), 'empty.mp4'],
    ['text under the name of a video', 'file-not-video', () => textClip(at('text.mp4')), 'text.mp4'],
    ['sound without picture', 'file-no-picture', () => soundOnly(at('sound.mp4')), 'sound.mp4'],
    ['a file that is not there', 'file-not-found', async () => {}, 'nowhere.mp4'],
    ['a folder', 'file-', async () => mkdirSync(at('folder.mp4')), 'folder.mp4'],
  ])('%s is named %s', async (_what, kind, make, name) => {
    await make();
    const run = await analyze(at(name));
    expect(run.code).toBe(3);
    expect(run.stderr).toContain(`error ${kind}`);
    expect(run.summary).toMatchObject({ complete: false, frames: { decoded: 0 } });
    expect(existsSync(join(run.out, 'detections.csv'))).toBe(false);
  });

  it('a playlist under the name of a video opens nothing', async () => {
    const run = await analyze(await playlistClip(at('playlist.mp4'), good));
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/error file-(refused|not-video)/);
    expect(run.summary.frames.decoded).toBe(0);
  });

  it.each(['mkv', 'mp4', 'avi'] as const)(
    'a truncated %s says incomplete and where, or that it cannot be read',
    async (kind) => {
      const run = await analyze((await truncatedClip(at(`cut.${kind}`), kind)).path);
      expect(run.code).not.toBe(0);
      expect(run.summary.complete).toBe(false);
      if (run.summary.frames.decoded > 0) {
        expect(run.stderr).toMatch(/error file-incomplete: .*\d/);
        expect(run.code).toBe(4);
        // What was analysed until then is kept.
        expect(run.summary.frames.processed).toBe(run.summary.frames.decoded);
        expect(existsSync(join(run.out, 'detections.csv'))).toBe(true);
      } else expect(run.stderr).toMatch(/error file-/);
    },
  );

  it.skipIf(process.getuid?.() === 0 && !existsSync('/usr/bin/setpriv'))(
    'a file without permission is named file-unreadable',
    async () => {
      copyFileSync(good, at('secret.mp4'));
      chmodSync(at('secret.mp4'), 0o000);
      if (process.getuid?.() !== 0) {
        const run = await analyze(at('secret.mp4'));
        expect(run.stderr).toContain('error file-unreadable');
        return;
      }
      // Modes do not bind root: the file is put where even root may not read it, behind a loop of links.
      execFileSync('ln', ['-sfn', at('loop.mp4'), at('loop.mp4')]);
      const run = await analyze(at('loop.mp4'));
      expect(run.code).toBe(3);
      expect(run.stderr).toMatch(/error file-(unreadable|not-found)/);
    },
  );
});

describe('odd names', () => {
  const FRAMES = 10;
  let short: string;
  beforeAll(async () => {
    short = (await testClip(at('short.mp4'), { frames: FRAMES })).path;
  });

  it.each(ODD_NAMES.map((name) => [JSON.stringify(name), name] as const))(
    '%s is read like any other',
    async (_shown, name) => {
      copyFileSync(short, at(name));
      const run = await analyze(at(name));
      expect(run.stderr).not.toContain('error');
      expect(run.code).toBe(0);
      expect(run.summary).toMatchObject({
        complete: true,
        source: at(name),
        frames: { decoded: FRAMES, processed: FRAMES },
      });
    },
  );
});

describe('a place that will not take the results', () => {
  it('is named before any work is done when it cannot be made', async () => {
    writeFileSync(at('a-file'), '');
    const end = await ivis(['analyze', good, '--out', at('a-file', 'below')]);
    expect(end.code).toBe(7);
    expect(end.stderr).toContain('error output-unwritable');
  });

  const canMount = process.getuid?.() === 0 && process.platform === 'linux';
  it.skipIf(!canMount)('is named when it is read-only', async () => {
    const disk = at('read-only');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,ro', 'ivis-test', disk]);
    try {
      const end = await ivis(['analyze', good, '--out', join(disk, 'out')]);
      expect(end.code).toBe(7);
      expect(end.stderr).toContain('error output-unwritable');
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it.skipIf(!canMount)('is named when it is full, and no half file stands under a final name', async () => {
    const disk = at('full');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=120k', 'ivis-test', disk]);
    try {
      const end = await ivis(['analyze', good, '--out', join(disk, 'out')]);
      expect(end.code).not.toBe(0);
      expect(end.stderr).toMatch(/error (output-full|store-full)/);
      for (const name of ['detections.csv', 'summary.json']) {
        const path = join(disk, 'out', name);
        if (existsSync(path)) expect(readFileSync(path, 'utf8')).toMatch(/\n$/);
      }
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('wrong words are answered with the usage', async () => {
    const end = await ivis(['analyze', good, '--nope']);
    expect(end.code).toBe(2);
    expect(end.stderr).toContain('there is no option --nope');
    expect(end.stderr).toContain('ivis analyze VIDEO');
  });

  it('a class the model does not have is named', async () => {
    const end = await ivis(['analyze', good, '--classes', 'unicorn']);
    expect(end.code).toBe(2);
    expect(end.stderr).toContain('unicorn');
  });
});
