import type { LiveRig } from './live-rig.ts';

/** What is known of a source at a moment, to be compared with a later one. */
export interface Mark {
  readonly frames: number;
  readonly states: number;
  readonly gaps: number;
  readonly dropped: number;
  readonly rings: number;
  readonly torn: number;
  readonly atMs: number;
}

export const mark = (rig: LiveRig): Mark => ({
  frames: rig.frames.length,
  states: rig.states.length,
  gaps: rig.gaps.length,
  dropped: rig.dropped,
  rings: rig.rings.length,
  torn: rig.tornReads.length,
  atMs: performance.now(),
});

/**
 * I5 for a source that a fault does not concern: since the mark it stayed LIVE, had no hole, left nothing out, lost no
 * number, jumped nowhere in time, and its pictures are as far apart as those of the camera are.
 */
export function disturbances(rig: LiveRig, since: Mark, fps: number): string[] {
  const told: string[] = [];
  const now = mark(rig);
  if (rig.status?.state !== 'LIVE') told.push(`it is ${rig.status?.state}`);
  if (now.states > since.states) told.push(`it went through ${rig.path(since.states).join(' ')}`);
  if (now.gaps > since.gaps) told.push(`it has a gap: ${rig.gaps.at(-1)?.cause}`);
  if (now.dropped > since.dropped) told.push(`it left out ${now.dropped - since.dropped} pictures`);
  if (now.rings > since.rings) told.push('it has another ring');
  const frames = rig.frames.slice(since.frames);
  const seqs = new Set(frames.map(({ seq }) => seq));
  const lost = (frames.at(-1)?.seq ?? 0) - (frames[0]?.seq ?? 0) + 1 - seqs.size;
  if (frames.length < 2 || lost > 0) told.push(`of ${frames.length} pictures ${lost} are missing`);
  if (frames.some(({ discontinuity }) => discontinuity === true)) told.push('its time jumped');
  // Whole, or written over where the machine was too slow to look.
  if (rig.tornReads.length > since.torn)
    told.push(`${rig.tornReads.length - since.torn} pictures could not be read`);
  const spanMs = (frames.at(-1)?.ptsMs ?? 0) - (frames[0]?.ptsMs ?? 0);
  const apartMs = spanMs / Math.max(1, frames.length - 1);
  if (Math.abs(apartMs - 1000 / fps) > 100 / fps)
    told.push(`its pictures are ${apartMs.toFixed(1)} ms apart`);
  return told;
}
