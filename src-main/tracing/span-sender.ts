import { type Attributes, type HrTime, ROOT_CONTEXT, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type ReadableSpan, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { FrameTrace } from '#shared/domain/frame-trace.ts';

export interface SpanSenderOptions {
  readonly endpoint: string;
  readonly version: string;
  /** Takes secrets out of what stands in attributes. */
  readonly mask: (text: string) => string;
}

/** Spans, not traces. `leftOut`: there was no room, or the collector did not take them. */
export interface SpanCounts {
  readonly sent: number;
  readonly leftOut: number;
}

/** A frame of a source, with what names it. */
export interface TracedFrame {
  readonly sourceId: string;
  readonly runId: number;
  readonly trace: FrameTrace;
}

const MOST_WAITING = 600;
const AT_ONCE = 300;
const SEND_EVERY_MS = 1000;
const TIMEOUT_MS = 5000;

/** Keeps a bounded number of spans and sends them one request at a time; what does not fit is counted and let go. */
class BoundedProcessor implements SpanProcessor {
  sent = 0;
  leftOut = 0;
  lastError: string | null = null;
  readonly #exporter: OTLPTraceExporter;
  readonly #timer: NodeJS.Timeout;
  #waiting: ReadableSpan[] = [];
  #sending: Promise<void> | null = null;

  constructor(exporter: OTLPTraceExporter) {
    this.#exporter = exporter;
    this.#timer = setInterval(() => void this.#send(), SEND_EVERY_MS).unref();
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#waiting.length >= MOST_WAITING) this.leftOut += 1;
    else this.#waiting.push(span);
  }

  async forceFlush(): Promise<void> {
    await this.#send();
  }

  async shutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sending;
    while (this.#waiting.length > 0 && this.lastError === null) await this.#send();
    this.leftOut += this.#waiting.length;
    this.#waiting = [];
    await this.#exporter.shutdown();
  }

  #send(): Promise<void> {
    if (this.#sending !== null || this.#waiting.length === 0) return this.#sending ?? Promise.resolve();
    const spans = this.#waiting.splice(0, AT_ONCE);
    const sending = new Promise<void>((resolve) => {
      this.#exporter.export(spans, ({ code, error }) => {
        const taken = code === 0;
        if (taken) this.sent += spans.length;
        else this.leftOut += spans.length;
        this.lastError = taken ? null : (error?.message ?? 'the collector refused them');
        resolve();
      });
    }).finally(() => {
      this.#sending = null;
    });
    this.#sending = sending;
    return sending;
  }
}

/** Makes spans of traced frames and sends them to a collector. The only place that knows OpenTelemetry. */
export class SpanSender {
  readonly #processor: BoundedProcessor;
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #mask: (text: string) => string;

  constructor({ endpoint, version, mask }: SpanSenderOptions) {
    this.#mask = mask;
    const exporter = new OTLPTraceExporter({ url: endpoint, timeoutMillis: TIMEOUT_MS, concurrencyLimit: 1 });
    this.#processor = new BoundedProcessor(exporter);
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'ivis', 'service.version': version }),
      spanProcessors: [this.#processor],
    });
    this.#tracer = this.#provider.getTracer('ivis', version);
  }

  get counts(): SpanCounts {
    return { sent: this.#processor.sent, leftOut: this.#processor.leftOut };
  }

  /** Why the last request was not taken; null when it was. */
  get lastError(): string | null {
    return this.#processor.lastError;
  }

  /**
   * One chain of spans: each stage is the parent of the next. `capture` has no length: what ffmpeg took before the
   * frame stood in the ring is not measured.
   */
  add({ sourceId, runId, trace: frame }: TracedFrame): void {
    const { arrivedMs } = frame;
    const names: Attributes = {
      'ivis.source.id': this.#mask(sourceId),
      'ivis.run.id': runId,
      'ivis.frame.seq': frame.seq,
      ...(frame.ptsMs === null ? {} : { 'ivis.frame.pts_ms': frame.ptsMs }),
      ...(frame.skipped === 0 ? {} : { 'ivis.traces.skipped': frame.skipped }),
    };
    const chain: [stage: string, process: string, times: { fromMs: number; toMs: number } | null][] = [
      ['capture', 'capture', { fromMs: arrivedMs, toMs: arrivedMs }],
      ['read', 'detection', frame.read],
      ['preprocess', 'detection', frame.preprocess],
      ['infer', 'detection', frame.infer],
      ['track', 'detection', frame.track],
      ['store', 'store', frame.store],
    ];
    const at = (ms: number): HrTime => hrTime(frame.arrivedWallMs + (ms - arrivedMs));
    let context = ROOT_CONTEXT;
    for (const [stage, process, times] of chain) {
      if (times === null) continue;
      const attributes = { ...names, 'ivis.process': process };
      const span = this.#tracer.startSpan(stage, { startTime: at(times.fromMs), attributes }, context);
      span.end(at(times.toMs));
      context = trace.setSpan(context, span);
    }
  }

  /** Sends what is left, if the collector takes it. */
  stop(): Promise<void> {
    return this.#provider.shutdown();
  }
}

/** Milliseconds of UTC as seconds and nanoseconds. */
function hrTime(wallMs: number): HrTime {
  const seconds = Math.floor(wallMs / 1000);
  return [seconds, Math.round((wallMs - seconds * 1000) * 1e6)];
}
