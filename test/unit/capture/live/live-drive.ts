import {
  type Live,
  type LiveEffect,
  type LiveEvent,
  newLive,
} from '../../../../src-worker/capture/live/live.ts';
import { stepLive } from '../../../../src-worker/capture/live/live-machine.ts';
import { type LivePolicy, livePolicy } from '../../../../src-worker/capture/live/live-policy.ts';
import type { Loss, LossKind } from '../../../../src-worker/capture/live/loss.ts';

export const policy: LivePolicy = { ...livePolicy, random: () => 0.5 };
export const black: LiveEvent = { type: 'judged', truth: 'black', sinceMs: 0 };
export const frozen: LiveEvent = { type: 'judged', truth: 'frozen', sinceMs: 0 };
export const bright: LiveEvent = { type: 'judged', truth: 'true', sinceMs: 0 };
export const lossOf = (kind: LossKind): Loss => ({ kind, error: { kind: 'camera-lost', message: kind } });

/** A machine that is driven by hand. */
export class Drive {
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

export const running = (): Drive => {
  const drive = new Drive().send('opened', 'picture');
  drive.take();
  return drive;
};
