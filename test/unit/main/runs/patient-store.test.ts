import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { ErrorKind } from '#shared/domain/error-kind.ts';
import { tellStore } from '../../../../src-main/runs/patient-store.ts';

const order = { runId: 7, media: null } as unknown as Parameters<typeof tellStore<'run.describe'>>[2];

/** A store that refuses with these kinds, one after the other, and takes it then. */
function storeThat(refusals: readonly ErrorKind[]) {
  const left = [...refusals];
  const asked: number[] = [];
  return {
    asked,
    clock: { monoMs: () => performance.now(), wallMs: () => Date.now() },
    askStore: async () => {
      asked.push(performance.now());
      const kind = left.shift();
      if (kind !== undefined) throw new NamedError(kind, 'refused');
      return {} as never;
    },
  };
}

describe('a note of a run', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'performance', 'Date'] }));
  afterEach(() => vi.useRealTimers());

  it('is taken at once by a store that is well', async () => {
    const store = storeThat([]);
    await tellStore(store, 'run.describe', order);
    expect(store.asked).toHaveLength(1);
  });

  it('is asked again while the disk is full, the file locked or the process away', async () => {
    const store = storeThat(['store-full', 'store-failed', 'timeout', 'closed']);
    const told = tellStore(store, 'run.describe', order);
    await vi.advanceTimersByTimeAsync(10_000);
    await told;
    expect(store.asked).toHaveLength(5);
  });

  it.each(['bad-argument', 'store-newer', 'store-read-only'] as const)(
    'is not asked again after %s',
    async (kind) => {
      const store = storeThat([kind]);
      await expect(tellStore(store, 'run.describe', order)).rejects.toMatchObject({ kind });
      expect(store.asked).toHaveLength(1);
    },
  );

  it('is given up after a minute, with the last refusal', async () => {
    const store = storeThat(Array.from({ length: 1000 }, () => 'store-full' as const));
    const told = tellStore(store, 'run.describe', order);
    const ended = expect(told).rejects.toMatchObject({ kind: 'store-full' });
    await vi.advanceTimersByTimeAsync(70_000);
    await ended;
    expect(store.asked.length).toBeLessThan(40);
  });
});
