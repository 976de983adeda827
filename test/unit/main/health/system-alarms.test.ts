import { describe, expect, test } from 'vitest';
import { type AlarmRule, systemAlarmSchema } from '#shared/domain/health.ts';
import { alarmConditions } from '../../../../src-main/health/alarm-conditions.ts';
import type { HealthFacts } from '../../../../src-main/health/facts.ts';
import { alarmRules, SystemAlarms } from '../../../../src-main/health/system-alarms.ts';
import { factsWith, START_MS, START_WALL_MS, sourceWith, workerWith } from './facts-fixture.ts';

/** Runs the rules once a second over facts that may change with time; gives the second in which each was raised. */
function raisedAt(
  seconds: number,
  facts: (s: number) => Partial<HealthFacts>,
  slow: number | null = null,
): Map<string, number> {
  const alarms = new SystemAlarms();
  const raised = new Map<string, number>();
  for (let s = 0; s <= seconds; s++) {
    const monoMs = START_MS + s * 1000;
    const now = factsWith({ monoMs, ...facts(s) });
    const step = alarms.step(
      alarmConditions(now, () => slow),
      monoMs,
      START_WALL_MS + s * 1000,
    );
    for (const alarm of step.raised) raised.set(alarm.id, s);
    for (const alarm of step.cleared) raised.delete(alarm.id);
  }
  return raised;
}
const live = (s: number) => sourceWith({ lastProcessedMs: START_MS + s * 1000 });
const idle = { sources: [] };

