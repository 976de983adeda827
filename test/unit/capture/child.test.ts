import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findFfmpeg, unpackedPath } from '../../../src-worker/capture/ffmpeg/binary.ts';
import {
  bundledBuild,
  parseOptions,
  parseVersion,
  probeBuild,
} from '../../../src-worker/capture/ffmpeg/build.ts';
import { FfmpegChild, lineCutter } from '../../../src-worker/capture/ffmpeg/child.ts';
import { childEnvironment } from '../../../src-worker/capture/ffmpeg/environment.ts';

const ENDLESS = ['-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=5', '-f', 'null', '-'];
const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

afterEach(() => vi.unstubAllEnvs());

describe('the ffmpeg at hand', () => {
  it('is found and says what it can do', async () => {
    const build = await bundledBuild();
    expect(build.path).toBe(findFfmpeg());
    expect(build.version).not.toBe('unknown');
    for (const option of ['vsync', 'max_pixels', 'protocol_whitelist', 'threads']) {
      expect([...build.options]).toContain(option);
    }
    expect([...build.options]).not.toContain('no_such_option');
  });

  it('is looked for outside the archive of a packaged program', () => {
    expect(unpackedPath('/opt/ivis/resources/app.asar/node_modules/x/ffmpeg')).toBe(
      '/opt/ivis/resources/app.asar.unpacked/node_modules/x/ffmpeg',
    );
    expect(unpackedPath('C:\\ivis\\resources\\app.asar\\x\\ffmpeg.exe')).toBe(
      'C:\\ivis\\resources\\app.asar.unpacked\\x\\ffmpeg.exe',
    );
    expect(unpackedPath('/usr/bin/ffmpeg')).toBe('/usr/bin/ffmpeg');
  });

  it('is a named error when it cannot be started', async () => {
    await expect(probeBuild('/nowhere/ffmpeg')).rejects.toMatchObject({ kind: 'ffmpeg-missing' });
  });

  it('has its options and version read from its help', () => {
    const help =
      '-vsync              video sync method\n  -max_pixels        <int64>      ED.VAS...\ntext -not an option\n';
    expect([...parseOptions(help)]).toEqual(['vsync', 'max_pixels']);
    expect(parseVersion('ffmpeg version n7.1-dev Copyright (c)')).toBe('n7.1-dev');
    expect(parseVersion('')).toBe('unknown');
  });
});

describe('a running ffmpeg', { timeout: 20_000 }, () => {
  it('gets nothing of our environment that could steer it', () => {
    vi.stubEnv('FFREPORT', 'file=/tmp/report.log');
    vi.stubEnv('LD_PRELOAD', '/tmp/x.so');
    expect(Object.keys(childEnvironment())).not.toEqual(expect.arrayContaining(['FFREPORT']));
    expect(Object.keys(childEnvironment())).not.toEqual(expect.arrayContaining(['LD_PRELOAD']));
  });

  it('ends with its code and its last words', async () => {
    const child = new FfmpegChild(await bundledBuild(), ['-i', 'file:/nowhere.mp4'], { stdout: 'ignore' });
    expect(await child.ended).toMatchObject({ code: 1, signal: null, failed: null });
    expect(child.log.join('\n')).toContain('No such file');
  });

  it('keeps the first and the last of a flood of messages and no more', async () => {
    const build = { ...(await bundledBuild()), path: process.execPath, setpriv: null };
    const flood = 'for (let n = 0; n < 50000; n++) console.error("line", n, "x".repeat(100))';
    let lines = 0;
    const child = new FfmpegChild(build, ['-e', flood], { stdout: 'ignore', onLine: () => lines++ });
    await child.ended;
    expect(lines).toBe(50_000);
    expect(child.log.length).toBeLessThan(200);
    expect(child.log[0]).toMatch(/^line 0 /);
    expect(child.log.at(-1)).toMatch(/^line 49999 /);
  });

  it('is a failed one when there is no such program', async () => {
    const build = { ...(await bundledBuild()), path: '/nowhere/ffmpeg', setpriv: null };
    const child = new FfmpegChild(build, [], { stdout: 'ignore' });
    expect((await child.ended).failed).toContain('ENOENT');
  });

  it.skipIf(process.platform !== 'linux')(
    'is a failed one as well when setpriv finds no such program, or one that may not be run',
    async () => {
      const build = await bundledBuild();
      expect(build.setpriv).not.toBeNull();
      for (const path of ['/nowhere/ffmpeg', import.meta.filename]) {
        const child = new FfmpegChild({ ...build, path }, [], { stdout: 'ignore' });
        expect((await child.ended).failed).toContain(path);
      }
    },
  );

  it('is none when it leaves with such a code itself', async () => {
    const build = { ...(await bundledBuild()), path: process.execPath };
    const child = new FfmpegChild(build, ['-e', 'process.exit(127)'], { stdout: 'ignore' });
    expect(await child.ended).toMatchObject({ code: 127, failed: null });
  });

  it('leaves when asked, and is killed when it does not', async () => {
    const child = new FfmpegChild(await bundledBuild(), ENDLESS, { stdout: 'ignore' });
    await child.stop();
    expect(runs(child.pid ?? 0)).toBe(false);

    const build = { ...(await bundledBuild()), path: process.execPath, setpriv: null };
    const deaf = "process.on('SIGTERM', () => {}); console.error('up'); setInterval(() => {}, 1000)";
    const up = Promise.withResolvers<void>();
    const stubborn = new FfmpegChild(build, ['-e', deaf], { stdout: 'ignore', onLine: () => up.resolve() });
    await up.promise;
    expect(await stubborn.stop()).toMatchObject({ signal: 'SIGKILL' });
  });

  it.skipIf(process.platform !== 'linux')(
    'dies with the process that started it, however that dies',
    async () => {
      const script = fileURLToPath(new URL('../../fixtures/orphan-maker.ts', import.meta.url));
      const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [said] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(said.toString());
      expect(runs(pid)).toBe(true);
      parent.kill('SIGKILL');
      await once(parent, 'exit');
      await vi.waitFor(() => expect(runs(pid)).toBe(false), { timeout: 10_000, interval: 20 });
    },
  );
});

describe('lines cut out of a stream of text', () => {
  it('come whole, whatever the pieces', () => {
    const lines: string[] = [];
    const cutter = lineCutter((line) => lines.push(line));
    for (const piece of ['a', 'b\nc', '\r\n', '\nd\re']) cutter.push(piece);
    cutter.end();
    expect(lines).toEqual(['ab', 'c', 'd', 'e']);
  });

  it('are cut when they have no end', () => {
    const lines: string[] = [];
    const cutter = lineCutter((line) => lines.push(line));
    for (let n = 0; n < 1000; n++) cutter.push('x'.repeat(100));
    cutter.end();
    expect(lines).toHaveLength(1);
    expect(lines[0]?.length).toBeLessThan(2000);
  });
});
