import { describe, expect, it } from 'vitest';
import {
  stepWorker,
  unborn,
  type WorkerEvent,
  type WorkerLife,
} from '../../../../src-main/supervisor/worker-machine.ts';
import { type WorkerSpec, workerSpecs } from '../../../../src-main/supervisor/worker-specs.ts';

const TICK_MS = 250;
const { detection, store } = workerSpecs;

/** What one life of a process does: from its spawn to its end, or for ever. Milliseconds since its spawn. */
interface Habit {
  /** Null: never. */
  readonly readyMs: number | null;
  /** What it beats at this moment; null: nothing, as when it is stopped. */
  beat(ms: number): { readonly progress: number; readonly busy: boolean } | null;
  readonly crashMs?: number;
}

const working = (ms: number) => ({ progress: ms, busy: true });
const stuck = () => ({ progress: 0, busy: true });
const idle = () => ({ progress: 0, busy: false });
const silent = () => null;

/** Lives for `forMs` as the supervisor has it: a tick each quarter of a second, a beat each second. */
function live(habitOf: (spawns: number) => Habit, spec: WorkerSpec, forMs: number) {
  let life: WorkerLife = unborn;
  let bornMs = 0;
  let spawns = 0;
  let failedAtMs: number | null = null;
  let alive = false;
  const step = (event: WorkerEvent, nowMs: number): void => {
    const next = stepWorker(life, event, nowMs, spec);
    life = next.life;
    for (const effect of next.effects) {
      if (effect === 'spawn') {
        [alive, bornMs] = [true, nowMs];
        spawns += 1;
      } else if (effect === 'kill' && alive) {
        alive = false;
        step({ type: 'ended', cause: 'killed' }, nowMs);
      }
    }
    if (life.state === 'failed') failedAtMs ??= nowMs;
  };
  step({ type: 'startAsked' }, 0);
  for (let nowMs = TICK_MS; nowMs <= forMs; nowMs += TICK_MS) {
    const habit = habitOf(spawns);
    const ms = nowMs - bornMs;
    if (alive && habit.crashMs === ms) {
      alive = false;
      step({ type: 'ended', cause: 'ended with code 139' }, nowMs);
    }
    if (alive && habit.readyMs === ms) step({ type: 'becameReady' }, nowMs);
    const beat = habit.beat(ms);
    if (alive && beat !== null && ms % 1000 === 0) step({ type: 'beat', ...beat }, nowMs);
    step({ type: 'ticked' }, nowMs);
  }
  return { life, spawns, failedAtMs };
}

const HOUR_MS = 3_600_000;

describe('a process that keeps ending', () => {
  const habits: readonly [string, WorkerSpec, Habit][] = [
    ['detection makes no progress', detection, { readyMs: 500, beat: stuck }],
    ['detection is stopped', detection, { readyMs: 500, beat: silent }],
    [
      'detection works for half a minute, then hangs',
      detection,
      {
        readyMs: 500,
        beat: (ms) => working(Math.min(ms, 30_000)),
      },
    ],
    ['detection is never ready', detection, { readyMs: null, beat: silent }],
    ['detection crashes 50 s after it is ready', detection, { readyMs: 500, beat: working, crashMs: 50_000 }],
    [
      'detection stands still for long, moves once and crashes',
      { ...detection, limits: { ...detection.limits, progressMs: 90_000 } },
      {
        readyMs: 500,
        beat: (ms) => working(ms < 80_000 ? 0 : 1),
        crashMs: 81_000,
      },
    ],
    ['store makes no progress', store, { readyMs: 500, beat: stuck }],
    ['store is stopped', store, { readyMs: 500, beat: silent }],
    ['store is never ready', store, { readyMs: null, beat: silent }],
  ];

  it.each(habits)('is given up at its sixth end, however long each takes: %s', (_name, spec, habit) => {
    const { failedAtMs } = live(() => habit, spec, HOUR_MS);
    expect(failedAtMs).not.toBeNull();
    const until = live(() => habit, spec, failedAtMs ?? 0);
    expect(until.life.state).toBe('failed');
    expect(until.spawns).toBe(6);
  });

  it.each(habits)('is then tried once a minute and no oftener: %s', (_name, spec, habit) => {
    const { failedAtMs, spawns } = live(() => habit, spec, HOUR_MS);
    const probes = (HOUR_MS - (failedAtMs ?? 0)) / 60_000;
    expect(spawns - 6).toBeLessThanOrEqual(probes);
    expect(spawns - 6).toBeGreaterThan(probes / 4);
  });
});

describe('the ends of a process', () => {
  const once = (doing: Habit['beat']) => (spawns: number) =>
    spawns <= 3 ? { readyMs: 500, beat: stuck } : { readyMs: 500, beat: doing };

  it.each([
    ['works', working],
    ['idles', idle],
  ])('are forgotten when it %s for a minute on end, and not before', (_name, doing) => {
    const begun = live(once(doing), detection, 60_000);
    expect(begun.life).toMatchObject({ state: 'running', ends: 3 });
    expect(live(once(doing), detection, 120_000).life).toMatchObject({ state: 'running', ends: 0 });
  });

  it('once an hour never add up', () => {
    const hourly = { readyMs: 500, beat: working, crashMs: HOUR_MS };
    expect(live(() => hourly, detection, 10 * HOUR_MS + 60_000).failedAtMs).toBeNull();
  });

  it('are not forgotten for a time in which the supervisor itself stood still', () => {
    let life: WorkerLife = { ...unborn, state: 'running', ends: 3 };
    life = stepWorker(life, { type: 'beat', progress: 1, busy: true }, 1000, detection).life;
    life = stepWorker(life, { type: 'heldUp', ms: HOUR_MS }, HOUR_MS + 1000, detection).life;
    life = stepWorker(life, { type: 'beat', progress: 2, busy: true }, HOUR_MS + 2000, detection).life;
    expect(life.ends).toBe(3);
  });
});
