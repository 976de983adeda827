import { describe, expect, it } from 'vitest';
import {
  stepWorker,
  unborn,
  type WorkerEvent,
  type WorkerLife,
} from '../../../../src-main/supervisor/worker-machine.ts';
import { workerSpecs } from '../../../../src-main/supervisor/worker-specs.ts';

const spec = workerSpecs.detection;
const ended = (cause: string): WorkerEvent => ({ type: 'ended', cause });
const tick: WorkerEvent = { type: 'ticked' };

function play(steps: readonly (readonly [WorkerEvent, number])[], from: WorkerLife = unborn) {
  let life = from;
  const effects: string[] = [];
  for (const [event, atMs] of steps) {
    const step = stepWorker(life, event, atMs, spec);
    life = step.life;
    effects.push(...step.effects);
  }
  return { life, effects };
}

const running = play([
  [{ type: 'startAsked' }, 0],
  [{ type: 'becameReady' }, 100],
]).life;
const asked: WorkerEvent = { type: 'restartAsked', cause: 'memory: 900 MB, allowed are 500 MB' };

describe('a worker that is to begin anew', () => {
  it('finishes what is in hand, ends, and is back with the cause and one restart more', () => {
    const drained = play(
      [
        [asked, 1000],
        [ended('ended'), 1200],
      ],
      running,
    );
    expect(drained.effects).toEqual(['drain']);
    expect(drained.life).toMatchObject({ state: 'backing-off', lastError: asked.cause, again: null });
    const back = play([[tick, 1200 + (spec.restart?.delaysMs[0] ?? 0)]], drained.life);
    expect(back.effects).toEqual(['spawn']);
    expect(back.life).toMatchObject({ state: 'starting', restarts: 1 });
  });

  it('is ended by force when it does not finish in time', () => {
    const late = 1000 + spec.limits.drainMs + 1;
    const { effects } = play(
      [
        [asked, 1000],
        [tick, late],
        [tick, late + spec.limits.termMs],
      ],
      running,
    );
    expect(effects).toEqual(['drain', 'terminate', 'kill']);
  });

  it('stays away when it is told to stop meanwhile', () => {
    const { life } = play(
      [
        [asked, 1000],
        [{ type: 'stopAsked' }, 1100],
        [ended('ended'), 1200],
      ],
      running,
    );
    expect(life.state).toBe('stopped');
  });

  it('is slowed down and given up when it has to begin anew again and again', () => {
    let life = running;
    let nowMs = 1000;
    const states: string[] = [];
    for (let n = 0; n < 6; n++) {
      life = play(
        [
          [asked, nowMs],
          [ended('ended'), nowMs + 10],
        ],
        life,
      ).life;
      states.push(life.state);
      nowMs = (life.nextStartMs ?? nowMs) + 1;
      life = play(
        [
          [tick, nowMs],
          [{ type: 'becameReady' }, nowMs + 100],
        ],
        life,
      ).life;
    }
    expect(states).toEqual([...Array<string>(5).fill('backing-off'), 'failed']);
  });

  it('that was given up starts afresh when something was changed', () => {
    let life = running;
    for (let n = 0; n < 6; n++)
      life = play(
        [
          [ended('ended with code 139'), 2000 + n * 10],
          [{ type: 'becameReady' }, 2001 + n * 10],
        ],
        {
          ...life,
          state: 'running',
        },
      ).life;
    expect(life.state).toBe('failed');
    const again = play([[{ type: 'startAsked' }, 3000]], life);
    expect(again.effects).toEqual(['spawn']);
    expect(play([[ended('ended with code 139'), 3100]], again.life).life.state).toBe('backing-off');
  });
});
