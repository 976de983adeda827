import type { readGaps } from './run-database.ts';

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

const STEP_MS = 100;

/**
 * The stretches of `whole` that lie in none of `gaps` and within `graceMs` of none of `frames` (moments at which
 * frames were told to be looked at): time of which nothing is known. Wall clock, milliseconds.
 */
export function unaccounted(
  whole: Stretch,
  gaps: ReturnType<typeof readGaps>,
  frames: readonly number[],
  graceMs: number,
): Stretch[] {
  const lost: Stretch[] = [];
  for (let ms = whole.fromMs; ms < whole.toMs; ms += STEP_MS) {
    if (gaps.some(({ fromWallMs, toWallMs }) => fromWallMs <= ms && ms <= (toWallMs ?? whole.toMs))) continue;
    if (frames.some((frameMs) => Math.abs(frameMs - ms) <= graceMs)) continue;
    const last = lost.at(-1);
    if (last !== undefined && ms - last.toMs <= STEP_MS) lost[lost.length - 1] = { ...last, toMs: ms };
    else lost.push({ fromMs: ms, toMs: ms });
  }
  return lost;
}

/** The frames that came deeper than `graceMs` inside a gap: time that was called a hole and was none. */
export function seenInGaps(
  gaps: ReturnType<typeof readGaps>,
  frames: readonly number[],
  graceMs: number,
): number[] {
  return frames.filter((ms) =>
    gaps.some(
      ({ fromWallMs, toWallMs }) =>
        ms > fromWallMs + graceMs && ms < (toWallMs ?? Number.POSITIVE_INFINITY) - graceMs,
    ),
  );
}
