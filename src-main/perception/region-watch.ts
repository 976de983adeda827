import { PerceptionReader, SECTION_NAMES, type SectionName } from '#native';
import type { BadRead, RegionView } from './reports.ts';

interface Watched {
  readonly sourceId: string;
  readonly runId: number;
  readonly zones: readonly string[];
  readonly reader: PerceptionReader | null;
  last: { readonly atMs: number; readonly published: Record<SectionName, number> };
  hz: Record<SectionName, number>;
  readonly errors: Partial<Record<BadRead, number>>;
  /** Number of the publication that was counted as bad last, by kind. */
  readonly counted: Partial<Record<SectionName, number>>;
  lastBad: { readonly result: BadRead; readonly atMs: number } | null;
}

/** Rates over less than this would be guesses. */
const RATE_MS = 900;

const none = (): Record<SectionName, number> => ({ detections: 0, tracks: 0, timelines: 0 });

/** The regions that were announced, read the way every other program reads them. */
export class RegionWatch {
  readonly #regions = new Map<string, Watched>();

  /** Throws nothing: a region that cannot be opened is told as missing. */
  opened(region: string, sourceId: string, runId: number, zones: readonly string[], monoMs: number): void {
    this.closed(region);
    let reader: PerceptionReader | null = null;
    try {
      reader = new PerceptionReader(region);
    } catch {
      // Its state says so.
    }
    const last = { atMs: monoMs, published: none() };
    this.#regions.set(region, {
      sourceId,
      runId,
      zones,
      reader,
      last,
      hz: none(),
      errors: {},
      counted: {},
      lastBad: null,
    });
  }

  closed(region: string): void {
    this.#regions.get(region)?.reader?.close();
    this.#regions.delete(region);
  }

  /** Forgets all and returns their names. */
  clear(): string[] {
    const names = [...this.#regions.keys()];
    for (const name of names) this.closed(name);
    return names;
  }

  /** Each region as it is now; rates are of about the last second. */
  look(monoMs: number): RegionView[] {
    return [...this.#regions].map(([region, watched]) => {
      const { sourceId, runId, zones, reader, last } = watched;
      if (reader !== null) check(watched, reader, monoMs);
      const { errors, lastBad } = watched;
      const bad = lastBad === null ? null : { result: lastBad.result, agoMs: monoMs - lastBad.atMs };
      const facts = { region, sourceId, runId, zones, errors, bad };
      if (reader === null) {
        return { ...facts, state: 'missing', silenceMs: null, published: none(), hz: none() };
      }
      const { state, silenceMs, published } = reader.state();
      const elapsedMs = monoMs - last.atMs;
      if (elapsedMs >= RATE_MS) {
        const rate = (name: SectionName) => ((published[name] - last.published[name]) * 1000) / elapsedMs;
        watched.hz = none();
        for (const name of SECTION_NAMES) watched.hz[name] = rate(name);
        watched.last = { atMs: monoMs, published: { ...published } };
      }
      return { ...facts, state, silenceMs, published, hz: watched.hz };
    });
  }
}

/** Reads each kind of frame once, checks and all. */
function check(watched: Watched, reader: PerceptionReader, monoMs: number): void {
  const { published } = reader.state();
  for (const section of SECTION_NAMES) {
    const { result } = reader.read(section);
    if (result === 'ok' || result === 'no-data' || result === 'torn') continue;
    watched.lastBad = { result, atMs: monoMs };
    // Looked at again, a bad frame is still one.
    if (watched.counted[section] === published[section]) continue;
    watched.counted[section] = published[section];
    watched.errors[result] = (watched.errors[result] ?? 0) + 1;
  }
}
