import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processStateSchema } from '#shared/domain/process-state.ts';
import {
  stepWorker,
  unborn,
  type WorkerEffect,
  type WorkerEvent,
  type WorkerLife,
  workerTable,
} from '../../../../src-main/supervisor/worker-machine.ts';
import { workerSpecs } from '../../../../src-main/supervisor/worker-specs.ts';

const spec = workerSpecs.detection;
const { limits } = spec;
const events: readonly WorkerEvent[] = [
  { type: 'startAsked' },
  { type: 'becameReady' },
  { type: 'beat', progress: 1, busy: true },
  { type: 'errorTold', message: 'told' },
  { type: 'ticked' },
  { type: 'heldUp', ms: 5000 },
  { type: 'stopAsked' },
  { type: 'restartAsked', cause: 'memory: 900 MB, allowed are 500 MB' },
  { type: 'ended', cause: 'ended with code 139' },
];

/** Plays [event, at ms] pairs and returns the last life with all effects in order. */
function play(steps: readonly (readonly [WorkerEvent, number])[], life: WorkerLife = unborn, of = spec) {
  const effects: WorkerEffect[] = [];
  let now = life;
  for (const [event, atMs] of steps) {
    const step = stepWorker(now, event, atMs, of);
    now = step.life;
    effects.push(...step.effects);
  }
  return { life: now, effects };
}
const start: WorkerEvent = { type: 'startAsked' };
const ready: WorkerEvent = { type: 'becameReady' };
const tick: WorkerEvent = { type: 'ticked' };
const end: WorkerEvent = { type: 'ended', cause: 'ended with code 139' };
const stop: WorkerEvent = { type: 'stopAsked' };
const beat = (progress: number, busy = true): WorkerEvent => ({ type: 'beat', progress, busy });

