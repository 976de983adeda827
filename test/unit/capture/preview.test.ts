import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import { i420Bytes, type Picture, Preview } from '../../../src-worker/capture/preview.ts';
import { fitSize } from '../../../src-worker/capture/preview-size.ts';

const frame = (seq: number): FrameDescriptor => ({
  ring: '/r',
  epoch: 1,
  slot: seq % 4,
  generation: 2 * seq + 2,
  seq,
  ptsMs: seq * 40,
  wallMs: 0,
  monoMs: 0,
  width: 1920,
  height: 1080,
  pixelFormat: 'i420',
});

/** A preview with a clock that the test moves and a window that the test is. */
function rig(scales = true) {
  let nowMs = 0;
  let timers: { atMs: number; fire: () => void }[] = [];
  const posted: Picture[] = [];
  const preview = new Preview({
    monoMs: () => nowMs,
    schedule: (delayMs, fire) => {
      const timer = { atMs: nowMs + delayMs, fire };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    scale: () => scales,
    post: (picture) => posted.push(picture),
  });
  const advance = (ms: number): void => {
    nowMs += ms;
    const due = timers.filter((timer) => timer.atMs <= nowMs);
    timers = timers.filter((timer) => timer.atMs > nowMs);
    for (const timer of due) timer.fire();
  };
  return { preview, posted, advance };
}

describe('the size of a preview', () => {
  it.each([
    [1920, 1080, 640, 360, 640, 360],
    [1920, 1080, 640, 640, 640, 360],
    [1080, 1920, 640, 360, 202, 360],
    [320, 240, 1920, 1080, 320, 240],
    [4000, 16, 640, 360, 640, 16],
    [161, 121, 640, 360, 162, 122],
  ])('of %ix%i in a tile of %ix%i is %ix%i', (w, h, tileW, tileH, width, height) => {
    expect(fitSize({ width: w, height: h }, { width: tileW, height: tileH })).toEqual({ width, height });
  });

  it('always has even sides of 16 to 4096 that fit the tile', () => {
    const side = fc.integer({ min: 1, max: 8192 });
    const tileSide = fc.integer({ min: 8, max: 2048 }).map((half) => half * 2);
    fc.assert(
      fc.property(side, side, tileSide, tileSide, (width, height, tileW, tileH) => {
        const size = fitSize({ width, height }, { width: tileW, height: tileH });
        for (const [got, limit] of [
          [size.width, tileW],
          [size.height, tileH],
        ] as const) {
          expect(got % 2).toBe(0);
          expect(got).toBeGreaterThanOrEqual(16);
          expect(got).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });
});

describe('a preview', () => {
  it('posts a packed I420 picture at the size of the tile', () => {
    const { preview, posted } = rig();
    preview.resize({ width: 320, height: 320 });
    preview.offer(frame(0));
    expect(posted[0]).toMatchObject({ width: 320, height: 180, frame: { seq: 0 } });
    expect(posted[0]?.pixels.length).toBe(i420Bytes(320, 180));
  });

  it('has at most two pictures under way, and the newest wins', () => {
    const { preview, posted, advance } = rig();
    for (let seq = 0; seq < 10; seq++) {
      preview.offer(frame(seq));
      advance(40);
    }
    expect(posted.map((picture) => picture.frame.seq)).toEqual([0, 1]);
    preview.shown(0);
    expect(posted.map((picture) => picture.frame.seq)).toEqual([0, 1, 9]);
  });

  it('posts about thirty pictures a second however fast the frames come', () => {
    const { preview, posted, advance } = rig();
    for (let seq = 0; seq < 1000; seq++) {
      preview.offer(frame(seq));
      for (const picture of posted) preview.shown(picture.frame.seq);
      advance(1);
    }
    expect(posted.length).toBeGreaterThan(25);
    expect(posted.length).toBeLessThanOrEqual(32);
  });

  it('shows the last frame even when it came too soon after the one before', () => {
    const { preview, posted, advance } = rig();
    preview.offer(frame(0));
    advance(1);
    preview.offer(frame(1));
    expect(posted).toHaveLength(1);
    advance(40);
    expect(posted.map((picture) => picture.frame.seq)).toEqual([0, 1]);
  });

  it('spends no credit on a frame that is no longer in the ring', () => {
    const { preview, posted } = rig(false);
    for (let seq = 0; seq < 5; seq++) preview.offer(frame(seq));
    expect(posted).toHaveLength(0);
  });

  it('begins a new run with all its credit', () => {
    const { preview, posted, advance } = rig();
    preview.offer(frame(500));
    advance(40);
    preview.offer(frame(501));
    preview.reset();
    advance(40);
    preview.offer(frame(0));
    expect(posted.at(-1)?.frame.seq).toBe(0);
  });
});
