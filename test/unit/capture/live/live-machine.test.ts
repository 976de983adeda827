import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLiveLimits } from '#shared/domain/live-limits.ts';
import {
  type Live,
  type LiveEffect,
  type LiveEvent,
  newLive,
} from '../../../../src-worker/capture/live/live.ts';
import { stepLive } from '../../../../src-worker/capture/live/live-machine.ts';
import {
  type LivePolicy,
  limitedPolicy,
  livePolicy,
} from '../../../../src-worker/capture/live/live-policy.ts';
import { type Loss, type LossKind, lossRules } from '../../../../src-worker/capture/live/loss.ts';

const policy: LivePolicy = { ...livePolicy, random: () => 0.5 };
const black: LiveEvent = { type: 'judged', truth: 'black', sinceMs: 0 };
const frozen: LiveEvent = { type: 'judged', truth: 'frozen', sinceMs: 0 };
const bright: LiveEvent = { type: 'judged', truth: 'true', sinceMs: 0 };
const lossOf = (kind: LossKind): Loss => ({ kind, error: { kind: 'camera-lost', message: kind } });

/** A machine that is driven by hand. */
class Drive {
  nowMs = 0;
  live: Live = newLive(0);
  effects: LiveEffect[] = [];

  send(...events: (LiveEvent | LiveEvent['type'])[]): this {
    for (const each of events) {
      const event = (typeof each === 'string' ? { type: each } : each) as LiveEvent;
      const { live, effects } = stepLive(this.live, event, this.nowMs, policy);
      this.live = live;
      this.effects.push(...effects);
    }
    return this;
  }

  wait(ms: number, event: LiveEvent['type'] | null = null): this {
    for (let passed = 0; passed < ms; passed += 40) {
      this.nowMs += 40;
      if (event !== null) this.send(event);
      this.send('tick');
    }
    return this;
  }

  /** Loses the source, and waits until the next try. */
  lose(kind: LossKind): number {
    this.send({ type: 'lost', loss: lossOf(kind) }, 'gone');
    const delayMs = (this.live.nextTryMs ?? 0) - this.nowMs;
    this.nowMs = this.live.nextTryMs ?? this.nowMs;
    this.send('tick');
    return delayMs;
  }

  take(): LiveEffect[] {
    return this.effects.splice(0);
  }
}

const running = (): Drive => {
  const drive = new Drive().send('opened', 'picture');
  drive.take();
  return drive;
};

