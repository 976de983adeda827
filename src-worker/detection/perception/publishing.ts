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

/** A run as far as it is published. */
export interface FollowedRun {
  accepted(frame: AcceptedFrame): void;
  end(): void;
}

/** The regions of this process: off until main orders it. Nothing here ever fails a run. */
export class Publishing {
  readonly #events: PublishingEvents;
  readonly #monoMs: () => number;
  readonly #schedule: (delayMs: number, fire: () => void) => unknown;
  readonly #publishers = new Set<SourcePublisher>();
  /** Runs whose region could not be made or written: they go on without one. */
  readonly #givenUp = new Set<number>();
  #order: Order | null = null;
  #beating = false;
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

  /** `prefix` null: publishes nothing from now on, and every region is closed. */
  configure(prefix: string | null, settings: PublishSettings): void {
    this.#order = prefix === null ? null : { prefix, settings };
    this.#givenUp.clear();
    if (prefix === null) this.closeAll();
    else if (!this.#beating) {
      this.#beating = true;
      this.#schedule(BEAT_MS, () => this.#beat());
    }
  }

  /** Publishes a run as long as that is wanted: from its beginning, or from the frame after somebody wants it. */
  follow(source: PublishedSource): FollowedRun {
    let publisher = this.open(source);
    return {
      accepted: (frame) => {
        if (publisher === null || !this.#publishers.has(publisher)) publisher = this.open(source);
        if (publisher !== null) this.publish(publisher, frame);
      },
      end: () => {
        if (publisher !== null) this.close(publisher);
        this.#givenUp.delete(source.runId);
      },
    };
  }

  /** A region for a run that begins, or null when nothing is to be published or no region could be made. */
  open(source: PublishedSource): SourcePublisher | null {
    const order = this.#order;
    if (order === null || this.#givenUp.has(source.runId)) return null;
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
      this.#givenUp.add(source.runId);
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
      this.#givenUp.add(publisher.source.runId);
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