describe('the life of a worker', () => {
  it('is not ended for the time in which the supervisor itself stood still', () => {
    const begun = play([
      [start, 0],
      [ready, 100],
      [beat(1), 1000],
    ]);
    const lateMs = 60_000;
    const silent = play([[tick, 1000 + lateMs]], begun.life);
    expect(silent.effects).toEqual(['kill']);
    const forgiven = play(
      [
        [{ type: 'heldUp', ms: lateMs }, 1000 + lateMs],
        [tick, 1000 + lateMs],
        [tick, 1000 + lateMs + limits.silenceMs - 1],
      ],
      begun.life,
    );
    expect(forgiven.effects).toEqual([]);
    // It is still ended when nothing comes from then on.
    expect(play([[tick, 1001 + lateMs + limits.silenceMs]], forgiven.life).effects).toEqual(['kill']);
  });

  it('begins with a spawn and runs when ready', () => {
    expect(
      play([
        [start, 0],
        [ready, 100],
      ]),
    ).toMatchObject({ life: { state: 'running' }, effects: ['spawn'] });
  });

  it('is killed when it is not ready in time', () => {
    const { life, effects } = play([
      [start, 0],
      [tick, limits.startMs + 1],
    ]);
    expect(life.state).toBe('unresponsive');
    expect(effects).toEqual(['spawn', 'kill']);
  });

  it('is killed when it is silent', () => {
    const { life, effects } = play([
      [start, 0],
      [ready, 100],
      [tick, 101 + limits.silenceMs],
    ]);
    expect(life).toMatchObject({
      state: 'unresponsive',
      lastError: expect.stringContaining('no sign of life'),
    });
    expect(effects).toEqual(['spawn', 'kill']);
  });

  it('is killed when it is busy without progress, though it beats', () => {
    const beats: [WorkerEvent, number][] = [];
    for (let ms = 1000; ms <= limits.progressMs + 3000; ms += 1000) beats.push([beat(7), ms], [tick, ms + 1]);
    const { life, effects } = play([[start, 0], [ready, 100], ...beats]);
    expect(life).toMatchObject({ state: 'unresponsive', lastError: expect.stringContaining('no progress') });
    expect(effects).toEqual(['spawn', 'kill']);
  });

  it('may idle for hours', () => {
    const beats: [WorkerEvent, number][] = [];
    for (let ms = 1000; ms <= 7_200_000; ms += 1000) beats.push([beat(7, false), ms], [tick, ms + 1]);
    expect(play([[start, 0], [ready, 100], ...beats]).life.state).toBe('running');
  });

  it('does not count idle time as hanging when work begins', () => {
    const { life } = play([
      [start, 0],
      [ready, 100],
      [beat(7, false), 50_000],
      [beat(7, true), 51_000],
      [tick, 51_001],
    ]);
    expect(life.state).toBe('running');
  });

  it('comes back after a crash, at once the first time', () => {
    const crashed = play([
      [start, 0],
      [ready, 100],
      [end, 1000],
    ]).life;
    expect(crashed.state).toBe('backing-off');
    expect(crashed.nextStartMs).toBe(1000);
    const back = play([[tick, 1000]], crashed);
    expect(back).toMatchObject({ life: { state: 'starting', restarts: 1 }, effects: ['spawn'] });
    const again = play(
      [
        [ready, 1100],
        [end, 2000],
      ],
      back.life,
    ).life;
    expect(play([[tick, 2999]], again).effects).toEqual([]);
    expect(play([[tick, 3000]], again).effects).toEqual(['spawn']);
  });

  it('waits for a twentieth of its good work at most, from ten seconds of it on', () => {
    const busy = (progress: number): WorkerEvent => ({ type: 'beat', progress, busy: true });
    /** The wait after a second death, with progress until `wellMs` after it was ready. */
    const waited = (wellMs: number, silentMs = 0): number => {
      const again = play([
        [start, 0],
        [ready, 100],
        [end, 1000],
        [tick, 1000],
        [ready, 2000],
      ]).life;
      const beats: [WorkerEvent, number][] = [];
      for (let ms = 500; ms <= wellMs; ms += 500) beats.push([busy(ms), 2000 + ms]);
      const diesMs = 2000 + wellMs + silentMs;
      return (play([...beats, [end, diesMs]], again).life.nextStartMs ?? 0) - diesMs;
    };
    expect(waited(9500)).toBe(1000);
    expect(waited(10_000)).toBe(500);
    expect(waited(16_000)).toBe(800);
    expect(waited(40_000)).toBe(1000);
    expect(waited(10_000, 5000)).toBe(500);
  });

  it('is given up when it keeps crashing, and tried again a minute later', () => {
    let life = play([[start, 0]]).life;
    let ms = 0;
    for (let crash = 0; crash < 6; crash++) {
      life = play(
        [
          [ready, ms],
          [end, ms + 1],
        ],
        life,
      ).life;
      if (life.state === 'failed') break;
      ms = life.nextStartMs ?? ms;
      life = play([[tick, ms]], life).life;
    }
    expect(life.state).toBe('failed');
    expect(life.ends).toBe(6);
    const probe = (life.nextStartMs ?? 0) - life.sinceMs;
    expect(probe).toBe(60_000);
    expect(play([[tick, life.nextStartMs ?? 0]], life).effects).toEqual(['spawn']);
  });

  it('is left ended where its user decides', () => {
    const { life } = play(
      [
        [start, 0],
        [ready, 1],
        [end, 2],
        [tick, 1_000_000],
      ],
      unborn,
      workerSpecs.capture,
    );
    expect(life).toMatchObject({ state: 'failed', nextStartMs: null });
  });

  it('drains, then is terminated, then killed when told to stop and does not', () => {
    const { life, effects } = play([
      [start, 0],
      [ready, 1],
      [stop, 100],
      [tick, 101 + limits.drainMs],
      [tick, 101 + limits.drainMs + limits.termMs],
    ]);
    expect(effects).toEqual(['spawn', 'drain', 'terminate', 'kill']);
    expect(play([[end, 99_999]], life).life.state).toBe('stopped');
  });

  it('does not restart what was told to stop', () => {
    const { life, effects } = play([
      [start, 0],
      [ready, 1],
      [end, 2],
      [stop, 3],
      [tick, 1_000_000],
    ]);
    expect(life.state).toBe('stopped');
    expect(effects).toEqual(['spawn']);
  });

  it('answers every event in every state without inventing a state', () => {
    for (const state of processStateSchema.options) {
      expect(Object.hasOwn(workerTable, state)).toBe(true);
      for (const event of events) {
        const { life } = stepWorker({ ...unborn, state }, event, 1000, spec);
        expect(processStateSchema.options).toContain(life.state);
      }
    }
  });

  it('never has two processes at once, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...events), fc.integer({ min: 1, max: 20_000 })), {
          maxLength: 60,
        }),
        (steps) => {
          let life = unborn;
          let nowMs = 0;
          let alive = false;
          for (const [event, laterMs] of steps) {
            // A process that does not live cannot speak or end.
            if (!alive && ['ended', 'becameReady', 'beat'].includes(event.type)) continue;
            nowMs += laterMs;
            const step = stepWorker(life, event, nowMs, spec);
            life = step.life;
            if (event.type === 'ended') alive = false;
            for (const effect of step.effects) {
              if (effect === 'spawn') {
                expect(alive).toBe(false);
                alive = true;
              }
            }
            if (life.state === 'stopped') expect(alive).toBe(false);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
