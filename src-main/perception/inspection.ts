import {
  FRAME_BYTES,
  type FrameRead,
  findPublishers,
  IpcClient,
  PerceptionReader,
  publisherBase,
  regionsOf,
  SECTION_NAMES,
  type SectionName,
} from '#native';

/** One kind of frame of a region, read many times over a while. */
export interface InspectedSection {
  readonly section: SectionName;
  readonly sequence: number;
  readonly hz: number;
  readonly bytesPerS: number;
  readonly frameId: number | null;
  readonly ageMs: number | null;
  readonly objects: number;
  readonly reads: number;
  /** Reads that gave no frame, by reason; 'no-data' is not an error. */
  readonly errors: Readonly<Record<string, number>>;
}

export interface InspectedRegion {
  readonly region: string;
  readonly sourceId: string;
  readonly runId: number;
  readonly state: 'live' | 'stale' | 'closed' | 'missing';
  readonly silenceMs: number | null;
  readonly sections: readonly InspectedSection[];
  /** The first 320 bytes as they are, in hexadecimal. */
  readonly head: string;
}

export interface InspectedPublisher {
  readonly folder: string;
  readonly pid: number | null;
  readonly statusAgeMs: number | null;
  readonly statsAgeMs: number | null;
  readonly commands: boolean;
  readonly regions: readonly InspectedRegion[];
}

export interface Inspection {
  readonly folder: string;
  readonly healthy: boolean;
  readonly publishers: readonly InspectedPublisher[];
}

const STEP_MS = 20;

/** Looks at everything published under a folder (by default: of this user) for `forMs`; changes nothing. */
export async function inspect(folder: string | null, forMs: number): Promise<Inspection> {
  const publishers: InspectedPublisher[] = [];
  for (const each of findPublishers(folder ?? publisherBase())) {
    publishers.push(await inspectPublisher(each, forMs));
  }
  const healthy = publishers.every(
    ({ commands, regions }) =>
      commands &&
      regions.every(
        ({ state, sections }) =>
          (state === 'live' || state === 'closed') &&
          sections.every(({ errors }) => Object.keys(errors).length === 0),
      ),
  );
  return { folder: folder ?? publisherBase(), healthy, publishers };
}

async function inspectPublisher(folder: string, forMs: number): Promise<InspectedPublisher> {
  const client = new IpcClient({ folder });
  try {
    const status = client.get_status();
    const pid = status.value?.pid;
    const regions: InspectedRegion[] = [];
    for (const { region, source_id, run_id } of regionsOf(status.value)) {
      regions.push(await inspectRegion(region, source_id, run_id, forMs));
    }
    const { status: answer } = await client.send_command('HELLO');
    return {
      folder,
      pid: typeof pid === 'number' ? pid : null,
      statusAgeMs: status.age_ms,
      statsAgeMs: client.get_stats().age_ms,
      commands: answer === 'success',
      regions,
    };
  } finally {
    client.close();
  }
}

async function inspectRegion(
  region: string,
  sourceId: string,
  runId: number,
  forMs: number,
): Promise<InspectedRegion> {
  let reader: PerceptionReader;
  try {
    reader = new PerceptionReader(region);
  } catch {
    return { region, sourceId, runId, state: 'missing', silenceMs: null, sections: [], head: '' };
  }
  try {
    const before = reader.state().published;
    const tallies = SECTION_NAMES.map((section) => new SectionTally(section));
    const beganMs = performance.now();
    do {
      for (const tally of tallies) tally.look(reader);
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    } while (performance.now() - beganMs < forMs);
    const { state, silenceMs, published } = reader.state();
    const seconds = (performance.now() - beganMs) / 1000;
    const sections = tallies.map((tally) =>
      tally.result(published[tally.section], (published[tally.section] - before[tally.section]) / seconds),
    );
    return { region, sourceId, runId, state, silenceMs, sections, head: reader.head().toString('hex') };
  } finally {
    reader.close();
  }
}

class SectionTally {
  readonly section: SectionName;
  readonly #errors: Partial<Record<FrameRead, number>> = {};
  #reads = 0;
  #newest: { frameId: number; timestampMs: number; objects: number } | null = null;

  constructor(section: SectionName) {
    this.section = section;
  }

  look(reader: PerceptionReader): void {
    this.#reads += 1;
    const read = reader.read(this.section);
    if (read.result === 'no-data') return;
    if (read.result !== 'ok') {
      this.#errors[read.result] = (this.#errors[read.result] ?? 0) + 1;
      return;
    }
    const { frame } = read;
    const objects =
      'detections' in frame
        ? frame.detections.length
        : 'tracks' in frame
          ? frame.tracks.length
          : (frame.timelines[0]?.objects.length ?? 0);
    this.#newest = { frameId: frame.frame_id, timestampMs: frame.timestamp_ms, objects };
  }

  result(sequence: number, hz: number): InspectedSection {
    const newest = this.#newest;
    return {
      section: this.section,
      sequence,
      hz,
      bytesPerS: hz * FRAME_BYTES[this.section],
      frameId: newest?.frameId ?? null,
      ageMs: newest === null ? null : Math.max(0, Date.now() - newest.timestampMs),
      objects: newest?.objects ?? 0,
      reads: this.#reads,
      errors: this.#errors,
    };
  }
}
