import { describe, expect, it } from 'vitest';
import type { TimedChange } from '#shared/domain/count-change.ts';
import { bothNumbers } from '#shared/domain/count-change.ts';
import { ChangeBook } from '../../../../src-main/runs/change-book.ts';
import { cameraWith, sourceWith } from '../../renderer/app-states.ts';

const NOW_MS = 10_000_000;
const wrong = (runId: number, minutesAgo: number): TimedChange => ({
  runId,
  line: 'gate',
  direction: 'forward',
  label: 'car',
  wrong: 1,
  missed: 0,
  wallMs: NOW_MS - minutesAgo * 60_000,
});

function bookOf(said: TimedChange[]) {
  const asked: number[][] = [];
  let told = 0;
  let away = false;
  let monoMs = 0;
  const book = new ChangeBook({
    read: async (runIds) => {
      asked.push([...runIds]);
      if (away) throw new Error('the store is away');
      return said.filter(({ runId }) => runIds.includes(runId));
    },
    changed: () => {
      told += 1;
    },
    clock: { monoMs: () => monoMs, wallMs: () => NOW_MS },
  });
  return {
    book,
    asked,
    told: () => told,
    setAway: (value: boolean) => {
      away = value;
    },
    pass: (ms: number) => {
      monoMs += ms;
    },
  };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('what people said about the counts on show', () => {
  it('is asked once for each run on show and laid beside the machine’s numbers', async () => {
    const { book, asked, told } = bookOf([wrong(7, 3)]);
    const view = sourceWith();
    expect(book.correct([view])[0]?.changes).toEqual([]);
    await settled();
    expect(told()).toBe(1);
    const [shown] = book.correct([view]);
    expect(shown?.changes).toEqual([
      { line: 'gate', direction: 'forward', label: 'car', wrong: 1, missed: 0 },
    ]);
    expect(bothNumbers(5, shown?.changes ?? [], { line: 'gate' })).toEqual({ machine: 5, corrected: 4 });
    expect(bothNumbers(5, shown?.changes ?? [], { line: 'other' })).toEqual({ machine: 5, corrected: null });
    expect(asked).toEqual([[7]]);
  });

  it('adds up over all runs of a live source, and lies in the minutes of its crossing', async () => {
    const interval = (minutes: number) => ({
      ...{ minutes, coveredMs: 0, gapMs: 0, tooRareMs: 0, lines: {}, changes: [] },
    });
    const camera = cameraWith(
      {},
      {},
      { runIds: [7, 8], intervals: [interval(1), interval(5), interval(60)] },
    );
    const { book } = bookOf([wrong(7, 30), wrong(8, 3)]);
    book.correct([camera]);
    await settled();
    const [shown] = book.correct([camera]);
    expect(shown?.changes).toMatchObject([{ wrong: 2 }]);
    expect(shown?.live?.intervals.map(({ changes }) => changes[0]?.wrong ?? 0)).toEqual([0, 1, 2]);
  });

  it('is known at once when somebody says something, also that the last of it was taken back', async () => {
    const said = [wrong(7, 1)];
    const { book, told } = bookOf(said);
    book.correct([sourceWith()]);
    await settled();
    said.length = 0;
    await book.said(7);
    expect(told()).toBe(2);
    expect(book.correct([sourceWith()])[0]?.changes).toEqual([]);
  });

  it('waits for a store that is away, and asks again later', async () => {
    const { book, asked, setAway, pass } = bookOf([wrong(7, 1)]);
    setAway(true);
    book.correct([sourceWith()]);
    await settled();
    book.correct([sourceWith()]);
    expect(asked).toHaveLength(1);
    setAway(false);
    pass(6000);
    book.correct([sourceWith()]);
    await settled();
    expect(book.correct([sourceWith()])[0]?.changes).toMatchObject([{ wrong: 1 }]);
  });
});
