import type { RunMode } from '#shared/domain/run.ts';
import type { SourceFeed } from './source-feed.ts';

/**
 * A picture of a source that is going on and is older than this is shown as old. While analysing, a picture waits for
 * its boxes behind the frames in the ring, so that on a slow computer a second is nothing unusual.
 */
export const STALE_MS: Readonly<Record<RunMode, number>> = { play: 1000, live: 1000, analyse: 3000 };

/** Milliseconds since the frame on show was decoded; null when there is none. */
export function ageOf(feed: Pick<SourceFeed, 'shown' | 'clock'>, nowMs: number): number | null {
  return feed.shown === null ? null : feed.clock.ageMs(feed.shown.picture.payload.monoMs, nowMs);
}

/** Pictures per second over the last two seconds. */
export function rateOf(drawnMs: readonly number[], nowMs: number): number {
  return drawnMs.filter((drawn) => drawn > nowMs - 2000).length / 2;
}
