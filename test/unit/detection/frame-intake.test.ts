import { describe, expect, test } from 'vitest';
import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { RunMode } from '#shared/domain/run.ts';
import { FrameIntake } from '../../../src-worker/detection/frame-intake.ts';
import { FrameQueue } from '../../../src-worker/detection/frame-queue.ts';
import { SourcePace } from '../../../src-worker/detection/rate/source-pace.ts';

const frame = (seq: number): FrameDescriptor => ({
  ring: '/r',
  epoch: 1,
  slot: seq % 4,
  generation: seq * 2,
  seq,
  ptsMs: seq * 40,
  wallMs: 0,
  monoMs: 0,
  width: 64,
  height: 64,
  pixelFormat: 'i420',
});

function queueOf(mode: RunMode, every: number | null = null) {
  const drops: [number, DropReason][] = [];
  const state = { open: true };
  const queue = new FrameQueue(
    mode,
    { every, fps: null },
    { canTake: () => state.open, dropped: ({ seq }, reason) => drops.push([seq, reason]) },
  );
  return { queue, drops, state };
}
const take = (queue: FrameQueue, count: number): (number | undefined)[] =>
  Array.from({ length: count }, () => queue.shift()?.frame.seq);

describe('the queue of a source', () => {
  test('analysing keeps every frame in order', () => {
    const { queue, drops } = queueOf('analyse');
    for (let seq = 0; seq < 200; seq++) queue.push(frame(seq));
    expect(queue.depth).toBe(200);
    expect(queue.oldest?.frame.seq).toBe(0);
    expect(take(queue, 200)).toEqual(Array.from({ length: 200 }, (_, seq) => seq));
    expect(queue.shift()).toBeUndefined();
    expect(drops).toEqual([]);
  });

  test('playing keeps the newest and counts the replaced', () => {
    const { queue, drops } = queueOf('play');
    for (const seq of [0, 1, 2]) queue.push(frame(seq));
    expect(take(queue, 2)).toEqual([2, undefined]);
    expect(drops).toEqual([
      [0, 'newer-frame'],
      [1, 'newer-frame'],
    ]);
  });

  test('frames left out are counted as sampled and never wait', () => {
    const { queue, drops } = queueOf('analyse', 2);
    for (const seq of [0, 1, 2, 3]) queue.push(frame(seq));
    expect(take(queue, 3)).toEqual([0, 2, undefined]);
    expect(drops).toEqual([
      [1, 'sampled'],
      [3, 'sampled'],
    ]);
  });

  test('a playing source that samples is not robbed of its frame by one it does not look at', () => {
    const { queue } = queueOf('play', 2);
    queue.push(frame(0));
    queue.push(frame(1));
    expect(queue.oldest?.frame.seq).toBe(0);
  });

  test('a chosen frame whose slot is about to be written again is stood in for, and none is lost for that', () => {
    const { queue, drops } = queueOf('live', 100);
    for (let seq = 0; seq < 12; seq++) queue.push(frame(seq));
    expect(queue.depth).toBe(1);
    // Never more than four frames old, as a ring has room for.
    expect(queue.oldest?.frame.seq).toBe(8);
    expect(drops.map(([, reason]) => reason)).toEqual(Array.from({ length: 11 }, () => 'sampled'));
    expect(take(queue, 2)).toEqual([8, undefined]);
    queue.push(frame(12));
    expect(queue.depth).toBe(0);
  });

  test('an analysis that samples looks at the frame that was chosen, however late', () => {
    const { queue } = queueOf('analyse', 100);
    for (let seq = 0; seq < 12; seq++) queue.push(frame(seq));
    expect(queue.oldest?.frame.seq).toBe(0);
  });

  test('what is left can be dropped for one reason', () => {
    const { queue, drops } = queueOf('analyse');
    for (const seq of [0, 1]) queue.push(frame(seq));
    queue.dropAll('stopped');
    expect(queue.depth).toBe(0);
    expect(drops).toEqual([
      [0, 'stopped'],
      [1, 'stopped'],
    ]);
  });
});

