import type { DrainStep } from './drain.ts';

/**
 * How ivis ends (kvs-infer B8.1): its steps in their order, each with the milliseconds it may take. A step that is late
 * is left behind, so that a disk that is full or a process that hangs costs its own step only.
 */
const limitsMs = {
  'stop looking around': 1000,
  'let the keeper of recordings finish': 2000,
  'break off a recount': 3000,
  'keep the list of sources': 1000,
  // A camera lets go at once; its rows and the end of its run wait for a database that may take nothing.
  'stop sources': 8000,
  'close pages and settings': 3000,
  'stop capture': 6000,
  'flush rows': 6000,
  'tell the final counters': 1000,
  'close the database': 9000,
  'stop publishing': 3000,
  'mark the end': 1000,
} as const;
export type DrainName = keyof typeof limitsMs;

/** All steps together. Below the half minute that systems wait before they kill. */
export const DRAIN_MS = 28_000;

/** The steps in their order, with who does them. */
export function drainSteps(acts: Readonly<Record<DrainName, DrainStep['run']>>): DrainStep[] {
  const names = Object.keys(limitsMs) as DrainName[];
  return names.map((name) => ({ name, limitMs: limitsMs[name], run: acts[name] }));
}
