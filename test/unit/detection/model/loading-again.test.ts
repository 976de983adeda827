import { describe, expect, test } from 'vitest';
import type { LoadedModel } from '#shared/domain/model.ts';
import { loadDetector } from '../../../../src-worker/detection/model/detector.ts';
import { openSession, type Provider } from '../../../../src-worker/detection/model/session.ts';
import { oneThing, tinyModel, tinySpec, writeModel } from './model-fixture.ts';

const bytes = tinyModel();
const spec = tinySpec(bytes);
const path = writeModel(bytes);

const knownOn = (provider: string, change: Partial<LoadedModel> = {}): LoadedModel => ({
  id: spec.id,
  sha256: spec.sha256,
  provider,
  inputSize: '32x32',
  measuredMs: 12.5,
  probed: [{ provider, measuredMs: 12.5, refused: null }],
  ...change,
});

/** Loads it; which providers were opened, and how often the model ran. An accelerator is a second CPU session. */
async function load(known: LoadedModel | null, provider: string | null = null, broken: Provider[] = []) {
  const opened: Provider[] = [];
  let runs = 0;
  const detector = await loadDetector(
    { path, spec, provider, known },
    () => performance.now(),
    async (model, of, name) => {
      opened.push(name);
      if (broken.includes(name)) throw new Error('no driver');
      const session = await openSession(model, of, 'cpu');
      const run: typeof session.run = (...picture) => {
        runs += 1;
        return session.run(...picture);
      };
      return { provider: name, spec: of, decoder: session.decoder, run, release: () => session.release() };
    },
  );
  await detector.release();
  return { loaded: detector.loaded, opened, runs };
}

describe('a model that was probed a moment ago', () => {
  test('is opened where it was quickest and run once, no more', async () => {
    const known = knownOn('cuda');
    expect(await load(known)).toEqual({ loaded: known, opened: ['cuda'], runs: 1 });
    expect(await load(knownOn('cpu'), 'cpu')).toMatchObject({ opened: ['cpu'], runs: 1 });
  });

  test('is probed anew when its provider is gone', async () => {
    const { loaded, opened } = await load(knownOn('cuda'), null, ['cuda']);
    expect(opened).toEqual(['cuda', 'cpu', 'cuda']);
    expect(loaded.provider).toBe('cpu');
    expect(loaded.probed).toContainEqual({ provider: 'cuda', measuredMs: null, refused: 'no driver' });
  });

  test.each([
    ['another model', knownOn('cuda', { id: 'other' }), null],
    ['another file', knownOn('cuda', { sha256: '0'.repeat(64) }), null],
    ['another provider', knownOn('cuda'), 'cpu'],
    ['an unknown provider', knownOn('abacus'), null],
  ])('is probed as if nothing were known when that was %s', async (_what, known, provider) => {
    const { loaded, opened, runs } = await load(known, provider);
    expect(opened[0]).toBe('cpu');
    expect(runs).toBeGreaterThan(1);
    expect(loaded.measuredMs).not.toBe(12.5);
  });

  test('and yields no numbers any more is refused by name', async () => {
    const values = oneThing();
    values[0] = Number.NaN;
    const bad = tinyModel({ values });
    const of = tinySpec(bad);
    const order = { path: writeModel(bad), spec: of, provider: 'cpu' };
    const known = knownOn('cpu', { sha256: of.sha256 });
    await expect(loadDetector({ ...order, known }, () => performance.now())).rejects.toMatchObject({
      kind: 'model-failed',
    });
  });
});
