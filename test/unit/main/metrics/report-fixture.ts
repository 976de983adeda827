import { type HealthReport, healthReportSchema } from '#shared/domain/health.ts';
import { SourceTally } from '../../../../src-main/health/source-tally.ts';
import type { OutsideFacts } from '../../../../src-main/metrics/outside-pages.ts';
import { progressOf } from '../health/facts-fixture.ts';

export function reportWith(change: Partial<HealthReport> = {}): HealthReport {
  const process = (name: string, sourceId: string | null, state = 'running') => ({
    name,
    sourceId,
    pid: 5,
    state,
    restarts: 1,
    memoryBytes: 1000,
    lastError: null,
    cpuShare: 0.1,
    loopDelayMs: 1,
    silentMs: 3,
    nextStartMs: null,
  });
  return healthReportSchema.parse({
    atWallMs: 1,
    judgedAgoMs: 0,
    overall: 'ok',
    components: [
      {
        id: 'store',
        kind: 'store',
        title: 'Database',
        vital: true,
        severity: 'ok',
        cause: '',
        sinceWallMs: 0,
        whatToDo: '',
        sourceId: null,
      },
    ],
    alarms: [],
    strips: [],
    processes: [process('main', null), process('detection', null), process('capture', 'cam-1')],
    machine: null,
    interfaces: { enabled: true, url: null, problem: null },
    settings: { path: '/data/settings.yaml', problem: null, logLevel: 'info' },
    ...change,
  });
}

export function factsWith(change: Partial<OutsideFacts> = {}): OutsideFacts {
  const tally = new SourceTally();
  const counted = { total: 3, byClass: { car: 3 } };
  const nobody = { total: 0, byClass: {} };
  tally.take(
    1,
    progressOf(100, {
      counts: {
        lines: { 'a "line"\\': { forward: counted, backward: nobody } },
        zones: {},
        tracks: { total: 4, byClass: { car: 4 } },
      },
    }),
  );
  return {
    version: '0.1.0',
    report: reportWith(),
    tallies: new Map([['cam-1', tally]]),
    rejected: new Map([['capture', 3]]),
    expecting: () => true,
    silentMs: 100,
    ready: { model: true, store: true },
    ...change,
  };
}
