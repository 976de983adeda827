import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NamedError } from '#shared/contracts/wire-error.ts';
import {
  type Clip,
  growingClip,
  hollowClip,
  longSoundClip,
  noisyClip,
  ODD_NAMES,
  playlistClip,
  rotatedClip,
  testClip,
  truncatedClip,
  variableRateClip,
} from '../../fixtures/clips.ts';
import { temporaryFolder } from '../../fixtures/ffmpeg.ts';
import { SessionRun } from '../../fixtures/session-run.ts';

const { folder, remove } = temporaryFolder('session');
const at = (name: string): string => path.join(folder, name);
const gone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};
let plain: Clip;

beforeAll(async () => {
  plain = await testClip(at('plain.mp4'));
}, 30_000);
afterAll(remove);

describe('a file session', { timeout: 30_000 }, () => {
  it.each(['mp4', 'mkv', 'avi', 'ts'])(
    'brings every frame of an .%s file once, in order, at its own time',
    async (kind) => {
      const clip = await testClip(at(`whole.${kind}`), { frames: 40 });
      const run = new SessionRun(clip.path);
      const { end } = await run.whole();
      expect(end).toEqual({ decoded: 40, lastPtsMs: 39 * 40, complete: true, error: null, decodeErrors: 0 });
      expect(run.frames.map((frame) => frame.seq)).toEqual(Array.from({ length: 40 }, (_, n) => n));
      expect(run.frames.map((frame) => frame.ptsMs)).toEqual(Array.from({ length: 40 }, (_, n) => n * 40));
      expect(run.ends).toHaveLength(1);
    },
  );

  it('keeps uneven times of a film of variable rate', async () => {
    const clip = await variableRateClip(at('uneven.mkv'));
    const run = new SessionRun(clip.path);
    const { end } = await run.whole();
    expect(run.frames.map((frame) => frame.ptsMs)).toEqual(clip.ptsMs);
    expect(end.complete).toBe(true);
  });

  it('keeps times exact in a fine time base', async () => {
    const clip = await testClip(at('fine.mp4'), { fps: 10, frames: 20, timescale: 200_000 });
    const run = new SessionRun(clip.path);
    const { end } = await run.whole();
    expect(end.complete).toBe(true);
    expect(run.frames.map((frame) => frame.ptsMs)).toEqual(Array.from({ length: 20 }, (_, n) => n * 100));
  });

  it('gives the picture upright', async () => {
    const clip = await rotatedClip(at('turned.mp4'));
    const run = new SessionRun(clip.path);
    const { media, end } = await run.whole();
    expect(media).toMatchObject({ width: 120, height: 160 });
    expect(run.frames[0]).toMatchObject({ width: 120, height: 160 });
    expect(end).toMatchObject({ decoded: clip.frames, complete: true });
  });

  it('gives odd sides as they are', async () => {
    const clip = await testClip(at('odd.avi'), { width: 161, height: 121, frames: 10 });
    const run = new SessionRun(clip.path);
    const { end } = await run.whole();
    expect(run.frames[0]).toMatchObject({ width: 161, height: 121 });
    expect(end).toMatchObject({ decoded: 10, complete: true });
  });

  it('sees the same pictures whatever the file is called', async () => {
    const { copyFile } = await import('node:fs/promises');
    const reference = new SessionRun(plain.path);
    await reference.whole();
    expect(new Set(reference.fingerprints).size).toBe(plain.frames);
    for (const name of ODD_NAMES) {
      await copyFile(plain.path, at(name));
      const run = new SessionRun(at(name));
      const { media, end } = await run.whole();
      expect({ name, ...end }).toMatchObject({ name, decoded: plain.frames, complete: true });
      expect(run.fingerprints).toEqual(reference.fingerprints);
      expect(media.durationMs).toBe(plain.durationMs);
    }
  });

  it('loses no frame to a slow reader with two slots', async () => {
    const run = new SessionRun(plain.path, {
      slots: 2,
      onFrame: () => new Promise((resolve) => setTimeout(resolve, 3)),
    });
    const { end } = await run.whole();
    expect(end).toMatchObject({ decoded: plain.frames, complete: true });
    expect(run.frames).toHaveLength(plain.frames);
  });

  it.each([
    ['mkv', /^incomplete at \d\.\d\d s of 4\.00 s/],
    ['mp4-front', /^incomplete at \d\.\d\d s of 4\.00 s/],
    ['avi', /^incomplete at \d\.\d\d s/],
  ] as const)('says where a cut off file ends (%s)', async (kind, message) => {
    const clip = await truncatedClip(at(`cut-${kind}`), kind);
    const run = new SessionRun(clip.path);
    const { end } = await run.whole();
    expect(end.complete).toBe(false);
    expect(end.error?.kind).toBe('file-incomplete');
    expect(end.error?.message).toMatch(message);
    expect(end.decoded).toBeGreaterThan(5);
    expect(end.decoded).toBeLessThan(clip.frames);
    expect(end.decoded).toBe(run.frames.length);
  });

  it('refuses an MP4 that was cut off before its index', async () => {
    const clip = await truncatedClip(at('cut.mp4'), 'mp4');
    await expect(new SessionRun(clip.path).whole()).rejects.toMatchObject({ kind: 'file-incomplete' });
  });

  it('calls a film complete whose sound goes on after the last picture', async () => {
    const clip = await longSoundClip(at('sound.mp4'), 4);
    const { end } = await new SessionRun(clip.path).whole();
    expect(end).toMatchObject({ decoded: clip.frames, complete: true, error: null });
  });

  it('ends with a named error when the picture changes its size', async () => {
    const clip = await growingClip(at('growing.ts'), 25);
    const run = new SessionRun(clip.path);
    const { end } = await run.whole();
    expect(end).toMatchObject({ complete: false, decoded: 25, error: { kind: 'file-incomplete' } });
    expect(end.error?.message).toContain('size of the picture changes');
    expect(run.frames.every((frame) => frame.width === 160)).toBe(true);
  });

  it('does not open a playlist', async () => {
    const file = await playlistClip(at('list.mp4'), plain.path);
    await expect(new SessionRun(file).whole()).rejects.toMatchObject({ kind: 'file-refused' });
  });

  it('tells the truth when ffmpeg is killed in the middle', async () => {
    const clip = await testClip(at('long.mp4'), { frames: 500 });
    const run = new SessionRun(clip.path, {
      onFrame: ({ seq }, { session }) => {
        if (seq === 10) process.kill(session.childPid ?? 0, 'SIGKILL');
      },
    });
    const { end } = await run.whole();
    expect(end.complete).toBe(false);
    expect(end.error).toMatchObject({ kind: 'ffmpeg-failed' });
    expect(end.error?.message).toContain('SIGKILL');
    expect(end.decoded).toBe(run.frames.length);
    expect(end.decoded).toBeLessThan(500);
    expect(run.ends).toHaveLength(1);
  });

  it('stops at once on request, tells it once, and leaves no ffmpeg', async () => {
    const clip = await testClip(at('stopped.mp4'), { frames: 500 });
    const reached = Promise.withResolvers<void>();
    const run = new SessionRun(clip.path, {
      mode: 'play',
      onFrame: ({ seq }) => (seq === 3 ? reached.resolve() : undefined),
    });
    await run.open();
    await reached.promise;
    const pid = run.session.childPid;
    await run.close();
    expect(run.ends).toHaveLength(1);
    expect(run.ends[0]).toMatchObject({
      complete: false,
      error: { kind: 'stopped' },
      decoded: run.frames.length,
    });
    expect(pid).toBeGreaterThan(0);
    expect(gone(pid ?? 0)).toBe(true);
    await run.session.close();
    expect(run.ends).toHaveLength(1);
  });

  it('gives up an ffmpeg that hangs', async () => {
    const clip = await testClip(at('hangs.mp4'), { frames: 500 });
    // From then on the session's clock runs a hundred times as fast; frames still in the pipe may come late.
    let hungAtMs = Number.POSITIVE_INFINITY;
    const run = new SessionRun(clip.path, {
      aheadMs: () => Math.max(0, performance.now() - hungAtMs) * 100,
      onFrame: ({ seq }, { session }) => {
        if (seq !== 10) return;
        process.kill(session.childPid ?? 0, 'SIGSTOP');
        hungAtMs = performance.now();
      },
    });
    const { end } = await run.whole();
    expect(end).toMatchObject({
      complete: false,
      error: { kind: 'ffmpeg-failed' },
      decoded: run.frames.length,
    });
    expect(end.error?.message).toContain('gave no picture for 30 s');
    expect(run.ends).toHaveLength(1);
  });

  it.skipIf(process.platform !== 'linux')(
    'gives up an ffmpeg that was stopped, long before one that gives no picture',
    async () => {
      const clip = await testClip(at('stopped.mp4'), { frames: 500 });
      const run = new SessionRun(clip.path, {
        onFrame: ({ seq }, { session }) => {
          if (seq === 10) process.kill(session.childPid ?? 0, 'SIGSTOP');
        },
      });
      const { end } = await run.whole();
      expect(end).toMatchObject({
        complete: false,
        error: { kind: 'ffmpeg-failed', message: 'ffmpeg was stopped by another program' },
        decoded: run.frames.length,
      });
    },
  );

  it('names a file whose end was never written', async () => {
    const clip = await hollowClip(at('hollow.mp4'));
    const { end } = await new SessionRun(clip.path).whole();
    expect(end).toMatchObject({ complete: false, error: { kind: 'file-incomplete' } });
    expect(end.decodeErrors).toBeGreaterThan(0);
    expect(end.decoded).toBeLessThan(clip.frames);
  });

  it('counts pictures that could not be decoded', async () => {
    const clip = await noisyClip(at('noisy.mkv'));
    const run = new SessionRun(clip.path);
    const { end } = await run.whole();
    expect(end.decodeErrors).toBeGreaterThan(0);
    expect(end.decoded).toBe(run.frames.length);
  });

  it('can be closed while it waits for the reader', async () => {
    const asked = Promise.withResolvers<void>();
    const run = new SessionRun(plain.path, {
      openReader: () => {
        asked.resolve();
        return new Promise<void>(() => {});
      },
    });
    const opening = expect(run.open()).rejects.toMatchObject({ kind: 'stopped' });
    await asked.promise;
    await run.close();
    await opening;
    expect(run.ends).toHaveLength(0);
  });

  it('can be closed while it opens', async () => {
    const run = new SessionRun(plain.path);
    const opening = expect(run.open()).rejects.toMatchObject({ kind: 'stopped' });
    await run.close();
    await opening;
    expect(run.ends).toHaveLength(0);
  });

  it('writes nothing when the reader does not come', async () => {
    let pid: number | null = null;
    const run: SessionRun = new SessionRun(plain.path, {
      openReader: () => {
        pid = run.session.childPid;
        return Promise.reject(new NamedError('timeout', 'no answer'));
      },
    });
    await expect(run.whole()).rejects.toMatchObject({ kind: 'timeout' });
    expect(run.frames).toHaveLength(0);
    expect(pid).not.toBeNull();
    expect(gone(pid ?? 0)).toBe(true);
  });

  it('does not analyse without a registered reader', async () => {
    const run = new SessionRun(plain.path, { registers: false });
    await expect(run.whole()).rejects.toMatchObject({ kind: 'ring-failed' });
    expect(run.frames).toHaveLength(0);
  });
});
