import type { AppState } from '#shared/domain/app-state.ts';
import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { SourceView } from '#shared/domain/source.ts';
import type { Broken } from './invariants.ts';

/**
 * Frames that a source leaves out by its own choice, and those that a busy machine was too slow for: how many there are
 * is the machine's doing and no other source's.
 */
const CHOSEN: ReadonlySet<DropReason> = new Set(['sampled', 'newer-frame', 'overwritten']);

/**
 * I5 for the sources that a fault does not concern: the same run, LIVE, no new gap, and no frame lost but by their own
 * choice. All of it is told by the program of itself; how many pictures a camera sends on a busy machine is not, so
 * rates are not compared. `struck`: the source that was hit; null: none of them was.
 */
export function brokenOthers(before: AppState, after: AppState, struck: string | null): Broken[] {
  return before.sources.flatMap((source) => {
    if (source.sourceId === struck || source.state !== 'LIVE') return [];
    const now = after.sources.find(({ sourceId }) => sourceId === source.sourceId);
    return now === undefined ? [] : disturbances(source, now).map((what): Broken => `I5: ${what}`);
  });
}

function disturbances(before: SourceView, now: SourceView): string[] {
  const { sourceId, runId } = before;
  if (now.runId !== runId) return [`${sourceId} began anew: run ${runId} became ${now.runId}`];
  const told: string[] = [];
  if (now.state !== 'LIVE') told.push(`${sourceId} is ${now.state}`);
  const known = new Set(before.live?.gaps.map(({ fromWallMs }) => fromWallMs));
  const gaps = (now.live?.gaps ?? []).filter(({ fromWallMs }) => !known.has(fromWallMs));
  for (const { cause } of gaps) told.push(`${sourceId} has a gap: ${cause}`);
  const [then, last] = [before.progress, now.progress];
  if (then === null || last === null) return told;
  for (const [reason, frames] of Object.entries(last.ledger.dropped)) {
    const more = (frames ?? 0) - (then.ledger.dropped[reason as DropReason] ?? 0);
    if (more > 0 && !CHOSEN.has(reason as DropReason))
      told.push(`${sourceId} lost ${more} frames: ${reason}`);
  }
  return told;
}
