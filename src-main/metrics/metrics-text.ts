import { Counter, Gauge, Registry } from 'prom-client';
import { type HealthReport, SEVERITIES } from '#shared/domain/health.ts';
import { LATENCY_BUCKETS_MS } from '#shared/domain/stage.ts';
import type { SourceTally, TalliedLatency } from '../health/source-tally.ts';
import { TalliedHistogram } from './tallied-histogram.ts';

/** The buckets of kvs-infer B6.3. */
const KVS_BUCKETS_MS = [10, 50, 100, 200, 500, 1000, 2000, 5000] as const;

export interface MetricsFacts {
  readonly version: string;
  readonly report: HealthReport;
  readonly tallies: ReadonlyMap<string, SourceTally>;
  /** Messages that were not understood or came too late, by the process that got them. */
  readonly rejected: ReadonlyMap<string, number>;
  /** Frames are expected of this source now. */
  expecting(sourceId: string): boolean;
}

/** Labels are ids only: a title or a path may hold what is nobody's business. */
interface Writer {
  counter(name: string, help: string, labelNames: string[], rows: [Record<string, string>, number][]): void;
  gauge(name: string, help: string, labelNames: string[], rows: [Record<string, string>, number][]): void;
}

function writerOf(registry: Registry): Writer {
  const registers = [registry];
  return {
    counter: (name, help, labelNames, rows) => {
      const counter = new Counter({ name, help, labelNames, registers });
      for (const [labels, value] of rows) counter.inc(labels, Math.max(0, value));
    },
    gauge: (name, help, labelNames, rows) => {
      const gauge = new Gauge({ name, help, labelNames, registers });
      for (const [labels, value] of rows) gauge.set(labels, value);
    },
  };
}

/** 1 while both the process that reads the source and the one that looks at its frames live. */
function aliveOf({ processes }: HealthReport, sourceId: string): number {
  const lives = (name: string, of: string | null): boolean =>
    processes.some(
      (process) => process.name === name && process.sourceId === of && process.state === 'running',
    );
  return lives('capture', sourceId) && lives('detection', null) ? 1 : 0;
}

function writeSources(write: Writer, facts: MetricsFacts): void {
  const sources = [...facts.tallies];
  const each = (value: (tally: SourceTally) => number): [Record<string, string>, number][] =>
    sources.map(([camera_id, tally]) => [{ camera_id }, value(tally)]);
  const camera = ['camera_id'];
  write.counter(
    'infer_frames_total',
    'Frames that went through the model.',
    camera,
    each((t) => t.framesOut),
  );
  write.counter(
    'infer_events_total',
    'What was counted: crossings of lines, visits to zones.',
    ['camera_id', 'type'],
    sources.flatMap(([camera_id, tally]) =>
      (['crossing', 'visit'] as const).map((type): [Record<string, string>, number] => [
        { camera_id, type },
        tally.events(type),
      ]),
    ),
  );
  // A source at rest has no worker that could be down.
  const watched = sources.filter(([sourceId]) => facts.expecting(sourceId));
  write.gauge(
    'worker_alive',
    '1 while the processes of a source live, 0 when one is down.',
    camera,
    watched.map(([camera_id]) => [{ camera_id }, aliveOf(facts.report, camera_id)]),
  );
  write.gauge(
    'ivis_source_expecting',
    '1 while frames should come: not paused, disabled, stopped or finished.',
    camera,
    sources.map(([camera_id]) => [{ camera_id }, facts.expecting(camera_id) ? 1 : 0]),
  );
  write.counter(
    'frames_in_total',
    'Frames decoded.',
    camera,
    each((t) => t.framesIn),
  );
  write.counter(
    'frames_out_total',
    'Frames with a result.',
    camera,
    each((t) => t.framesOut),
  );
  write.counter(
    'frames_dropped_total',
    'Frames left out, by reason.',
    ['camera_id', 'reason'],
    sources.flatMap(([camera_id, tally]) =>
      [...tally.drops()].map(([reason, frames]): [Record<string, string>, number] => [
        { camera_id, reason },
        frames,
      ]),
    ),
  );
  const failures = sources.reduce((sum, [, tally]) => sum + tally.storeFailures, 0);
  write.counter(
    'publisher_failures_total',
    'Writes that a sink did not take at once.',
    ['sink'],
    [[{ sink: 'db' }, failures]],
  );
}

