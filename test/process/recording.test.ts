import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecorderStatus } from '#shared/domain/recording.ts';
import { bundledBuild } from '../../src-worker/capture/ffmpeg/build.ts';
import { RecordingTap } from '../../src-worker/capture/recording/recording-tap.ts';
import { stubFfmpeg } from '../fixtures/stub-ffmpeg.ts';
import { counted, numberedClip, numbersIn } from '../unit/capture/recording/numbered-clip.ts';
import { canMount, mountMemory } from '../unit/store/memory-disk.ts';
import { SessionRig } from './faults/live-session-rig.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ivis-recording-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let film: string;
beforeAll(async () => {
  film = await numberedClip(path.join(folder, 'camera.mp4'), { frames: 250 });
});

const program = fileURLToPath(new URL('../fixtures/recorder-program.ts', import.meta.url));

/** Records in a process of its own. */
function record(into: string): { process: ChildProcess; said: string[] } {
  const said: string[] = [];
  const child = spawn(process.execPath, [program, film, into], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(...text.trim().split('\n')));
  return { process: child, said };
}

const segments = (into: string): string[] =>
  existsSync(into)
    ? readdirSync(into, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.mkv'))
        .sort((a, b) => path.basename(a).localeCompare(path.basename(b)))
        .map((name) => path.join(into, name))
    : [];

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let n = 0; n < 400; n++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

describe('a recording whose process is killed in mid-segment', () => {
  it('can be played as it lies there, is named as not closed, and is closed by the next process', async () => {
    const into = path.join(folder, 'killed');
    const first = record(into);
    await until('a second segment', () => segments(into).length >= 2);
    await new Promise((resolve) => setTimeout(resolve, 900));
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');

    const left = segments(into);
    const open = left.filter((file) => file.endsWith('.open.mkv'));
    expect(open.length).toBe(1);
    const copy = path.join(folder, 'open-copy.mkv');
    copyFileSync(open[0] ?? '', copy);
    const played = await numbersIn(copy);
    expect(played.length).toBeGreaterThan(5);
    expect(played).toEqual(counted(played[0] ?? -1, (played[0] ?? -1) + played.length - 1));

    const second = record(into);
    const [code] = await once(second.process, 'exit');
    expect(code).toBe(0);
    const all = segments(into);
    expect(all.filter((file) => file.endsWith('.open.mkv'))).toEqual([]);
    const numbers: number[] = [];
    for (const file of all) numbers.push(...(await numbersIn(file)));
    // What the killed one had written, whole, and then the film from its start.
    const again = numbers.lastIndexOf(0);
    expect(numbers.slice(0, again)).toEqual(counted(0, again - 1));
    expect(numbers.slice(again)).toEqual(counted(0, 249));
    expect(again).toBeGreaterThanOrEqual((played.at(-1) ?? 0) - 1);
  });
});

describe('a live session with a recording', () => {
  it('records and shows over two connections, each in segments of its own, and is closed with its session', async () => {
    const into = path.join(folder, 'session');
    const tap = new RecordingTap({
      clock: { monoMs: () => performance.now(), wallMs: () => Date.now() },
      schedule: () => () => {},
      onStatus: () => {},
      onDamage: (why) => {
        throw new Error(why);
      },
    });
    tap.configure({ folder: into, segmentMs: 2000, preRollMs: 0, preRollBytes: 1 });
    const short = await numberedClip(path.join(folder, 'short.mp4'), { frames: 100 });
    // A film that begins anew: each time another ffmpeg, as a camera that is connected to again.
    const rig = new SessionRig({ kind: 'file', path: short, loop: true }, { build: bundledBuild, tap });
    rig.session.open();
    await until('pictures of the second time', () => rig.frames.length > 130);
    await rig.tearDown();
    await tap.close();
    const numbers: number[] = [];
    for (const file of segments(into)) numbers.push(...(await numbersIn(file)));
    expect(numbers.slice(0, 100)).toEqual(counted(0, 99));
    const second = numbers.slice(100);
    expect(second.length).toBeGreaterThan(20);
    expect(second).toEqual(counted(0, second.length - 1));
    expect(segments(into).some((file) => file.endsWith('.open.mkv'))).toBe(false);
  });
});

describe('a live session that is not recorded, nor held in memory', () => {
  it('is recorded from the moment on at which somebody wants it, over the same connection', async () => {
    const into = path.join(folder, 'switched');
    const tap = new RecordingTap({
      clock: { monoMs: () => performance.now(), wallMs: () => Date.now() },
      schedule: () => () => {},
      onStatus: () => {},
      onDamage: (why) => {
        throw new Error(why);
      },
    });
    tap.configure({ folder: null, segmentMs: 2000, preRollMs: 0, preRollBytes: 1 });
    const long = await numberedClip(path.join(folder, 'long.mp4'), { frames: 1500 });
    const rig = new SessionRig({ kind: 'file', path: long, loop: true }, { build: bundledBuild, tap });
    rig.session.open();
    await rig.until('pictures', () => rig.frames.length > 20);
    const pid = rig.session.childPid;
    tap.configure({ folder: into, segmentMs: 2000, preRollMs: 0, preRollBytes: 1 });
    await until('a segment', () => segments(into).length > 0);
    const frames = rig.frames.length;
    await rig.until('more pictures', () => rig.frames.length > frames + 50);
    expect(rig.session.childPid).toBe(pid);
    expect(rig.gaps).toMatchObject([{ cause: 'connecting' }]);
    await rig.tearDown();
    await tap.close();
    const numbers: number[] = [];
    for (const file of segments(into)) numbers.push(...(await numbersIn(file)));
    expect(numbers.length).toBeGreaterThan(40);
    expect(numbers).toEqual(counted(numbers[0] ?? -1, (numbers[0] ?? -1) + numbers.length - 1));
  });
});

describe('a stream that ffmpeg cannot pack', () => {
  it('is shown, is said not to be recorded, and is recorded when the camera sends another coding', async () => {
    const into = path.join(folder, 'refused');
    const codingFile = path.join(folder, 'coding');
    writeFileSync(codingFile, 'gif');
    const real = await bundledBuild();
    // Refuses packets of that coding as ffmpeg does, and is ffmpeg otherwise.
    const script = `
      const { readFileSync } = require('node:fs');
      const args = process.argv.slice(2);
      const coding = readFileSync(${JSON.stringify(codingFile)}, 'utf8');
      console.error("Input #0, mov, from 'camera':");
      console.error('    Stream #0:0: Video: ' + coding + ', yuv420p, 320x240, 25 fps');
      if (coding === 'gif' && args.includes('pipe:3')) {
        console.error('Could not write header for output file #1 (incorrect codec parameters ?): Invalid argument');
        process.exit(1);
      }
      const packets = args.includes('pipe:3') ? [3] : [];
      const child = require('node:child_process').spawn(${JSON.stringify(real.path)}, args, { stdio: [0, 1, 2, ...packets] });
      process.on('SIGTERM', () => child.kill());
      child.on('exit', (code) => process.exit(code ?? 1));
      setInterval(() => { if (readFileSync(${JSON.stringify(codingFile)}, 'utf8') !== coding) child.kill('SIGKILL'); }, 50);`;
    const build = { ...real, path: stubFfmpeg(path.join(folder, 'picky'), script).path };
    const told: RecorderStatus[] = [];
    const tap = new RecordingTap({
      clock: { monoMs: () => performance.now(), wallMs: () => Date.now() },
      schedule: () => () => {},
      onStatus: (status) => void told.push(status),
      onDamage: () => {},
    });
    tap.configure({ folder: into, segmentMs: 2000, preRollMs: 0, preRollBytes: 1 });
    const rig = new SessionRig({ kind: 'file', path: film, loop: true }, { build: async () => build, tap });
    rig.session.open();
    await rig.until('pictures', () => rig.frames.length > 20, 30_000);
    expect(told.at(-1)).toMatchObject({ state: 'refused', message: expect.stringContaining('gif') });
    expect(segments(into)).toEqual([]);
    writeFileSync(codingFile, 'h264');
    await rig.until('a recording', () => told.at(-1)?.state === 'recording', 30_000);
    await until('a segment', () => segments(into).length > 0);
    await rig.tearDown();
    await tap.close();
    expect(told.at(-1)?.state).toBe('off');
  });
});

describe('a recording on a disk that fills up', () => {
  it.skipIf(!canMount)('never ends the ffmpeg that gives the picture', async () => {
    const disk = mountMemory(path.join(folder, 'small'), '300k');
    try {
      const { process: child, said } = record(path.join(disk.folder, 'camera'));
      const [code] = await once(child, 'exit');
      expect(code).toBe(0);
      expect(said.some((line) => line.startsWith('disk-full'))).toBe(true);
      for (const file of segments(path.join(disk.folder, 'camera'))) {
        const copy = path.join(folder, 'full-copy.mkv');
        copyFileSync(file, copy);
        expect((await numbersIn(copy)).length).toBeGreaterThan(0);
      }
    } finally {
      disk.unmount();
    }
  });
});