describe('the rules', () => {
  test('are those of kvs-infer B6.8', () => {
    const table = Object.fromEntries(
      Object.entries(alarmRules).map(([rule, { forMs, severity }]) => [rule, [forMs / 1000, severity]]),
    );
    expect(table).toEqual({
      'worker-down': [60, 'critical'],
      'no-frames': [120, 'critical'],
      'slow-inference': [300, 'warn'],
      'sink-failing': [300, 'warn'],
      // Not of that list: what ivis changed by itself is said at once.
      'no-accelerator': [0, 'warn'],
      'model-set-aside': [0, 'critical'],
      'no-looks': [0, 'warn'],
    } satisfies Record<AlarmRule, unknown>);
  });

  test.each(['no-accelerator', 'model-set-aside', 'no-looks'] as const)('say %s at once', (kind) => {
    const fallbacks = [{ kind, cause: 'it kept ending', whatToDo: 'x' }];
    const model = { state: 'ready', error: null, words: '', fallbacks } as const;
    expect(raisedAt(0, () => ({ model, ...idle }))).toEqual(new Map([[`${kind}:model`, 0]]));
  });

  test('raise nothing while all goes well', () => {
    expect(raisedAt(700, (s) => ({ sources: [live(s)] }), 0.01)).toEqual(new Map());
  });

  test.each(['failed', 'backing-off', 'unresponsive', 'starting'] as const)(
    'a worker that is %s for a minute is down',
    (state) => {
      const workers = [workerWith({ state })];
      expect(raisedAt(59, () => ({ workers, ...idle }))).toEqual(new Map());
      expect(raisedAt(61, () => ({ workers, ...idle }))).toEqual(new Map([['worker-down:detection', 60]]));
    },
  );

  test('a worker that goes from one bad state to another does not begin anew', () => {
    const states = ['backing-off', 'starting', 'failed'] as const;
    const workers = (s: number) => [workerWith({ state: states[s % 3] ?? 'failed' })];
    expect(raisedAt(61, (s) => ({ workers: workers(s), ...idle })).get('worker-down:detection')).toBe(60);
  });

  describe('a camera whose capture process', () => {
    const attempt = (state: 'starting' | 'running' | 'failed', sinceS: number) =>
      workerWith({ name: 'capture', sourceId: 'cam-1', state, sinceMs: START_MS + sinceS * 1000 });
    const fault = {
      kind: 'worker-crashed' as const,
      title: 'A process of ivis ended',
      whatToDo: 'wait',
      detail: '',
    };

    test('is not there for a minute has a worker down, with what its source says', () => {
      const sources = (s: number) => [{ ...live(s), state: 'RETRYING', fault } as const];
      expect(raisedAt(59, (s) => ({ sources: sources(s), workers: [] }))).toEqual(new Map());
      expect(raisedAt(61, (s) => ({ sources: sources(s), workers: [] }))).toEqual(
        new Map([['worker-down:capture:cam-1', 60]]),
      );
      const [down] = alarmConditions(factsWith({ sources: sources(0), workers: [] }), () => null);
      expect(down).toMatchObject({ cause: 'no process reads it: A process of ivis ended', whatToDo: 'wait' });
    });

    test('comes up and dies again and again was down all the while', () => {
      // Each ten seconds: two of being away, one of starting, seven of running.
      const workers = (s: number) => {
        const phase = s % 10;
        if (phase < 2) return [];
        return [phase < 3 ? attempt('starting', s) : attempt('running', s - phase + 3)];
      };
      const facts = (s: number) => ({ sources: [live(s)], workers: workers(s) });
      expect(raisedAt(59, facts)).toEqual(new Map());
      expect(raisedAt(200, facts)).toEqual(new Map([['worker-down:capture:cam-1', 60]]));
    });

    test('came up again and stays is up after half a minute', () => {
      const workers = (s: number) => (s < 70 ? [] : [attempt('running', 70)]);
      const facts = (s: number) => ({ sources: [live(s)], workers: workers(s) });
      expect([...raisedAt(99, facts).keys()]).toEqual(['worker-down:capture:cam-1']);
      expect(raisedAt(100, facts)).toEqual(new Map());
    });

    test('starts as usual raises nothing, nor does that of a file between two attempts', () => {
      const starting = (s: number) => [attempt(s < 2 ? 'starting' : 'running', s < 2 ? 0 : 2)];
      expect(raisedAt(200, (s) => ({ sources: [live(s)], workers: starting(s) }))).toEqual(new Map());
      expect(raisedAt(200, (s) => ({ sources: [{ ...live(s), live: false }], workers: [] }))).toEqual(
        new Map(),
      );
    });

    test('is not wanted any more is not missed', () => {
      const wanted = { state: 'RETRYING' };
      const stopped = { state: 'STOPPED', expecting: false, lastProcessedMs: null, expectingSinceMs: null };
      const sources = (s: number) => [{ ...live(s), ...(s < 80 ? wanted : stopped) }];
      expect(raisedAt(79, (s) => ({ sources: sources(s), workers: [] })).size).toBe(1);
      expect(raisedAt(80, (s) => ({ sources: sources(s), workers: [] }))).toEqual(new Map());
    });
  });

  test('a source without frames for two minutes raises, counted from its last frame', () => {
    const sources = [sourceWith({ lastProcessedMs: START_MS - 30_000 })];
    expect(raisedAt(100, () => ({ sources }))).toEqual(new Map([['no-frames:cam-1', 90]]));
  });

  test('one that never had a frame is counted from when it was begun', () => {
    const sources = [sourceWith({ lastProcessedMs: null, expectingSinceMs: START_MS })];
    expect(raisedAt(130, () => ({ sources })).get('no-frames:cam-1')).toBe(120);
  });

  test('a slow model raises after five minutes, not before', () => {
    expect(raisedAt(299, (s) => ({ sources: [live(s)] }), 0.06)).toEqual(new Map());
    expect(raisedAt(301, (s) => ({ sources: [live(s)] }), 0.06).get('slow-inference:cam-1')).toBe(300);
  });

  test('a sink that fails for five minutes raises, by its fault or by its rate', () => {
    const store = { state: 'ready', error: { kind: 'store-full', message: 'disk full' } } as const;
    expect(raisedAt(301, (s) => ({ store, sources: [live(s)] })).get('sink-failing:database')).toBe(300);
    const failing = (s: number) => ({ sinkFailuresPerSecond: 0.11, sources: [live(s)] });
    expect(raisedAt(301, failing).get('sink-failing:database')).toBe(300);
    expect(raisedAt(301, (s) => ({ sinkFailuresPerSecond: 0.1, sources: [live(s)] }))).toEqual(new Map());
  });

  test.each(['PAUSED', 'DISABLED', 'STOPPED', 'ENDED', 'READY'])(
    'a source that is %s raises nothing, nor does its process',
    (state) => {
      const sources = [
        sourceWith({ state, expecting: false, lastProcessedMs: null, expectingSinceMs: null }),
      ];
      const workers = [workerWith({ name: 'capture', sourceId: 'cam-1', state: 'failed' })];
      expect(raisedAt(700, () => ({ sources, workers }), 1)).toEqual(new Map());
    },
  );

  test('what is over is cleared, and what comes again has to last again', () => {
    const store = { state: 'ready', error: { kind: 'store-full', message: 'disk full' } } as const;
    const at = (s: number) => ({
      sources: [live(s)],
      store: s === 310 ? ({ state: 'ready', error: null } as const) : store,
    });
    expect(raisedAt(500, at)).toEqual(new Map());
    expect(raisedAt(620, at).get('sink-failing:database')).toBe(611);
  });

  test('an alarm keeps the time it was raised while its cause goes on', () => {
    const alarms = new SystemAlarms();
    const facts = (s: number) =>
      factsWith({ monoMs: START_MS + s * 1000, workers: [workerWith({ state: 'failed' })], ...idle });
    for (const s of [0, 60, 90]) {
      alarms.step(
        alarmConditions(facts(s), () => null),
        START_MS + s * 1000,
        START_WALL_MS + s * 1000,
      );
    }
    const [alarm] = alarms.raised;
    expect(systemAlarmSchema.parse(alarm)).toMatchObject({
      sinceWallMs: START_WALL_MS,
      raisedWallMs: START_WALL_MS + 60_000,
    });
  });
});
