import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { i420Bytes } from '#native';
import { decode, runFfmpeg } from './ffmpeg.ts';
import { ringName } from './ring-name.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-decode-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function clip(name: string, ...args: string[]): string {
  const path = join(folder, name);
  runFfmpeg(...args, '-y', path);
  return path;
}

function hashesOf(path: string, width: number, height: number): string[] {
  const raw = runFfmpeg(
    '-i',
    path,
    '-an',
    '-vsync',
    '0',
    '-c:v',
    'rawvideo',
    '-pix_fmt',
    'yuv420p',
    '-f',
    'rawvideo',
    '-',
  );
  const size = i420Bytes(width, height);
  return Array.from({ length: raw.length / size }, (_, i) =>
    createHash('sha1')
      .update(raw.subarray(i * size, (i + 1) * size))
      .digest('hex'),
  );
}

function expectTimes(ptsMs: (number | null)[], timeOf: (n: number) => number): void {
  for (const [n, pts] of ptsMs.entries()) expect(pts).toBeCloseTo(timeOf(n), 6);
}

describe('ffmpeg into the ring', () => {
  it('delivers every frame of a clip, pixel for pixel, with its time', async () => {
    const path = clip('plain.mp4', '-f', 'lavfi', '-i', 'testsrc2=s=322x182:r=25:d=4', '-c:v', 'libx264');
    const got = await decode(path, ringName());
    expect(got.end).toEqual({ cause: 'eof', frames: 100, partialBytes: 0, message: 'end of stream' });
    expect(got.headers).toHaveLength(1);
    expect(got.headers[0]).toMatchObject({ width: 322, height: 182 });
    expect(got.reads).toEqual({ ok: 100 });
    expect(got.hashes).toEqual(hashesOf(path, 322, 182));
    expectTimes(got.ptsMs, (n) => n * 40);
  });

  it('handles pictures with odd sides', async () => {
    const path = clip(
      'odd.avi',
      '-f',
      'lavfi',
      '-i',
      // The generator itself makes even pictures only.
      'testsrc2=s=66x50:r=25:d=1,format=rgb24,crop=65:49:0:0:exact=1',
      '-c:v',
      'ffv1',
      '-pix_fmt',
      'yuv420p',
    );
    const got = await decode(path, ringName());
    expect(got.end).toMatchObject({ cause: 'eof', frames: 25 });
    expect(got.headers[0]).toMatchObject({ width: 65, height: 49 });
    expect(got.hashes).toEqual(hashesOf(path, 65, 49));
  });

  it('keeps the true times of a clip with a varying frame rate', async () => {
    const path = clip(
      'varying.mp4',
      ...[
        '-f',
        'lavfi',
        '-i',
        'testsrc2=s=128x96:r=25:d=2',
        '-vf',
        'settb=1/90000,setpts=N*3600+mod(N*977\\,1500)',
      ],
      ...[
        '-vsync',
        '0',
        '-enc_time_base',
        '1:90000',
        '-c:v',
        'libx264',
        '-bf',
        '0',
        '-video_track_timescale',
        '90000',
      ],
    );
    const got = await decode(path, ringName());
    expect(got.end).toMatchObject({ cause: 'eof', frames: 50 });
    expect(got.headers[0]).toMatchObject({ timeBaseNum: 1, timeBaseDen: 90000 });
    expectTimes(got.ptsMs, (n) => (n * 3600 + ((n * 977) % 1500)) / 90);
  });

  it('keeps one size when the picture size of the source changes', async () => {
    const small = clip(
      'small.h264',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=128x96:r=25:d=1',
      '-c:v',
      'libx264',
      '-f',
      'h264',
    );
    const large = clip(
      'large.h264',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=192x128:r=25:d=1',
      '-c:v',
      'libx264',
      '-f',
      'h264',
    );
    const both = join(folder, 'both.h264');
    writeFileSync(both, Buffer.concat([readFileSync(small), readFileSync(large)]));
    const got = await decode(both, ringName());
    expect(got.end).toMatchObject({ cause: 'eof', frames: 50 });
    expect(got.headers.map(({ width, height }) => [width, height])).toEqual([[128, 96]]);
    expectTimes(got.ptsMs, (n) => n * 40);
    expect(got.hashes.slice(0, 25)).toEqual(hashesOf(small, 128, 96));
  });

  it('tells a killed ffmpeg from the end of the file', async () => {
    const path = clip(
      'long.mp4',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=640x360:r=25:d=20',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
    );
    const got = await decode(path, ringName(), (count, child) => {
      if (count === 20) child.kill('SIGKILL');
    });
    expect(got.end.cause).toBe('truncated');
    expect(got.end.frames).toBe(got.hashes.length);
    expect(got.end.frames).toBeLessThan(500);
    expect(got.reads).toEqual({ ok: got.end.frames });
  });

  it('ends with closed when it is closed, and pauses when it is paused', async () => {
    const path = clip(
      'pausing.mp4',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=320x180:r=25:d=20',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
    );
    let seen = 0;
    let countAtPause = 0;
    let countAfter = 0;
    const got = await decode(path, ringName(), (count, child, stream) => {
      if (count === 10) {
        stream.pause();
        setTimeout(() => {
          // What was read before the pause took hold has arrived by now; nothing may follow.
          countAtPause = seen;
          setTimeout(() => {
            countAfter = seen;
            stream.resume();
          }, 200);
        }, 200);
      }
      seen = count;
      if (count === 60) {
        stream.close();
        stream.close();
        child.kill('SIGKILL');
      }
    });
    expect(countAfter).toBe(countAtPause);
    expect(countAtPause).toBeGreaterThanOrEqual(10);
    expect(countAtPause).toBeLessThan(60);
    expect(got.end.cause).toBe('closed');
  });
  it('says that nothing came when the input is no video', async () => {
    const path = join(folder, 'text.mp4');
    writeFileSync(path, 'this is not a video\n'.repeat(100));
    const got = await decode(path, ringName());
    expect(got.end).toMatchObject({ cause: 'truncated', frames: 0, partialBytes: 0 });
    expect(got.headers).toEqual([]);
  });

  it('throws away a handler error into the process, not into the stream', async () => {
    const path = clip('throwing.mp4', '-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=1', '-c:v', 'libx264');
    const errors: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => errors.push(error));
    try {
      const got = await decode(path, ringName(), (count) => {
        if (count === 3) throw new Error('a handler failed');
      });
      expect(got.end).toMatchObject({ cause: 'eof', frames: 25 });
      expect(got.reads).toEqual({ ok: 25 });
      expect(errors).toMatchObject([{ message: 'a handler failed' }]);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });
});
