import { PerceptionWriter, unlinkRing } from '#native';
import type { PublishSettings } from '#shared/domain/perception.ts';
import type { AcceptedFrame } from '../run-reports.ts';
import { type PublishedSource, SourcePublisher } from './source-publisher.ts';

/** Well under the 2 s after which a silent region is stale, with room for a slow inference. */
const BEAT_MS = 400;

export interface PublishingEvents {
  opened(source: PublishedSource, region: string): void;
  closed(region: string): void;
  /** A region could not be made or written: the run goes on without it. */
  failed(sourceId: string, thrown: unknown): void;
}

interface Order {
  readonly prefix: string;
  readonly settings: PublishSettings;
}

/** The regions of this process: off until main orders it. Nothing here ever fails a run. */
export class Publishing {
  readonly #events: PublishingEvents;
  readonly #monoMs: () => number;
  readonly #schedule: (delayMs: number, fire: () => void) => unknown;
  readonly #publishers = new Set<SourcePublisher>();
  #order: Order | null = null;
  #made = 0;

  constructor(
    events: PublishingEvents,
    monoMs: () => number,
    schedule: (delayMs: number, fire: () => void) => unknown,
  ) {
    this.#events = events;
    this.#monoMs = monoMs;
    this.#schedule = schedule;
  }

  configure(prefix: string, settings: PublishSettings): void {
    const first = this.#order === null;
    this.#order = { prefix, settings };
    if (first) this.#schedule(BEAT_MS, () => this.#beat());
  }

  /** A region for a run that begins, or null when nothing is to be published or no region could be made. */
  open(source: PublishedSource): SourcePublisher | null {
    const order = this.#order;
    if (order === null) return null;
    this.#made += 1;
    const name = `${order.prefix}${this.#made.toString(36)}`;
    try {
      const region = new PerceptionWriter(name, source.sourceId, source.runId);
      const settings = (): PublishSettings => this.#order?.settings ?? order.settings;
      const publisher = new SourcePublisher(source, region, settings, this.#monoMs);
      this.#publishers.add(publisher);
      this.#events.opened(source, name);
      return publisher;
    } catch (thrown) {
      this.#events.failed(source.sourceId, thrown);
      return null;
    }
  }

  /** Tells of a processed frame; a region that cannot be written is given up. */
  publish(publisher: SourcePublisher, frame: AcceptedFrame): void {
    if (!this.#publishers.has(publisher)) return;
    try {
      publisher.take(frame);
    } catch (thrown) {
      this.#events.failed(publisher.source.sourceId, thrown);
      this.close(publisher);
    }
  }

  /** Ends a region: readers see it closed, and its name goes. */
  close(publisher: SourcePublisher): void {
    if (!this.#publishers.delete(publisher)) return;
    publisher.close();
    unlinkRing(publisher.region.name);
    this.#events.closed(publisher.region.name);
  }

  closeAll(): void {
    for (const publisher of [...this.#publishers]) this.close(publisher);
  }

  /** Predicts anew for one source, or for all when null; how many regions that were. */
  refresh(sourceId: string | null): number {
    const wanted = [...this.#publishers].filter(
      ({ source }) => sourceId === null || source.sourceId === sourceId,
    );
    return wanted.filter((publisher) => publisher.refresh()).length;
  }

  #beat(): void {
    for (const publisher of this.#publishers) publisher.beat();
    this.#schedule(BEAT_MS, () => this.#beat());
  }
}
