import { RingError } from './errors.ts';
import { type Ack, CommandLink } from './ipc-command.ts';
import type { FrameOf } from './perception-frame.ts';
import type { SectionName } from './perception-layout.ts';
import { PerceptionReader } from './perception-region.ts';
import { findPublishers, type JsonObject, PUBLISHER_FILES, readJson, regionsOf } from './publisher-folder.ts';

/** An answer that always tells its age. */
export interface Reading<T> {
  /** The newest, or the last good one when it could not be read now; null: there never was one. */
  value: T | null;
  /** Since the picture was taken, or the file written; milliseconds. */
  age_ms: number | null;
  /** The one who tells has been silent for 2 s, or is gone: the value is history. */
  stale: boolean;
  /** What went wrong, when something did. */
  warning: string | null;
}

export interface IpcClientOptions {
  /** Of one publishing ivis; the newest of this user when left out. */
  folder?: string;
  /** Where warnings go as they come up. */
  warn?: (text: string) => void;
}

/** Files are written each second. */
const FILE_STALE_MS = 3000;

interface Cached {
  readonly value: FrameOf[SectionName];
  readonly region: string;
}

/** Reads what ivis publishes and sends it commands; the methods are those of OMNISIGHT's client. No call throws. */
export class IpcClient {
  readonly #folder: string | null;
  readonly #warn: (text: string) => void;
  /** By source id; '' is whichever is listed first. */
  readonly #readers = new Map<string, PerceptionReader>();
  readonly #cache = new Map<string, Cached>();
  #commands: { readonly folder: string; readonly link: CommandLink } | null = null;
  #errors = 0;

  constructor({ folder, warn = () => {} }: IpcClientOptions = {}) {
    this.#folder = folder ?? null;
    this.#warn = warn;
  }

  /** Reads that failed so far. */
  get errors(): number {
    return this.#errors;
  }

  get_detections(source_id = ''): Reading<FrameOf['detections']> {
    return this.#read('detections', source_id);
  }

  get_tracks(source_id = ''): Reading<FrameOf['tracks']> {
    return this.#read('tracks', source_id);
  }

  get_timelines(source_id = ''): Reading<FrameOf['timelines']> {
    return this.#read('timelines', source_id);
  }

  get_stats(): Reading<JsonObject> {
    return this.#file(PUBLISHER_FILES.stats);
  }

  get_status(): Reading<JsonObject> {
    return this.#file(PUBLISHER_FILES.status);
  }

  /** Resolves with the acknowledgement, or with an error of our own after `timeout_s`. */
  send_command(type: string, data: JsonObject = {}, timeout_s = 1): Promise<Ack> {
    const folder = this.#publisher() ?? '';
    if (this.#commands?.folder !== folder) {
      this.#commands?.link.close();
      this.#commands = { folder, link: new CommandLink(folder, this.#warn) };
    }
    return this.#commands.link.send(type, data, timeout_s * 1000);
  }

  /** Each check by name; healthy when all are true. */
  async health_check(): Promise<Record<string, boolean>> {
    const status = this.get_status();
    const regions = regionsOf(status.value);
    const fresh = regions.every(({ source_id }) => !this.get_tracks(source_id).stale);
    const { status: hello } = await this.send_command('HELLO');
    return {
      publisher: !status.stale,
      stats: !this.get_stats().stale,
      regions: regions.length > 0,
      frames: regions.length > 0 && fresh,
      commands: hello === 'success',
    };
  }

  close(): void {
    for (const reader of this.#readers.values()) reader.close();
    this.#readers.clear();
    this.#cache.clear();
    this.#commands?.link.close();
    this.#commands = null;
  }

  #publisher(): string | null {
    return this.#folder ?? findPublishers()[0] ?? null;
  }

  #file(name: string): Reading<JsonObject> {
    const folder = this.#publisher();
    const value = folder === null ? null : readJson(folder, name);
    if (value === null)
      return { value, age_ms: null, stale: true, warning: 'no data: ivis does not publish' };
    const age_ms = typeof value.timestamp === 'number' ? Math.max(0, Date.now() - value.timestamp) : null;
    const stale = age_ms === null || age_ms > FILE_STALE_MS;
    return { value, age_ms, stale, warning: stale ? `${name} was written ${age_ms} ms ago` : null };
  }

  /** The reader of a source's region; a new one when the region ended, fell silent or is not known yet. */
  #reader(source_id: string): PerceptionReader | null {
    const known = this.#readers.get(source_id);
    if (known !== undefined && known.state().state === 'live') return known;
    const folder = this.#publisher();
    const listed = folder === null ? [] : regionsOf(readJson(folder, PUBLISHER_FILES.status));
    const wanted = listed.filter((each) => source_id === '' || each.source_id === source_id).at(-1);
    if (wanted === undefined || wanted.region === known?.name) return known ?? null;
    try {
      const reader = new PerceptionReader(wanted.region);
      known?.close();
      this.#readers.set(source_id, reader);
      return reader;
    } catch (thrown) {
      this.#fault(`${wanted.region}: ${thrown instanceof RingError ? thrown.kind : String(thrown)}`);
      return known ?? null;
    }
  }

  #read<K extends SectionName>(section: K, source_id: string): Reading<FrameOf[K]> {
    const reader = this.#reader(source_id);
    if (reader === null)
      return this.#last(section, source_id, true, 'no data: ivis publishes no such source');
    const read = reader.read(section);
    const { state, silenceMs } = reader.state();
    const stale = state === 'stale';
    if (read.result === 'ok') {
      this.#cache.set(`${section} ${source_id}`, { value: read.frame, region: reader.name });
      const ended = state === 'closed' ? 'the run has ended: this is its last frame' : null;
      const warning = stale ? `the publisher has been silent for ${Math.round(silenceMs)} ms` : ended;
      return { value: read.frame, age_ms: ageOf(read.frame), stale, warning };
    }
    if (read.result === 'no-data') return this.#last(section, source_id, stale, 'nothing is published yet');
    this.#fault(`${section} of ${reader.name}: ${read.result}`);
    if (read.result === 'bad-magic' || read.result === 'bad-version') {
      // Not what we mapped any more: begin anew with the next call.
      reader.close();
      this.#readers.delete(source_id);
    }
    return this.#last(section, source_id, stale, `${read.result}: this is the last good value`);
  }

  #last<K extends SectionName>(
    section: K,
    source_id: string,
    stale: boolean,
    warning: string,
  ): Reading<FrameOf[K]> {
    const cached = this.#cache.get(`${section} ${source_id}`);
    if (cached === undefined) return { value: null, age_ms: null, stale, warning };
    // The key holds the section, so the value is of its kind.
    const value = cached.value as FrameOf[K];
    return { value, age_ms: ageOf(value), stale, warning };
  }

  #fault(text: string): void {
    this.#errors += 1;
    this.#warn(text);
  }
}

function ageOf({ timestamp_ms }: { timestamp_ms: number }): number {
  return Math.max(0, Date.now() - timestamp_ms);
}