function writeLatencies(registry: Registry, { tallies }: MetricsFacts): void {
  const fine = LATENCY_BUCKETS_MS;
  const families: [string, string, TalliedLatency, readonly (typeof LATENCY_BUCKETS_MS)[number][]][] = [
    ['infer_latency_ms', 'One frame through the model, milliseconds.', 'infer', KVS_BUCKETS_MS],
    ['inference_latency_ms', 'One frame through the model, milliseconds, in finer buckets.', 'infer', fine],
    ['shm_read_latency_ms', 'Slot of the ring to tensor, milliseconds.', 'preprocess', fine],
    [
      'queue_latency_ms',
      'From arrival in the ring until detection takes the frame, milliseconds.',
      'read',
      fine,
    ],
    ['tracking_latency_ms', 'Following, lines and zones of one frame, milliseconds.', 'track', fine],
    [
      'store_latency_ms',
      'From sending a batch of rows until it is on the disk, milliseconds.',
      'store',
      fine,
    ],
    [
      'end_to_end_latency_ms',
      'From arrival in the ring until the result stands, milliseconds.',
      'total',
      fine,
    ],
  ];
  for (const [name, help, latency, bounds] of families) {
    const histogram = new TalliedHistogram({ name, help, bounds, registry });
    for (const [camera_id, tally] of tallies) histogram.put({ camera_id }, tally.latency(latency));
  }
}

function writeHealth(write: Writer, { report, version, rejected }: MetricsFacts): void {
  const name = ({ name: of, sourceId }: HealthReport['processes'][number]): Record<string, string> => ({
    process: of,
    camera_id: sourceId ?? '',
  });
  const labels = ['process', 'camera_id'];
  const up = (state: string): number => (state === 'running' ? 1 : 0);
  write.gauge('ivis_build_info', 'The version that runs.', ['version'], [[{ version }, 1]]);
  write.gauge(
    'ivis_process_up',
    '1 while the process runs.',
    labels,
    report.processes.map((p) => [name(p), up(p.state)]),
  );
  write.counter(
    'ivis_process_restarts_total',
    'Starts after an unasked end.',
    labels,
    report.processes.map((p) => [name(p), p.restarts]),
  );
  write.counter(
    'ivis_messages_rejected_total',
    'Messages between processes that were not understood or came too late, by the process that got them.',
    ['process'],
    [...rejected].map(([process, messages]) => [{ process }, messages]),
  );
  write.gauge(
    'ivis_process_memory_bytes',
    'Resident memory.',
    labels,
    report.processes.flatMap((p) => (p.memoryBytes === null ? [] : [[name(p), p.memoryBytes]])),
  );
  write.gauge(
    'ivis_health',
    '0 ok, 1 info, 2 stale, 3 warn, 4 critical.',
    ['component'],
    report.components.map((c) => [{ component: c.id }, SEVERITIES.indexOf(c.severity)]),
  );
  write.gauge(
    'ivis_alarm',
    '1 for each alarm of ivis about itself.',
    ['rule', 'subject'],
    report.alarms.map(({ id, rule }) => [{ rule, subject: id.slice(rule.length + 1) }, 1]),
  );
}

/** Everything measured, in Prometheus' text format 0.0.4. Made anew each time, so that nothing outlives its source. */
export async function metricsText(facts: MetricsFacts): Promise<{ type: string; text: string }> {
  const registry = new Registry();
  const write = writerOf(registry);
  writeSources(write, facts);
  writeLatencies(registry, facts);
  writeHealth(write, facts);
  return { type: registry.contentType, text: await registry.metrics() };
}
