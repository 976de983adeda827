import { describe, expect, test } from 'vitest';
import { metricsText } from '../../../../src-main/metrics/metrics-text.ts';
import type { OutsideFacts } from '../../../../src-main/metrics/outside-pages.ts';
import { readExposition } from './exposition.ts';
import { factsWith, reportWith } from './report-fixture.ts';

const read = async (change: Partial<OutsideFacts> = {}) =>
  readExposition((await metricsText(factsWith(change))).text);

describe('the reader of these tests', () => {
  test.each([
    'a 1',
    '# TYPE a counter\na -1\n',
    '# TYPE a counter\na{x="1"} 1\na{x="1"} 2\n',
    '# TYPE a counter\na{x=1} 1\n',
    '# TYPE a counter\na{x="1",x="2"} 1\n',
    '# TYPE a gauge\na one\n',
    '# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
    '# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n',
    'b 1\n',
  ])('refuses what is not the text format: %j', (text) => {
    expect(() => readExposition(text)).toThrow();
  });
});

describe('/metrics', () => {
  test('is the text format 0.0.4, every line of it', async () => {
    const { type, text } = await metricsText(factsWith());
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    const families = readExposition(text);
    expect([...families.values()].every(({ help }) => help !== '')).toBe(true);
    expect(families.size).toBeGreaterThan(15);
  });

  test('counts the messages that a process did not take', async () => {
    const rejected = new Map([
      ['capture', 3],
      ['main', 1],
    ]);
    const family = (await read({ rejected })).get('ivis_messages_rejected_total');
    expect(family?.type).toBe('counter');
    expect(family?.samples.map(({ labels, value }) => [labels.process, value])).toEqual([
      ['capture', 3],
      ['main', 1],
    ]);
  });

  test('has the five families of kvs-infer, with their labels and buckets', async () => {
    const families = await read();
    const types = [
      'infer_frames_total',
      'infer_events_total',
      'infer_latency_ms',
      'publisher_failures_total',
      'worker_alive',
    ].map((name) => families.get(name)?.type);
    expect(types).toEqual(['counter', 'counter', 'histogram', 'counter', 'gauge']);
    expect(families.get('infer_frames_total')?.samples).toEqual([
      { name: 'infer_frames_total', labels: { camera_id: 'cam-1' }, value: 100 },
    ]);
    expect(
      families.get('infer_events_total')?.samples.map(({ labels, value }) => [labels.type, value]),
    ).toEqual([
      ['crossing', 3],
      ['visit', 0],
    ]);
    const buckets = families.get('infer_latency_ms')?.samples.filter(({ name }) => name.endsWith('_bucket'));
    expect(buckets?.map(({ labels, value }) => [labels.le, value])).toEqual([
      ['10', 0],
      ['50', 100],
      ['100', 100],
      ['200', 100],
      ['500', 100],
      ['1000', 100],
      ['2000', 100],
      ['5000', 100],
      ['+Inf', 100],
    ]);
    expect(families.get('publisher_failures_total')?.samples[0]?.labels).toEqual({ sink: 'db' });
  });

  test('has the figures of IVISv: in, out, dropped by reason, latencies in milliseconds', async () => {
    const families = await read();
    const value = (name: string): number | undefined => families.get(name)?.samples[0]?.value;
    expect([value('frames_in_total'), value('frames_out_total')]).toEqual([102, 100]);
    expect(families.get('frames_dropped_total')?.samples).toEqual([
      { name: 'frames_dropped_total', labels: { camera_id: 'cam-1', reason: 'newer-frame' }, value: 1 },
    ]);
    for (const name of ['inference_latency_ms', 'shm_read_latency_ms', 'end_to_end_latency_ms']) {
      const found = families
        .get(name)
        ?.samples.filter((sample) => sample.labels.le === '20' || sample.labels.le === '10');
      expect(found?.map((sample) => sample.value)).toEqual([0, 100]);
    }
  });

  test('writes 0 for a worker that died, and nothing for a source at rest', async () => {
    const alive = async (change: Partial<OutsideFacts>) =>
      (await read(change)).get('worker_alive')?.samples.map(({ value }) => value);
    const { processes } = reportWith();
    const dead = (name: string) =>
      reportWith({ processes: processes.map((p) => (p.name === name ? { ...p, state: 'backing-off' } : p)) });
    expect(await alive({})).toEqual([1]);
    expect(await alive({ report: dead('capture') })).toEqual([0]);
    expect(await alive({ report: dead('detection') })).toEqual([0]);
    expect(await alive({ report: reportWith({ processes: [] }) })).toEqual([0]);
    expect(await alive({ expecting: () => false })).toEqual([]);
  });

  test('carries no title, no path and no name in its labels', async () => {
    const component = {
      ...reportWith().components[0],
      id: 'source:cam-1',
      title: 'Gate of Dr. X',
      cause: 'rtsp://u:p@h',
    };
    const { text } = await metricsText(
      factsWith({ report: reportWith({ components: [component as never] }) }),
    );
    expect(text).not.toMatch(/Gate|rtsp|line"|\/data/);
  });
});
