/** Media time reached after so much real time of the run. */
export interface SpeedSample {
  readonly ptsMs: number;
  readonly elapsedMs: number;
}

const WINDOW_MS = 5000;
/** Less than this says nothing about speed. */
const SHORTEST_MS = 500;

/** `samples` with `next` added and what is older than the window left out; a step back in time starts anew. */
export function addSample(samples: readonly SpeedSample[], next: SpeedSample): readonly SpeedSample[] {
  const last = samples.at(-1);
  if (last !== undefined && (next.elapsedMs < last.elapsedMs || next.ptsMs < last.ptsMs)) return [next];
  if (last !== undefined && next.elapsedMs === last.elapsedMs) return samples;
  return [...samples.filter((sample) => sample.elapsedMs >= next.elapsedMs - WINDOW_MS), next];
}

/** Media time per real time over the window; null while it is too short to say. */
export function speedOf(samples: readonly SpeedSample[]): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.elapsedMs - first.elapsedMs < SHORTEST_MS)
    return null;
  return (last.ptsMs - first.ptsMs) / (last.elapsedMs - first.elapsedMs);
}
