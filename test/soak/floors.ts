import { floorsOf, type Sample } from './slope.ts';

/** One look at a running ivis. */
export interface MemorySample {
  readonly atMs: number;
  /** Main and the page collected what they do not use just before. */
  readonly collected: boolean;
  /** Bytes that the processes of each kind hold for themselves. */
  readonly own: ReadonlyMap<string, number>;
}

/** Collect when they are asked to; the other processes do when they like. */
const COLLECTING: ReadonlySet<string> = new Set(['main', 'renderer']);

/** What the processes of each kind held at least in each of so many stretches of time, bytes. */
export function floorsByKind(samples: readonly MemorySample[], stretches: number): Map<string, Sample[]> {
  const kinds = new Set(samples.flatMap(({ own }) => [...own.keys()]));
  const floors = new Map<string, Sample[]>();
  for (const kind of kinds) {
    const looked = samples.filter(({ collected }) => collected || !COLLECTING.has(kind));
    const held = looked.map(({ atMs, own }) => ({ atMs, value: own.get(kind) ?? 0 }));
    floors.set(kind, floorsOf(held, stretches));
  }
  return floors;
}

/** All kinds together, stretch by stretch. */
export function floorsTogether(floors: ReadonlyMap<string, readonly Sample[]>): Sample[] {
  const all = [...floors.values()];
  const [first = []] = all;
  return first.map(({ atMs }, n) => ({
    atMs,
    value: all.reduce((sum, samples) => sum + (samples[n]?.value ?? 0), 0),
  }));
}