describe('the machine of a live source', () => {
  it('connects with a gap that ends with the first picture', () => {
    const drive = new Drive().send('opened');
    expect(drive.live.state).toBe('CONNECTING');
    expect(drive.take()).toEqual([{ type: 'gap-begin', cause: 'connecting', fromMs: 0 }, { type: 'start' }]);
    drive.send('picture');
    expect(drive.live).toMatchObject({ state: 'LIVE', cause: null });
    expect(drive.take()).toEqual([{ type: 'gap-end' }]);
  });

  it('leaves a camera alone that refused its login under another process, until its minute is over', () => {
    const cause = { kind: 'camera-auth', message: 'no' } as const;
    const drive = new Drive().send({ type: 'opened', refused: { cause, untilMs: 40_000 } });
    expect(drive.live).toMatchObject({ state: 'AUTH_FAILED', cause, phase: 'waiting', nextTryMs: 40_000 });
    expect(drive.take()).toEqual([
      { type: 'gap-begin', cause: 'connecting', fromMs: 0 },
      { type: 'gap-turn', cause: 'auth-failed', fromMs: 0 },
    ]);
    drive.send('resumed').wait(39_900);
    expect(drive.take()).toEqual([]);
    drive.wait(200);
    expect(drive.take()).toEqual([{ type: 'start' }]);
    const late = new Drive().send({ type: 'opened', refused: { cause, untilMs: 9_000_000 } });
    expect(late.live.nextTryMs).toBe(60_000);
  });

  it('gives up a try without a picture', () => {
    const drive = new Drive().send('opened');
    drive.wait(11_900);
    expect(drive.live.phase).toBe('trying');
    drive.wait(200);
    expect(drive.live).toMatchObject({ phase: 'leaving', loss: { kind: 'no-picture' } });
    expect(drive.take().at(-1)).toEqual({ type: 'kill' });
  });

  it('is STALLED after four seconds without a picture, and ends the try two seconds later', () => {
    const drive = running().wait(3900);
    expect(drive.live.state).toBe('LIVE');
    drive.wait(160);
    expect(drive.live.state).toBe('STALLED');
    // The picture was missing from the last one on, not from when it was missed.
    expect(drive.take()).toEqual([{ type: 'gap-begin', cause: 'stalled', fromMs: 0 }]);
    drive.wait(1800);
    expect(drive.take()).toEqual([]);
    drive.wait(200);
    expect(drive.live).toMatchObject({ phase: 'leaving', state: 'STALLED' });
    expect(drive.take()).toEqual([{ type: 'kill' }]);
    drive.send('gone');
    expect(drive.live.state).toBe('RETRYING');
  });

  it('is LIVE again when pictures come before the try is ended', () => {
    const drive = running().wait(4200).send('picture');
    expect(drive.live.state).toBe('LIVE');
    expect(drive.take()).toEqual([{ type: 'gap-begin', cause: 'stalled', fromMs: 0 }, { type: 'gap-end' }]);
  });

  it('waits three distances of a slow camera', () => {
    const drive = running().send({ type: 'paced', intervalMs: 5000 });
    drive.wait(14_000);
    expect(drive.live.state).toBe('LIVE');
    drive.wait(1100);
    expect(drive.live.state).toBe('STALLED');
  });

  it('waits 1, 2, 4, 8, 16, 30 and then 60 seconds between tries, for ever', () => {
    const drive = running();
    const delays = Array.from({ length: 40 }, () => Math.round(drive.lose('lost')));
    expect(delays.slice(0, 8)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 60_000, 60_000]);
    expect(new Set(delays.slice(7))).toEqual(new Set([60_000]));
    expect(drive.live.attempt).toBe(40);
  });

  it('spreads tries by a fifth, but never tries a wrong password sooner than after a minute', () => {
    const delayWith = (kind: LossKind, dice: number): number => {
      const lost = stepLive(running().live, { type: 'lost', loss: lossOf(kind) }, 0, policy).live;
      return stepLive(lost, { type: 'gone' }, 0, { ...policy, random: () => dice }).live.nextTryMs ?? 0;
    };
    expect([delayWith('lost', 0), delayWith('lost', 1)]).toEqual([800, 1200]);
    expect(delayWith('auth-failed', 0)).toBe(60_000);
    expect(delayWith('auth-failed', 1)).toBe(72_000);
  });

  it('forgets its delays only after a minute of true pictures', () => {
    const drive = running();
    for (let n = 0; n < 4; n++) drive.lose('lost');
    drive.send('picture').wait(59_000, 'picture');
    expect(drive.live.step).toBe(4);
    drive.wait(1500, 'picture');
    expect(drive.live.step).toBe(0);
  });

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

  it('a motionless camera in good health is never connected anew', () => {
    const drive = running().wait(600_000, 'picture');
    expect(drive.live).toMatchObject({ state: 'LIVE', phase: 'running' });
    expect(drive.take()).toEqual([]);
  });

  for (const [kind, rule] of Object.entries(lossRules)) {
    it(`shows ${rule.state} after ${kind}${rule.sticky ? ', and while it tries again' : ''}`, () => {
      const drive = running();
      drive.send({ type: 'lost', loss: lossOf(kind as LossKind) });
      expect(drive.take()).toEqual([{ type: 'gap-begin', cause: rule.gap, fromMs: 0 }, { type: 'kill' }]);
      drive.send('gone');
      expect(drive.live.state).toBe(rule.state);
      drive.nowMs = drive.live.nextTryMs ?? 0;
      drive.send('tick');
      expect(drive.live).toMatchObject({ phase: 'trying', state: rule.sticky ? rule.state : 'CONNECTING' });
      expect(drive.take()).toEqual([{ type: 'start' }]);
    });
  }

  it('follows a change of size at once, but only the first time', () => {
    const drive = running();
    expect(drive.lose('size-changed')).toBe(0);
    expect(drive.lose('size-changed')).toBe(2000);
  });

  it('a looped file begins anew without a gap', () => {
    const drive = running().send('wrapped');
    expect(drive.live.state).toBe('LIVE');
    drive.send('picture');
    expect(drive.take()).toEqual([{ type: 'start' }]);
  });

  it('ends as ENDED or STOPPED, once', () => {
    for (const [event, state] of [
      ['finished', 'ENDED'],
      ['closed', 'STOPPED'],
    ] as const) {
      const drive = running().send(event);
      expect(drive.live).toMatchObject({ phase: 'over', state });
      drive.take();
      drive.send('opened', 'picture', 'closed', 'gone', { type: 'lost', loss: lossOf('lost') }).wait(100_000);
      expect(drive.take()).toEqual([]);
      expect(drive.live.state).toBe(state);
    }
  });

  it('gives up after so many tries where that is asked for, until it is started again', () => {
    const limited = { ...policy, retryLimit: 3 };
    let live = running().live;
    let nowMs = 0;
    const send = (event: LiveEvent): void => {
      ({ live } = stepLive(live, event, nowMs, limited));
    };
    for (let n = 0; n < 4; n++) {
      expect(live.state).not.toBe('FAULTED');
      send({ type: 'lost', loss: lossOf('lost') });
      send({ type: 'gone' });
      nowMs = live.nextTryMs ?? nowMs;
      send({ type: 'tick' });
    }
    expect(live).toMatchObject({ state: 'FAULTED', phase: 'waiting', attempt: 3, nextTryMs: null });
    expect(live.cause?.message).toContain('given up after 3 tries');
    nowMs += 3_600_000;
    send({ type: 'tick' });
    expect(live.phase).toBe('waiting');
  });

  it('has its times and its waits from the settings', () => {
    const waits = (first: number, last: number) =>
      limitedPolicy({ ...defaultLiveLimits, retryFirstSeconds: first, retryLastSeconds: last }).delaysMs;
    expect(waits(1, 60)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 60_000]);
    expect(waits(2, 300).at(-1)).toBe(300_000);
    expect(waits(0.5, 2)).toEqual([500, 1000, 2000, 2000, 2000, 2000, 2000]);
    expect(waits(60, 60)[0]).toBe(60_000);
    expect(limitedPolicy({ ...defaultLiveLimits, stalledSeconds: 9 }).stallMs).toBe(9000);
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

  it('whatever happens: gaps begin and end in turn, only true pictures are outside of them, and one try goes at a time', () => {
    const event = fc.oneof(
      fc.constantFrom<LiveEvent>(
        { type: 'picture' },
        { type: 'tick' },
        { type: 'gone' },
        { type: 'wrapped' },
        { type: 'suspended' },
        { type: 'resumed' },
        bright,
        black,
        frozen,
        { type: 'changed', gap: 'size-changed' },
      ),
      fc
        .constantFrom(...(Object.keys(lossRules) as LossKind[]))
        .map((kind): LiveEvent => ({ type: 'lost', loss: lossOf(kind) })),
    );
    const step = fc.tuple(event, fc.integer({ min: 0, max: 5000 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const drive = new Drive().send('opened');
        let open: LiveEffect | null = null;
        let tries = 0;
        for (const [next, waitMs] of [[{ type: 'tick' } as LiveEvent, 0] as const, ...steps]) {
          drive.nowMs += waitMs;
          drive.send(next);
          for (const effect of drive.take()) {
            if (effect.type === 'gap-begin' || effect.type === 'gap-turn') {
              expect(effect.type === 'gap-begin').toBe(open === null);
              if (open !== null && 'fromMs' in open) {
                expect(effect.cause).not.toBe(open.cause);
                expect(effect.fromMs).toBeGreaterThanOrEqual(open.fromMs);
              }
              open = effect;
            } else if (effect.type === 'gap-end') {
              expect(open).not.toBeNull();
              open = null;
            } else if (effect.type === 'start' && next.type !== 'wrapped') {
              expect(tries).toBe(0);
              tries += 1;
            } else if (effect.type === 'kill') tries = 0;
          }
          expect(drive.live.gap !== null).toBe(open !== null);
          expect(drive.live.state === 'LIVE' && drive.live.phase === 'running' && open !== null).toBe(false);
        }
      }),
    );
  });
});
