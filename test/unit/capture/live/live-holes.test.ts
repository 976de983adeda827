import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '../../../../src-worker/capture/live/live.ts';
import { type LossKind, lossRules } from '../../../../src-worker/capture/live/loss.ts';
import { black, bright, Drive, lossOf, running } from './live-drive.ts';

describe('the holes of a live source, and its sleep', () => {
  it('a black picture does not count as true', () => {
    const drive = running();
    drive.lose('lost');
    drive.send('picture', black).wait(70_000, 'picture');
    expect(drive.live.step).toBe(1);
    drive.send(bright).wait(61_000, 'picture');
    expect(drive.live.step).toBe(0);
  });

  for (const truth of ['black', 'frozen'] as const) {
    it(`shows ${truth} pictures as what they are, without ending the try`, () => {
      const drive = running().send({ type: 'judged', truth, sinceMs: 0 });
      expect(drive.live.state).toBe(truth.toUpperCase());
      drive.wait(120_000, 'picture');
      expect(drive.live).toMatchObject({ state: truth.toUpperCase(), phase: 'running' });
      expect(drive.take()).toEqual([{ type: 'gap-begin', cause: truth, fromMs: 0 }]);
      drive.send(bright);
      expect(drive.live.state).toBe('LIVE');
      expect(drive.take()).toEqual([{ type: 'gap-end' }]);
    });
  }

  it('dates black and frozen pictures back to when they began, never over the hole before', () => {
    const drive = running().wait(9000, 'picture');
    drive.send({ type: 'judged', truth: 'black', sinceMs: 4000 });
    expect(drive.take()).toEqual([{ type: 'gap-begin', cause: 'black', fromMs: 4000 }]);
    drive.wait(1000, 'picture').send(bright);
    const trueMs = drive.nowMs;
    drive.wait(2000, 'picture').send({ type: 'judged', truth: 'frozen', sinceMs: 3000 });
    expect(drive.take()).toEqual([
      { type: 'gap-end' },
      { type: 'gap-begin', cause: 'frozen', fromMs: trueMs },
    ]);
  });

  it('goes from black to frozen in one hole of two causes', () => {
    const drive = running().wait(1000, 'picture');
    drive.send({ type: 'judged', truth: 'black', sinceMs: 400 });
    drive.wait(1000, 'picture').send({ type: 'judged', truth: 'frozen', sinceMs: 1600 });
    expect(drive.live.state).toBe('FROZEN');
    expect(drive.take()).toEqual([
      { type: 'gap-begin', cause: 'black', fromMs: 400 },
      { type: 'gap-turn', cause: 'frozen', fromMs: 1600 },
    ]);
  });

  it('a camera that is black and then unplugged is black to its last picture', () => {
    const drive = running().wait(1000, 'picture').send(black).wait(1000, 'picture');
    const lastMs = drive.nowMs;
    drive.nowMs += 300;
    drive.take();
    drive.lose('lost');
    expect(drive.take()).toMatchObject([
      { type: 'gap-turn', cause: 'lost', fromMs: lastMs },
      { type: 'kill' },
      { type: 'start' },
    ]);
    const stalled = running().wait(1000, 'picture').send(black).wait(4200);
    expect(stalled.take().at(-1)).toEqual({ type: 'gap-turn', cause: 'stalled', fromMs: 1000 });
  });

  it('a stalled stream that ends was stalled until then', () => {
    const drive = running().wait(4200);
    drive.take();
    drive.send({ type: 'lost', loss: lossOf('lost') });
    expect(drive.take()).toEqual([
      { type: 'gap-turn', cause: 'lost', fromMs: drive.nowMs },
      { type: 'kill' },
    ]);
  });

  for (const [kind, rule] of Object.entries(lossRules)) {
    it(`stores ${rule.gap} for a try that fails for ${kind}, however often, and anew only for another cause`, () => {
      const drive = new Drive().send('opened').wait(400);
      drive.take();
      drive.lose(kind as LossKind);
      expect(drive.take()).toEqual([
        { type: 'gap-turn', cause: rule.gap, fromMs: 400 },
        { type: 'kill' },
        { type: 'start' },
      ]);
      for (let n = 0; n < 3; n++) drive.lose(kind as LossKind);
      expect(drive.take().filter(({ type }) => type.startsWith('gap'))).toEqual([]);
      const other = rule.gap === 'auth-failed' ? 'not-found' : 'auth-failed';
      drive.send({ type: 'lost', loss: lossOf(other) });
      expect(drive.take()[0]).toEqual({ type: 'gap-turn', cause: other, fromMs: drive.nowMs });
      drive.send('gone');
      drive.nowMs = drive.live.nextTryMs ?? 0;
      drive.send('tick', 'picture');
      expect(drive.take()).toEqual([{ type: 'start' }, { type: 'gap-end' }]);
    });
  }

  it('tells a change of the picture only where a hole is', () => {
    const change: LiveEvent = { type: 'changed', gap: 'codec-changed' };
    expect(running().send(change).take()).toEqual([]);
    const drive = running();
    drive.lose('lost');
    drive.take();
    expect(drive.send(change).take()).toEqual([
      { type: 'gap-turn', cause: 'codec-changed', fromMs: drive.nowMs },
    ]);
  });

  it('sleep is the cause from its beginning to the next failed try', () => {
    const drive = running();
    drive.lose('lost');
    drive.send({ type: 'lost', loss: lossOf('lost') }, 'gone');
    drive.take();
    drive.nowMs += 100;
    drive.send('suspended');
    expect(drive.take()).toEqual([{ type: 'gap-turn', cause: 'suspended', fromMs: drive.nowMs }]);
    drive.send('resumed', 'tick', { type: 'lost', loss: lossOf('lost') });
    expect(drive.take()).toEqual([
      { type: 'start' },
      { type: 'gap-turn', cause: 'lost', fromMs: drive.nowMs },
      { type: 'kill' },
    ]);
  });

  it('lets go of the camera when the computer sleeps, and tries at once when it wakes', () => {
    const drive = running();
    drive.lose('lost');
    drive.send('picture');
    drive.take();
    drive.nowMs += 500;
    drive.send('suspended');
    expect(drive.take()).toEqual([{ type: 'gap-begin', cause: 'suspended', fromMs: 1000 }, { type: 'kill' }]);
    drive.send('gone');
    expect(drive.live).toMatchObject({
      state: 'RETRYING',
      cause: { kind: 'computer-slept' },
      nextTryMs: null,
    });
    drive.wait(600_000);
    expect(drive.take()).toEqual([]);
    drive.send('resumed', 'tick');
    expect(drive.take()).toEqual([{ type: 'start' }]);
    // Sleep is no fault of the camera: the delays have not grown.
    expect(drive.live).toMatchObject({ state: 'CONNECTING', step: 1 });
  });

  it('tries at once after sleep whatever it was waiting for, but for a wrong password', () => {
    for (const kind of Object.keys(lossRules) as LossKind[]) {
      const drive = running().send({ type: 'lost', loss: lossOf(kind) }, 'gone', 'suspended');
      drive.take();
      drive.send('resumed', 'tick');
      const careful = lossRules[kind].retry === 'minute';
      expect(drive.take()).toEqual(careful ? [] : [{ type: 'start' }]);
    }
  });

  it('tries when what goes on is cleared away, if it wakes sooner', () => {
    const drive = running().send('suspended', 'resumed', 'tick');
    drive.take();
    drive.send('gone', 'tick');
    expect(drive.take()).toEqual([{ type: 'start' }]);
  });
});
