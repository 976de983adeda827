import { describe, expect, test } from 'vitest';
import type { HealthFacts } from '../../../../src-main/health/facts.ts';
import { factsWith, found, START_MS, sourceWith } from './facts-fixture.ts';

const machineWith = (change: object): HealthFacts['machine'] => {
  const { machine } = factsWith();
  return machine === null ? null : { ...machine, ...change };
};

describe('the computer', () => {
  test.each([
    [0.79, 'ok'],
    [0.8, 'warn'],
    [0.94, 'warn'],
    [0.95, 'critical'],
  ])('a processor busy to %d with cameras is %s', (cpuShare, severity) => {
    expect(found({ machine: machineWith({ cpuShare }) }, 'cpu').severity).toBe(severity);
  });

  test('a processor kept busy by a file is as it is meant to be, and a moment longer', () => {
    const sources = [sourceWith({ live: false })];
    const machine = machineWith({ cpuShare: 1 });
    expect(found({ sources, machine, fileWorkMs: START_MS }, 'cpu').severity).toBe('info');
    expect(found({ sources: [], machine, fileWorkMs: START_MS - 29_000 }, 'cpu').severity).toBe('info');
    expect(found({ sources: [], machine, fileWorkMs: START_MS - 31_000 }, 'cpu').severity).toBe('critical');
    expect(found({ sources: [sourceWith()], machine, fileWorkMs: START_MS }, 'cpu').severity).toBe(
      'critical',
    );
  });

  test.each([
    [16, 'ok'],
    [15, 'warn'],
    [5, 'critical'],
  ])('memory with %d of 100 free is %s', (availableBytes, severity) => {
    expect(
      found({ machine: machineWith({ memory: { totalBytes: 100, availableBytes } }) }, 'memory').severity,
    ).toBe(severity);
  });

  test.each([
    [21, 'ok'],
    [20, 'warn'],
    [10, 'critical'],
  ])('a disk with %d of 100 free is %s', (freeBytes, severity) => {
    const disk = { path: '/data', totalBytes: 100, freeBytes };
    expect(found({ machine: machineWith({ disk }) }, 'disk').severity).toBe(severity);
  });

  test('a disk that cannot be asked is not called well', () => {
    expect(found({ machine: machineWith({ disk: null }) }, 'disk').severity).toBe('stale');
  });

  test('a graphics card is judged by heat, memory and work', () => {
    const gpu = { name: 'Card', share: 0.5, memoryTotalBytes: 100, memoryUsedBytes: 50, celsius: 60 };
    const severity = (change: object): string =>
      found({ machine: machineWith({ gpus: [{ ...gpu, ...change }] }) }, 'gpu:0').severity;
    expect([severity({}), severity({ celsius: 75 }), severity({ celsius: 85 })]).toEqual([
      'ok',
      'warn',
      'critical',
    ]);
    expect([severity({ memoryUsedBytes: 90 }), severity({ memoryUsedBytes: 95, celsius: 76 })]).toEqual([
      'warn',
      'critical',
    ]);
    expect([severity({ share: 0.9 }), severity({ share: 0.98 }), severity({ share: null })]).toEqual([
      'warn',
      'critical',
      'ok',
    ]);
    const machine = machineWith({ gpus: [{ ...gpu, share: 1 }] });
    expect(found({ sources: [], machine, fileWorkMs: START_MS }, 'gpu:0').severity).toBe('info');
    const limits = { ...factsWith().limits, gpuCelsius: { warn: 50, critical: 70 } };
    expect(found({ machine: machineWith({ gpus: [gpu] }), limits }, 'gpu:0').severity).toBe('warn');
  });

  test('a collector of spans that takes nothing is a note, never a fault', () => {
    const tracing = { frames: 4, sent: 6, leftOut: 18, problem: 'connect ECONNREFUSED' };
    const finding = found({ tracing }, 'tracing');
    expect([finding.severity, finding.cause]).toEqual([
      'info',
      '4 frames, 6 spans sent, 18 left out: connect ECONNREFUSED',
    ]);
    expect(found({ tracing: { ...tracing, problem: null } }, 'tracing').severity).toBe('ok');
  });

  test('the limits are those of the settings', () => {
    const limits = { ...factsWith().limits, cpuPercent: { warn: 10, critical: 20 } };
    expect(found({ limits }, 'cpu').severity).toBe('critical');
  });
});
