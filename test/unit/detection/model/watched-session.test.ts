import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelSpec } from '#shared/domain/model.ts';
import { stepWorker, unborn, type WorkerLife } from '../../../../src-main/supervisor/worker-machine.ts';
import { LOAD_STEP_MS, type WorkerSpec, workerSpecs } from '../../../../src-main/supervisor/worker-specs.ts';
import { startHeartbeat } from '../../../../src-worker/_runtime/heartbeat.ts';
import { decoderOf } from '../../../../src-worker/detection/model/decoders.ts';
import { probeProviders } from '../../../../src-worker/detection/model/provider-probe.ts';
import type { OpenSession } from '../../../../src-worker/detection/model/session.ts';
import { watched } from '../../../../src-worker/detection/model/watched-session.ts';
import { tinyModel, tinySpec } from './model-fixture.ts';

const bytes = tinyModel();
const spec: ModelSpec = tinySpec(bytes);
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A model on a machine on which opening and each run take so long. */
const slow =
  (openMs: number, runMs: number): OpenSession =>
  async (_bytes, of, provider) => {
    const decoder = decoderOf(of);
    await after(openMs);
    return {
      provider,
      spec: of,
      decoder,
      run: async (input, tensorW, tensorH) => {
        await after(runMs);
        const values = decoder
          .outputShape(of.labels.length, tensorW, tensorH)
          .reduce((all, side) => all * side, 1);
        return { output: new Float32Array(values).fill(0.5), input };
      },
      release: () => Promise.resolve(),
    };
  };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Loads a model in a process that beats, as its supervisor sees it: every effect it had on the process. */
async function load(open: OpenSession, worked: { count: number }, limits: Partial<WorkerSpec['limits']>) {
  const detection = { ...workerSpecs.detection, limits: { ...workerSpecs.detection.limits, ...limits } };
  const monoMs = (): number => Date.now();
  let busy = true;
  let life: WorkerLife = { ...unborn, state: 'starting', sinceMs: monoMs() };
  const effects: string[] = [];
  const step = (event: Parameters<typeof stepWorker>[1]): void => {
    const next = stepWorker(life, event, monoMs(), detection);
    life = next.life;
    effects.push(...next.effects);
  };
  step({ type: 'becameReady' });
  startHeartbeat(
    { progress: () => worked.count, busy: () => busy, queues: () => ({}), rejected: () => 0 },
    ({ progress, busy }) => step({ type: 'beat', progress, busy }),
    (delayMs, fire) => {
      const timer = setTimeout(fire, delayMs);
      return () => clearTimeout(timer);
    },
    monoMs,
  );
  const ticks = setInterval(() => step({ type: 'ticked' }), 250);
  const loaded = probeProviders({
    spec,
    candidates: ['cuda', 'cpu'],
    open: (provider) => open(bytes, spec, provider),
    monoMs,
  }).finally(() => {
    busy = false;
  });
  await vi.advanceTimersByTimeAsync(300_000);
  clearInterval(ticks);
  return { effects, model: (await loaded).loaded };
}

describe('a model that is slow to load', () => {
  it('is not taken for hung while its probe makes progress, whatever it takes as a whole', async () => {
    const worked = { count: 0 };
    const open = watched(slow(1000, 3000), () => {
      worked.count += 1;
    });
    const { effects, model } = await load(open, worked, {});
    expect(effects).toEqual([]);
    // Twice opened, twice six runs.
    expect(worked.count).toBe(14);
    expect(model.measuredMs).toBe(3000);
  });

  it('would be, if its runs were not told', async () => {
    const { effects } = await load(slow(1000, 3000), { count: 0 }, {});
    expect(effects).toContain('kill');
  });

  it('may compile for longer than a frame may take, but not for ever', async () => {
    const step = (openMs: number, limits: Partial<WorkerSpec['limits']>) => {
      const worked = { count: 0 };
      const open = watched(slow(openMs, 100), () => {
        worked.count += 1;
      });
      return load(open, worked, limits).then(({ effects }) => effects.includes('kill'));
    };
    const loading = { progressMs: LOAD_STEP_MS };
    expect(await step(45_000, {})).toBe(true);
    expect(await step(45_000, loading)).toBe(false);
    expect(await step(90_000, loading)).toBe(true);
  });
});
