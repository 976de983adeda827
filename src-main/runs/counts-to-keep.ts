import { isDeepStrictEqual } from 'node:util';
import type { RunSettings } from '#shared/domain/run.ts';
import type { LiveCounts } from './live-counts.ts';

interface Named {
  readonly name: string;
}

/** What decides of every count; the rest decides of single lines and zones, or of none. */
export function decisive(settings: RunSettings): Partial<RunSettings> {
  const { rate, evidence, keepRawDetections, lines, zones, gates, picture, ...rest } = settings;
  return rest;
}

/** Names of what is the same in both. */
export function unchanged(before: readonly Named[], after: readonly Named[]): Set<string> {
  const same = before.filter((each) => after.some((other) => isDeepStrictEqual(each, other)));
  return new Set(same.map(({ name }) => name));
}

const both = (a: ReadonlySet<string> | null, b: ReadonlySet<string>): Set<string> =>
  new Set([...b].filter((name) => a?.has(name) ?? true));

/** What of the counts so far goes on in the next run, over any number of changes of the settings. */
export class CountsToKeep {
  /** Nothing does: with other classes, say, they would be neither's. */
  none = false;
  #lines: ReadonlySet<string> | null = null;
  #zones: ReadonlySet<string> | null = null;
  #all: readonly string[] = [];

  changed(before: RunSettings, after: RunSettings): void {
    const drawnOn = before.picture ?? after.picture;
    this.none ||=
      !isDeepStrictEqual(decisive(before), decisive(after)) || !isDeepStrictEqual(drawnOn, after.picture);
    this.#lines = both(this.#lines, unchanged(before.lines, after.lines));
    this.#all = after.lines.map(({ name }) => name);
    this.#zones = both(this.#zones, unchanged(before.zones, after.zones));
  }

  /** The next run begins: nothing is asked of these counts any more. */
  applyTo(counts: LiveCounts, wallMs: number): void {
    if (!this.none && this.#lines !== null && this.#zones !== null)
      counts.keepOnly(this.#lines, this.#zones, this.#all, wallMs);
    this.none = false;
    this.#lines = null;
    this.#zones = null;
  }
}
