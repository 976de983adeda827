import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Schedule } from '#shared/link/link-end.ts';
import { type DrainNote, type DrainStep, drain, type StepEnds } from '../../../../src-main/shutdown/drain.ts';
import { DRAIN_MS, drainSteps } from '../../../../src-main/shutdown/drain-table.ts';

const schedule: Schedule = (delayMs, fire) => {
  const timer = setTimeout(fire, delayMs);
  return () => clearTimeout(timer);
};
/** A timer of no time takes one millisecond all the same. */
const LEAST_MS = 1;
/** Takes so long on the test's clock; null: for ever. */
const taking = (ms: number | null) => () =>
  new Promise<void>((resolve) => {
    if (ms !== null) setTimeout(resolve, ms);
  });
const step = (name: string, limitMs: number, run: DrainStep['run']): DrainStep => ({ name, limitMs, run });

interface Drained {
  readonly ends: StepEnds;
  readonly lines: readonly DrainNote[];
  readonly tookMs: number;
}

async function drained(steps: readonly DrainStep[], limitMs = 60_000): Promise<Drained> {
  const lines: DrainNote[] = [];
  const beganMs = Date.now();
  const work = drain(steps, {
    limitMs,
    monoMs: () => Date.now(),
    schedule,
    note: (line) => lines.push(line),
  });
  const over = work.then((ends) => ({ ends, lines, tookMs: Date.now() - beganMs }));
  await vi.advanceTimersByTimeAsync(600_000);
  return over;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the drain', () => {
  test('does one step after the other, and says of each how long it took', async () => {
    const { ends, lines, tookMs } = await drained([
      step('a', 1000, taking(300)),
      step('b', 1000, () => {}),
      step('c', 1000, taking(200)),
    ]);
    expect([...ends]).toEqual([
      ['a', 'done'],
      ['b', 'done'],
      ['c', 'done'],
    ]);
    expect(lines.map(({ level, message, fields }) => [level, message, fields.tookMs])).toEqual([
      ['info', 'shutdown: a: done', 300],
      ['info', 'shutdown: b: done', 0],
      ['info', 'shutdown: c: done', 200],
      ['info', 'shutdown complete', 500],
    ]);
    expect(tookMs).toBe(500);
  });

  test('leaves a step behind that hangs or throws, and says which', async () => {
    const { ends, lines, tookMs } = await drained([
      step('hangs', 1000, taking(null)),
      step('throws', 1000, () => {
        throw new Error('disk full');
      }),
      step('works', 1000, taking(10)),
    ]);
    expect(Object.fromEntries(ends)).toEqual({ hangs: 'late', throws: 'failed', works: 'done' });
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn shutdown: hangs: not done within 1000 ms, left behind',
      'warn shutdown: throws: failed: disk full',
      'info shutdown: works: done',
      'warn shutdown complete, but for: hangs, throws',
    ]);
    expect(tookMs).toBe(1010);
  });

  test('tells a step what has become of those before it', async () => {
    const seen: (string | undefined)[] = [];
    const look: DrainStep['run'] = (before) => seen.push(before.get('first'));
    await drained([step('first', 50, taking(null)), step('second', 50, look)]);
    expect(seen).toEqual(['late']);
  });

  test('begins every step and never takes longer than all of them may, whatever they do', async () => {
    const duration = fc.option(fc.integer({ min: 0, max: 3000 }), { nil: null });
    const plan = fc.array(fc.record({ duration, limitMs: fc.integer({ min: 0, max: 2000 }) }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(plan, fc.integer({ min: 0, max: 5000 }), async (steps, limitMs) => {
        let begun = 0;
        const { tookMs, ends } = await drained(
          steps.map((each, n) =>
            step(`${n}`, each.limitMs, () => {
              begun += 1;
              return taking(each.duration)();
            }),
          ),
          limitMs,
        );
        expect(begun).toBe(steps.length);
        expect(ends.size).toBe(steps.length);
        expect(tookMs).toBeLessThanOrEqual(limitMs + steps.length * LEAST_MS);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the table of the drain', () => {
  const names: string[] = [];
  const note = (name: string) => () => names.push(name);
  const steps = drainSteps({
    'stop looking around': note('look'),
    'let the keeper of recordings finish': note('keeper'),
    'break off a recount': note('recount'),
    'keep the list of sources': note('list'),
    'stop sources': note('sources'),
    'close pages and settings': note('pages'),
    'stop capture': note('capture'),
    'flush rows': note('rows'),
    'tell the final counters': note('counters'),
    'close the database': note('database'),
    'stop publishing': note('publishing'),
    'mark the end': note('mark'),
  });

  test('has the order of kvs-infer B8.1', async () => {
    await drained(steps);
    expect(names.join(' ')).toBe(
      'look keeper recount list sources pages capture rows counters database publishing mark',
    );
  });

  test('ends below the half minute after which systems kill, though every step hangs', async () => {
    expect(DRAIN_MS).toBeLessThan(30_000);
    const hung = steps.map((each) => ({ ...each, run: taking(null) }));
    const { tookMs } = await drained(hung, DRAIN_MS);
    expect(tookMs).toBeGreaterThanOrEqual(DRAIN_MS);
    expect(tookMs).toBeLessThanOrEqual(DRAIN_MS + steps.length * LEAST_MS);
  });

  test('leaves the database the time to close though sources and its own process take theirs', async () => {
    const slow: Record<string, number | null> = { 'stop sources': null, 'close the database': 8500 };
    const { ends } = await drained(
      steps.map((each) => ({ ...each, run: taking(each.name in slow ? (slow[each.name] ?? null) : 20) })),
      DRAIN_MS,
    );
    expect(ends.get('stop sources')).toBe('late');
    expect(ends.get('close the database')).toBe('done');
  });
});
