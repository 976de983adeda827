import { describe, expect, test } from 'vitest';
import { probeProviders, providersOf } from '../../../../src-worker/detection/model/provider-probe.ts';
import { openSession } from '../../../../src-worker/detection/model/session.ts';
import { oneThing, tinyModel, tinySpec } from './model-fixture.ts';

const good = tinyModel();
const spec = tinySpec(good);

/** A probe in which `cuda` is a second CPU session of `other`, so that what it yields is in our hand. */
function probe(other: Uint8Array | Error, cudaSlowMs = 0) {
  let nowMs = 0;
  const opened: string[] = [];
  const released: string[] = [];
  return {
    opened,
    released,
    result: probeProviders({
      spec,
      candidates: ['cuda', 'cpu'],
      monoMs: () => nowMs,
      async open(provider) {
        opened.push(provider);
        if (provider === 'cuda' && other instanceof Error) throw other;
        const bytes = provider === 'cuda' && other instanceof Uint8Array ? other : good;
        const session = await openSession(bytes, spec, 'cpu');
        return {
          provider,
          spec,
          decoder: session.decoder,
          run: (input, width, height) => {
            nowMs += provider === 'cuda' ? cudaSlowMs : 10;
            return session.run(input, width, height);
          },
          release: () => {
            released.push(provider);
            return session.release();
          },
        };
      },
    }),
  };
}

function changed(channel: number, factor: number, plus: number): Uint8Array {
  const values = oneThing();
  for (let cell = 0; cell < 21; cell++) {
    values[channel * 21 + cell] = (values[channel * 21 + cell] ?? 0) * factor + plus;
  }
  return tinyModel({ values });
}

describe('choosing a provider', () => {
  test('the accelerator comes before the CPU on every platform, and the CPU is everywhere', () => {
    expect(providersOf('linux')).toEqual(['cuda', 'cpu']);
    expect(providersOf('win32')).toEqual(['dml', 'cpu']);
    expect(providersOf('darwin')).toEqual(['coreml', 'cpu']);
    expect(providersOf('freebsd')).toEqual(['cpu']);
  });

  test('the fastest that agrees with the CPU wins and the loser is released', async () => {
    const { result, released } = probe(changed(0, 1.001, 0), 2);
    const { session, loaded } = await result;
    expect(session.provider).toBe('cuda');
    expect(loaded).toMatchObject({ provider: 'cuda', measuredMs: 2 });
    expect(loaded.probed.map(({ provider, measuredMs }) => [provider, measuredMs])).toEqual([
      ['cuda', 2],
      ['cpu', 10],
    ]);
    expect(released).toEqual(['cpu']);
  });

  test('one that is slower than the CPU is measured, kept in the list and not used', async () => {
    const { result, released } = probe(good, 50);
    const { loaded } = await result;
    expect(loaded.provider).toBe('cpu');
    expect(loaded.probed).toMatchObject([
      { provider: 'cpu', measuredMs: 10 },
      { provider: 'cuda', measuredMs: 50, refused: null },
    ]);
    expect(released).toEqual(['cuda']);
  });

  test.each([
    ['boxes elsewhere', changed(1, 1.1, 0), 'boxes differ'],
    ['other scores', changed(4, 1, 0.2), 'scores differ'],
  ])('a fast one with %s is refused', async (_name, other, why) => {
    const { result, released } = probe(other, 1);
    const { loaded } = await result;
    expect(loaded.provider).toBe('cpu');
    const refusal = loaded.probed.find(({ provider }) => provider === 'cuda');
    expect(refusal).toMatchObject({ measuredMs: null, refused: expect.stringContaining(why) });
    expect(released).toEqual(['cuda']);
  });

  test('one that yields no numbers is refused', async () => {
    const values = oneThing();
    values[3] = Number.NaN;
    const { loaded } = await probe(tinyModel({ values }), 1).result;
    expect(loaded.provider).toBe('cpu');
  });

  test('one that is not there is refused with its own words', async () => {
    const { loaded } = await probe(new Error('no such library')).result;
    expect(loaded.probed.at(-1)).toEqual({ provider: 'cuda', measuredMs: null, refused: 'no such library' });
  });
});
