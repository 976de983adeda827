import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import ffmpeg from '@ffmpeg-installer/ffmpeg';
import { afterAll, describe, expect, it } from 'vitest';
import { i420Bytes, RingReader, RingWriter, sweepRings } from '#native';
import { runFfmpeg } from './ffmpeg.ts';
import { ringName } from './ring-name.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-processes-'));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function start(program: string, ...args: string[]): ChildProcess {
  const child = fork(join(import.meta.dirname, 'processes', program), args, { execArgv: [] });
  started.push(child);
  return child;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}

/** Whether a process runs; one that ended and was not waited for, as nobody is left to, does not. */
function runs(pid: number): boolean {
  const answer = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return answer.status === 0 && !answer.stdout.startsWith('Z');
}

function makeClip(): string {
  const path = join(folder, 'clip.mp4');
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=20'];
  runFfmpeg(...source, '-c:v', 'libx264', '-preset', 'ultrafast', '-y', path);
  return path;
}

describe.skipIf(process.platform === 'win32')('rings between processes', () => {
  it('give no torn frame when the writer is killed, and are swept afterwards', async () => {
    const name = ringName();
    const child = start('flat-out-writer.ts', name);
    await once(child, 'message');
    const reader = RingReader.open(name);
    const pixels = new Uint8Array(i420Bytes(640, 480));
    const results = new Map<string, number>();
    const read = () => {
      const d = reader.newest();
      if (!d) return;
      const result = reader.copyInto(d, pixels);
      results.set(result, (results.get(result) ?? 0) + 1);
      if (result === 'ok') expect(pixels.every((byte) => byte === pixels[0])).toBe(true);
    };
    await until(() => reader.newest() !== null);
    for (let i = 0; i < 100; i++) read();
    expect(reader.writerRuns).toBe(true);
    expect(sweepRings(name)).toEqual([]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(reader.writerRuns).toBe(false);
    expect(reader.writerClosed).toBe(false);
    for (let i = 0; i < 10; i++) read();
    expect([...results.keys()].filter((result) => result !== 'ok' && result !== 'overwritten')).toEqual([]);
    expect(results.get('ok')).toBeGreaterThan(0);
    expect(sweepRings(name)).toEqual([name]);
    expect(sweepRings(name)).toEqual([]);
  });

  it('lose nothing on the way to a registered reader, and go on when it is killed', async () => {
    const name = ringName();
    const ring = RingWriter.create({ name, width: 64, height: 48, slots: 3, mode: 'lossless' });
    const child = start('frame-reader.ts', name);
    await once(child, 'message');
    expect(ring.waitForReaders(1)).toBe(true);
    const answers: { seq: number; result: string; first: number; last: number }[] = [];
    child.on('message', (answer: (typeof answers)[number]) => answers.push(answer));
    const pixels = new Uint8Array(i420Bytes(64, 48));
    for (let n = 0; n < 300; n++) {
      pixels.fill(n & 255);
      let written = ring.writeFrame(pixels, n);
      while (written === 'full') {
        await new Promise((resolve) => setImmediate(resolve));
        written = ring.writeFrame(pixels, n);
      }
      child.send({ ...written, epoch: ring.epoch });
    }
    await until(() => answers.length === 300);
    for (const [n, answer] of answers.entries()) {
      expect(answer).toEqual({ seq: n, result: 'ok', first: n & 255, last: n & 255 });
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    // The dead reader's entry is still there; a new reader takes it over rather than being turned away.
    const readers = Array.from({ length: 8 }, () => RingReader.open(name, { register: true }));
    expect(ring.stats().readers).toBe(8);
    for (const reader of readers) reader.close();
    ring.close();
  });

  it('end with their thread: a worker that is terminated in mid-stream neither hangs nor crashes', async () => {
    const clip = makeClip();
    // Thirty that are ended while frames flow: one of them is then being told of a frame.
    for (let i = 0; i < 33; i++) {
      const name = ringName();
      const mode = i < 3 ? 'lossless' : 'newest';
      const worker = new Worker(join(import.meta.dirname, 'processes', 'stream-thread.ts'), {
        workerData: { ffmpegPath: ffmpeg.path, clip, name, mode },
      });
      const [hello]: [{ ffmpegPid: number }] = (await once(worker, 'message')) as [{ ffmpegPid: number }];
      await once(worker, 'message');
      await new Promise((resolve) => setTimeout(resolve, i));
      await worker.terminate();
      // Its pipe is closed, so ffmpeg ends by itself.
      await until(() => !runs(hello.ffmpegPid));
    }
  });

  it('let a process exit in mid-stream', () => {
    const clip = makeClip();
    const name = ringName();
    const script = `
      import { spawn } from 'node:child_process';
      import { FrameStream, RingWriter } from '#native';
      const stream = new FrameStream({
        onHeader({ width, height }) {
          stream.writeTo(RingWriter.create({ name: ${JSON.stringify(name)}, width, height, slots: 4, mode: 'newest' }));
        },
        onFrame() { process.exit(7); },
        onReaderDropped() {},
        onEnd() {},
      });
      spawn(${JSON.stringify(ffmpeg.path)}, ['-v', 'quiet', '-i', ${JSON.stringify(clip)}, '-c:v', 'rawvideo', '-f', 'nut', 'pipe:1'],
        { stdio: ['ignore', stream.writeFd, 'ignore'] });
      stream.childStarted();`;
    const done = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: join(import.meta.dirname, '../..'),
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(done.stderr).toBe('');
    expect(done.status).toBe(7);
    expect(sweepRings(name)).toEqual([name]);
  });
});
