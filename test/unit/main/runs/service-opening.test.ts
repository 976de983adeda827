import { describe, expect, it } from 'vitest';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { type ErrorKind, errorKindSchema } from '#shared/domain/error-kind.ts';
import { askedAgainAfterMs, openService } from '../../../../src-main/runs/service-opening.ts';

/** Opens a service whose tries go as told: an error, or null for a success; more tries succeed. */
async function opening(tries: readonly (NamedError | Error | null)[]) {
  const pauses: number[] = [];
  const failures: [ErrorKind, number | null][] = [];
  let tried = 0;
  let opened = false;
  await openService({
    open: async () => {
      const fate = tries[tried] ?? null;
      tried += 1;
      if (fate !== null) throw fate;
      opened = true;
    },
    failed: ({ kind }, againMs) => failures.push([kind, againMs]),
    pause: async (ms) => {
      pauses.push(ms);
    },
  });
  return { tried, opened, pauses, failures };
}

const full = new NamedError('store-full', 'SQLITE_FULL');
const busy = new NamedError('store-failed', 'SQLITE_BUSY');

describe('a service that does not open', () => {
  it('is asked for again, ever more seldom, for as long as its process lives', async () => {
    const { opened, tried, pauses } = await opening(Array<NamedError>(20).fill(full));
    expect([opened, tried]).toEqual([true, 21]);
    expect(pauses.slice(0, 8)).toEqual([1000, 2000, 4000, 8000, 15_000, 30_000, 60_000, 60_000]);
    expect(pauses.at(-1)).toBe(60_000);
  });

  it('tells of each other cause once', async () => {
    const { failures } = await opening([full, full, busy, busy, full]);
    expect(failures).toEqual([
      ['store-full', 1000],
      ['store-failed', 4000],
      ['store-full', 15_000],
    ]);
  });

  it.each(['store-newer', 'model-wrong-shape', 'bad-argument'] as const)(
    'for good (%s) is let be',
    async (kind) => {
      const { opened, tried, failures } = await opening([new NamedError(kind, 'x')]);
      expect([opened, tried]).toEqual([false, 1]);
      expect(failures).toEqual([[kind, null]]);
    },
  );

  it('is not asked for when its process is gone: the next one is', async () => {
    const { opened, tried, failures } = await opening([full, new NamedError('closed', 'gone')]);
    expect([opened, tried]).toEqual([false, 2]);
    expect(failures).toEqual([['store-full', 1000]]);
  });

  it.each([
    'store-full',
    'store-read-only',
    'store-failed',
    'store-corrupt',
    'timeout',
    'internal',
    'model-missing',
    'model-corrupt',
    'model-failed',
  ] as const)('because of %s can heal', (kind) => {
    expect(errorKindSchema.options).toContain(kind);
    expect(askedAgainAfterMs(kind, 1)).toBe(1000);
  });

  it('because of something without a name is asked for again too', async () => {
    expect(await opening([new Error('EMFILE: too many open files')])).toMatchObject({
      opened: true,
      tried: 2,
    });
  });
});