describe('the intake of all sources', () => {
  test('takes turns, so a flood in one source never starves another', () => {
    const [a, b, c] = [queueOf('analyse'), queueOf('analyse'), queueOf('analyse')];
    const intake = new FrameIntake<FrameQueue>();
    for (const { queue } of [a, b, c]) intake.add(queue);
    for (let seq = 0; seq < 50; seq++) a.queue.push(frame(seq));
    for (const seq of [0, 1]) c.queue.push(frame(seq));
    const order: string[] = [];
    for (let turn = 0; turn < 6; turn++) {
      const queue = intake.next();
      order.push(queue === a.queue ? 'a' : queue === c.queue ? 'c' : '?');
      queue?.shift();
    }
    expect(order.join('')).toBe('acacaa');
    expect(intake.depth).toBe(46);
  });

  test('passes over a source whose rows wait for the store and comes back to it', () => {
    const [a, b] = [queueOf('analyse'), queueOf('analyse')];
    const intake = new FrameIntake<FrameQueue>();
    intake.add(a.queue);
    intake.add(b.queue);
    a.queue.push(frame(0));
    a.state.open = false;
    expect(intake.next()).toBeUndefined();
    b.queue.push(frame(0));
    expect(intake.next()).toBe(b.queue);
    a.state.open = true;
    expect(intake.next()).toBe(a.queue);
  });

  test('a source that leaves changes nobody’s turn', () => {
    const all = [queueOf('analyse'), queueOf('analyse'), queueOf('analyse')];
    const intake = new FrameIntake<FrameQueue>();
    for (const { queue } of all) {
      intake.add(queue);
      queue.push(frame(0));
    }
    expect(intake.next()).toBe(all[0]?.queue);
    if (all[0] !== undefined) intake.remove(all[0].queue);
    expect(intake.next()).toBe(all[1]?.queue);
    expect(intake.next()).toBe(all[2]?.queue);
  });

  test('live sources and file analyses share the time when both want it all', () => {
    const intake = new FrameIntake<{ canTake(): boolean; depth: number; isLive: boolean; costMs: number }>();
    const waiting = { canTake: () => true, depth: 1 };
    const live = [60, 20].map((costMs) => ({ ...waiting, isLive: true, costMs }));
    const files = [90, 40, 10].map((costMs) => ({ ...waiting, isLive: false, costMs }));
    for (const queue of [...live, ...files]) intake.add(queue);
    const used = { live: 0, files: 0 };
    for (let n = 0; n < 5000; n++) {
      const queue = intake.next();
      if (queue === undefined) throw new Error('one always waits');
      intake.used(queue, queue.costMs);
      used[queue.isLive ? 'live' : 'files'] += queue.costMs;
    }
    expect(used.live / (used.live + used.files)).toBeCloseTo(0.75, 2);
  });

  test('who had no work for a while has saved nothing up', () => {
    const intake = new FrameIntake<{ canTake(): boolean; depth: number; isLive: boolean }>();
    let filesWait = false;
    const live = { canTake: () => true, depth: 1, isLive: true };
    const file = { canTake: () => filesWait, depth: 1, isLive: false };
    intake.add(live);
    intake.add(file);
    for (let n = 0; n < 1000; n++) intake.used(intake.next() ?? live, 10);
    filesWait = true;
    const order = Array.from({ length: 12 }, () => {
      const queue = intake.next() ?? live;
      intake.used(queue, 10);
      return queue.isLive ? 'l' : 'f';
    });
    expect(order.filter((one) => one === 'l').length).toBeGreaterThanOrEqual(8);
    expect(order).toContain('f');
    expect(order.join('')).not.toContain('ff');
  });

  test('of live sources the one is next whose frame would be replaced first, and none waits for ever', () => {
    let nowMs = 0;
    const paces = [10, 1].map((fps) => {
      const pace = new SourcePace({ targetFps: fps, floorFps: 1, priority: 1 }, null);
      for (let n = 0; n < 40; n++) pace.came(n * 40 - 2000, 0);
      return pace;
    });
    const owner = { canTake: () => true, dropped: () => {} };
    class Live extends FrameQueue {
      readonly isLive = true;
    }
    const [fast, slow] = paces.map((pace) => new Live('live', { every: null, fps: null }, owner, pace));
    if (fast === undefined || slow === undefined) throw new Error('there are two');
    const intake = new FrameIntake<Live>();
    intake.add(slow);
    intake.add(fast);
    const order: string[] = [];
    // Both give a frame every 100 ms and the model has time for one: more than it can.
    for (let seq = 0; seq < 30; seq++) {
      nowMs = seq * 1000;
      slow.push(frame(seq * 25), nowMs / 10);
      fast.push(frame(seq * 25), nowMs / 10);
      const queue = intake.next();
      order.push(queue === fast ? 'f' : 's');
      queue?.shift();
    }
    const slowTurns = order.filter((one) => one === 's').length;
    expect(order.slice(0, 2).join('')).toBe('ff');
    expect(slowTurns).toBeGreaterThan(2);
    expect(slowTurns).toBeLessThan(15);
  });
});
