import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { historyPointSchema, machineFiguresSchema, processHealthSchema } from '#shared/domain/health.ts';
import { parseGpus } from '../../../../src-main/health/gpu-gauge.ts';
import { HealthHistory, type HistorySample, MAX_POINTS } from '../../../../src-main/health/health-history.ts';
import { MachineGauge } from '../../../../src-main/health/machine-gauge.ts';
import { ProcessGauge } from '../../../../src-main/health/process-gauge.ts';

describe('the history', () => {
  const sample = (change: Partial<HistorySample> = {}): HistorySample => ({
    processedPerSecond: 10,
    droppedPerSecond: 0,
    inferP50Ms: null,
    inferP95Ms: null,
    totalP95Ms: null,
    cpuShare: 0.5,
    memoryShare: 0.25,
    ownMemoryBytes: 100,
    waitingFrames: 0,
    waitingBatches: 0,
    ...change,
  });

  test('makes one point of ten seconds: means of rates, the worst of waits, nothing of nothing', () => {
    const history = new HealthHistory();
    for (let s = 0; s <= 10; s++) {
      history.add(
        sample({ processedPerSecond: s, waitingFrames: s === 4 ? 9 : 1, inferP95Ms: s < 3 ? null : s }),
        s * 1000,
        s * 1000,
      );
    }
    const [point, ...more] = history.since(0);
    expect(more).toEqual([]);
    expect(historyPointSchema.parse(point)).toMatchObject({
      wallMs: 10_000,
      processedPerSecond: 5,
      waitingFrames: 9,
      inferP50Ms: null,
      inferP95Ms: 10,
    });
  });

  test('holds an hour and no more, and gives what is new', () => {
    const history = new HealthHistory();
    for (let s = 0; s <= 5000; s++) history.add(sample(), s * 1000, s * 1000);
    const points = history.since(0);
    expect(points).toHaveLength(MAX_POINTS);
    expect((points.at(-1)?.wallMs ?? 0) - (points[0]?.wallMs ?? 0)).toBe(3_590_000);
    expect(history.since(points.at(-2)?.wallMs ?? 0)).toEqual([points.at(-1)]);
  });
});

describe('the machine', () => {
  test('is measured as it is', async () => {
    const gauge = new MachineGauge(tmpdir());
    expect(machineFiguresSchema.parse(gauge.measure(0)).cpuShare).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const figures = machineFiguresSchema.parse(gauge.measure(2500));
    expect(figures.cpuShare).toBeLessThanOrEqual(1);
    expect(figures.memory.availableBytes).toBeLessThan(figures.memory.totalBytes);
    expect(figures.disk?.freeBytes).toBeGreaterThan(0);
  });

  test('reads what nvidia-smi prints, and leaves out what is none of it', () => {
    const printed =
      'NVIDIA H200, 37, 143771, 1024, 41\nTesla T4, [N/A], 15360, 0, [Not Supported]\nNo devices were found\n';
    expect(parseGpus(printed)).toEqual([
      {
        name: 'NVIDIA H200',
        share: 0.37,
        memoryTotalBytes: 143771 * 2 ** 20,
        memoryUsedBytes: 2 ** 30,
        celsius: 41,
      },
      { name: 'Tesla T4', share: null, memoryTotalBytes: 15360 * 2 ** 20, memoryUsedBytes: 0, celsius: null },
    ]);
  });
});

describe('the processes', () => {
  const metric = (pid: number, type: string, seconds: number) => ({
    pid,
    type,
    cpu: { cumulativeCPUUsage: seconds },
    memory: { workingSetSize: 2048 },
  });

  test('take so much of one core since the last look', () => {
    const gauge = new ProcessGauge();
    gauge.take([metric(1, 'Browser', 1), metric(2, 'Utility', 5)], 0);
    expect(gauge.cpuShare(2)).toBeNull();
    gauge.take([metric(1, 'Browser', 1.1), metric(2, 'Utility', 6.5), metric(3, 'Tab', 0)], 1000);
    expect(gauge.cpuShare(2)).toBeCloseTo(1.5);
    expect(gauge.cpuShare(99)).toBeNull();
    const page = { restarts: 2, lastError: 'it hangs' };
    expect(gauge.others(page).map((one) => processHealthSchema.parse(one))).toMatchObject([
      { name: 'main', pid: 1, memoryBytes: 2 ** 21, restarts: 0, lastError: null },
      { name: 'ui', pid: 3, cpuShare: null, restarts: 2, lastError: 'it hangs' },
    ]);
  });
});
