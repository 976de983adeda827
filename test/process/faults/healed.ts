import { expect } from 'vitest';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Gap, GapCause } from '#shared/domain/gap.ts';
import type { LiveStatus } from '#shared/domain/live-state.ts';

/** A live source as a test sees it, of either rig. */
interface Watched {
  readonly status: LiveStatus | null;
  readonly frames: readonly FrameDescriptor[];
  readonly gaps: readonly Gap[];
  until(what: string, reached: () => boolean, limitMs?: number): Promise<unknown>;
}

const MORE_FRAMES = 15;

/**
 * Waits until what was struck is well again: LIVE by itself, frames coming, every hole closed under the cause it had,
 * and no frame counted inside of one.
 */
export async function expectHealed(
  rig: Watched,
  causes: readonly GapCause[],
  limitMs = 25_000,
): Promise<void> {
  await rig.until('LIVE again', () => rig.status?.state === 'LIVE', limitMs);
  const wanted = rig.frames.length + MORE_FRAMES;
  await rig.until('frames again', () => rig.frames.length >= wanted, limitMs);
  expect(rig.status).toMatchObject({ state: 'LIVE', cause: null, attempt: 0 });
  expect(rig.gaps.map(({ cause }) => cause)).toEqual(causes);
  for (const { fromWallMs, toWallMs } of rig.gaps) expect(toWallMs).toBeGreaterThanOrEqual(fromWallMs);
  const last = rig.gaps.at(-1);
  const after = rig.frames.find(({ ptsMs }) => ptsMs === last?.toPtsMs);
  // The picture that ended the hole is counted, and marked as one that does not follow the one before.
  expect(after).toBeDefined();
  if (after !== rig.frames[0]) expect(after?.discontinuity).toBe(true);
  for (const { fromPtsMs, toPtsMs } of rig.gaps) {
    if (fromPtsMs === null || toPtsMs === null) continue;
    expect(rig.frames.filter(({ ptsMs }) => ptsMs !== null && ptsMs > fromPtsMs && ptsMs < toPtsMs)).toEqual(
      [],
    );
  }
}
