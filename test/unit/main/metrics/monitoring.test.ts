import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { alarmRules } from '../../../../src-main/health/system-alarms.ts';
import { metricsText } from '../../../../src-main/metrics/metrics-text.ts';
import { readExposition } from './exposition.ts';
import { factsWith } from './report-fixture.ts';

const folder = resolve(import.meta.dirname, '../../../../resources/monitoring');
const read = (name: string): string => readFileSync(resolve(folder, name), 'utf8');

const alertSchema = z.object({
  alert: z.string(),
  expr: z.string(),
  for: z.string(),
  labels: z.object({ severity: z.string() }),
  annotations: z.object({ summary: z.string(), description: z.string() }),
});
const alertsSchema = z.object({ groups: z.array(z.object({ rules: z.array(alertSchema) })) });
const dashboardSchema = z.object({
  panels: z.array(
    z.object({ id: z.number(), title: z.string(), targets: z.array(z.object({ expr: z.string() })) }),
  ),
});
const words = new Set([
  'sum',
  'by',
  'rate',
  'histogram_quantile',
  'max',
  'count',
  'or',
  'vector',
  'increase',
  'and',
  'on',
  'up',
  'job',
  'camera_id',
  'le',
  'sink',
  'type',
  'reason',
  'process',
  'min_over_time',
  's',
  'm',
  'h',
]);

/** Names of metrics in an expression: every word that is no function, label or keyword. */
function metricsIn(expr: string): string[] {
  const bare = expr.replace(/"[^"]*"/g, '');
  return [...bare.matchAll(/[a-zA-Z_][a-zA-Z0-9_]*/g)]
    .map(([word]) => word)
    .filter((word) => !words.has(word));
}

describe('the files for a monitoring of one’s own', () => {
  const alerts = alertsSchema.parse(parse(read('alerts.yml'))).groups.flatMap(({ rules }) => rules);
  const { panels } = dashboardSchema.parse(JSON.parse(read('grafana-dashboard.json')));

  test('ask only for what /metrics has', async () => {
    const families = readExposition((await metricsText(factsWith())).text);
    const expressions = [
      ...alerts.map(({ expr }) => expr),
      ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ];
    const names = new Set(expressions.flatMap(metricsIn).map((name) => name.replace(/_bucket$/, '')));
    expect(names.size).toBeGreaterThan(8);
    expect([...names].filter((name) => !families.has(name))).toEqual([]);
  });

  test('raise after the same times as ivis itself', () => {
    const times = Object.fromEntries(
      alerts.map((alert) => [alert.alert, [alert.for, alert.labels.severity]]),
    );
    const own = ({ forMs, severity }: { forMs: number; severity: string }) => [
      `${forMs / 60_000}m`,
      severity === 'warn' ? 'warning' : severity,
    ];
    expect(times.WorkerDown).toEqual(own(alarmRules['worker-down']));
    expect(times.NoFramesProcessed).toEqual(own(alarmRules['no-frames']));
    expect(times.HighInferenceLatency).toEqual(own(alarmRules['slow-inference']));
    expect(times.HighPublisherFailureRate).toEqual(own(alarmRules['sink-failing']));
  });

  test('scrape loopback each ten seconds, and every panel has its own number', () => {
    const config = parse(read('prometheus.yml'));
    expect(config.scrape_configs[0]).toMatchObject({
      scrape_interval: '10s',
      static_configs: [{ targets: ['127.0.0.1:9464'] }],
    });
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });
});
