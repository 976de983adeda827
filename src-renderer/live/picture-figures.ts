import type { RunMode } from '#shared/domain/run.ts';
import type { SourceView } from '#shared/domain/source.ts';
import type { SourceFeed } from './source-feed.ts';

/**
 * A picture of a source that is going on and is older than this is shown as old. While analysing, a picture waits for
 * its boxes behind the frames in the ring, so that on a slow computer a second is nothing unusual.
 */
export const STALE_MS: Readonly<Record<RunMode, number>> = { play: 1000, live: 1000, analyse: 3000 };

/** A camera that sends rarely has old pictures between its pictures: so many of its own intervals are still fresh. */
const FRESH_INTERVALS = 2.5;

/** When the picture of a source counts as old, milliseconds. */
export function staleMs(source: SourceView): number {
  const fps = source.live?.status.fps ?? 0;
  const own = fps > 0 ? (FRESH_INTERVALS * 1000) / fps : 0;
  return Math.max(STALE_MS[source.settings.mode], own);
}

/** Milliseconds since the frame on show was decoded; null when there is none. */
export function ageOf(feed: Pick<SourceFeed, 'shown' | 'clock'>, nowMs: number): number | null {
  return feed.shown === null ? null : feed.clock.ageMs(feed.shown.picture.payload.monoMs, nowMs);
}

/** Pictures per second over the last two seconds. */
export function rateOf(drawnMs: readonly number[], nowMs: number): number {
  return drawnMs.filter((drawn) => drawn > nowMs - 2000).length / 2;
}
