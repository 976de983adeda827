import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLiveLimits } from '#shared/domain/live-limits.ts';
import type { LiveEffect, LiveEvent } from '../../../../src-worker/capture/live/live.ts';
import { stepLive } from '../../../../src-worker/capture/live/live-machine.ts';
import { limitedPolicy } from '../../../../src-worker/capture/live/live-policy.ts';
import { type LossKind, lossRules } from '../../../../src-worker/capture/live/loss.ts';
import { black, bright, Drive, frozen, lossOf, policy, running } from './live-drive.ts';

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
