import type { mainDetection } from '#shared/contracts/main-detection.contract.ts';
import { toWireError } from '#shared/contracts/wire-error.ts';
import type { AppSettings } from '#shared/domain/settings.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';
import type { SpanCounts, SpanSender, SpanSenderOptions, TracedFrame } from './span-sender.ts';

type DetectionLink = LinkEnd<typeof mainDetection, 'from'>;
type Wanted = AppSettings['tracing'];

export interface TraceDeskOptions {
  readonly version: string;
  readonly mask: (text: string) => string;
  readonly note: (level: 'info' | 'warn', message: string) => void;
}

/** How tracing is; null while it is off. */
export interface TracingFacts extends SpanCounts {
  readonly frames: number;
  readonly problem: string | null;
}

const APPLY_MS = 1000;
const STOP_MS = 2000;
const OFF: Wanted = { endpoint: null, sampleEvery: 1 };

async function openSender(options: SpanSenderOptions): Promise<SpanSender> {
  // Not before somebody wants it: who does not trace does not load it.
  const { SpanSender } = await import('./span-sender.ts');
  return new SpanSender(options);
}

/** Turns tracing on and off. Nothing that goes wrong here is felt by a run: what cannot be sent is counted. */
export class TraceDesk {
  readonly #options: TraceDeskOptions;
  #wanted: Wanted = OFF;
  #link: DetectionLink | null = null;
  #sender: SpanSender | null = null;
  #frames = 0;
  #problem: string | null = null;
  #doing: Promise<void> = Promise.resolve();
  /** Settles when the last sender that was given up has sent what it had, or its time is over. */
  #leaving: Promise<void> = Promise.resolve();

  constructor(options: TraceDeskOptions) {
    this.#options = options;
  }

  get facts(): TracingFacts | null {
    if (this.#sender === null) return null;
    const { sent, leftOut } = this.#sender.counts;
    return { frames: this.#frames, sent, leftOut, problem: this.#problem ?? this.#sender.lastError };
  }

  /** A detection process that can be told; never rejects. */
  attach(link: DetectionLink): void {
    this.#link = link;
    if (this.#wanted.endpoint !== null) void this.#tell();
  }

  /** The detection process is gone. */
  detectionEnded(): void {
    this.#link = null;
  }

  traced(frame: TracedFrame): void {
    if (this.#sender === null) return;
    this.#frames += 1;
    try {
      this.#sender.add(frame);
    } catch (thrown) {
      this.#problem = toWireError(thrown).message;
    }
  }

  /** Resolves when it is as wanted, or cannot be; never rejects. */
  want(wanted: Wanted): Promise<void> {
    if (wanted.endpoint === this.#wanted.endpoint && wanted.sampleEvery === this.#wanted.sampleEvery)
      return this.#doing;
    const before = this.#wanted;
    this.#wanted = wanted;
    this.#doing = this.#doing.then(() => this.#become(before, wanted));
    return this.#doing;
  }

  /** Sends what is left and ends; what became of the spans, null when none were wanted. */
  async stop(): Promise<TracingFacts | null> {
    const sender = this.#sender;
    const frames = this.#frames;
    await this.want(OFF);
    await this.#leaving;
    return sender === null ? null : { frames, ...sender.counts, problem: sender.lastError };
  }

  async #become(before: Wanted, wanted: Wanted): Promise<void> {
    if (before.endpoint !== wanted.endpoint) {
      const old = this.#sender;
      this.#sender = null;
      this.#problem = null;
      this.#frames = 0;
      // Not waited for: a collector that hangs must not keep the settings from holding.
      if (old !== null) this.#leaving = within(old.stop(), STOP_MS);
      if (wanted.endpoint !== null) await this.#open(wanted.endpoint);
    }
    await this.#tell();
  }

  async #open(endpoint: string): Promise<void> {
    const { version, mask, note } = this.#options;
    try {
      this.#sender = await openSender({ endpoint, version, mask });
      note('info', `spans of sampled frames are sent to ${mask(endpoint)}`);
    } catch (thrown) {
      note('warn', `tracing cannot be switched on: ${toWireError(thrown).message}`);
    }
  }

  async #tell(): Promise<void> {
    const { endpoint, sampleEvery } = this.#wanted;
    const body = { sampleEvery: endpoint === null ? null : sampleEvery };
    try {
      await this.#link?.request('tracing.configure', body, { timeoutMs: APPLY_MS });
    } catch (thrown) {
      this.#options.note('warn', `detection was not told about tracing: ${toWireError(thrown).message}`);
    }
  }
}

/** Resolves when the work is done, fails or takes longer. */
function within(work: Promise<unknown>, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}
