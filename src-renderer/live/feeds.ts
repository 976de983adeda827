import type { PictureStatus } from '../stores/picture-store.ts';
import { ageOf, rateOf } from './picture-figures.ts';
import { SourceFeed } from './source-feed.ts';

const feeds = new Map<string, SourceFeed>();

/** The feed of a source, made when first asked for. */
export function feedOf(sourceId: string): SourceFeed {
  let feed = feeds.get(sourceId);
  if (feed === undefined) {
    feed = new SourceFeed();
    feeds.set(sourceId, feed);
  }
  return feed;
}

/** Closes the feeds of sources that are gone. */
export function keepFeeds(sourceIds: readonly string[]): void {
  for (const [sourceId, feed] of feeds) {
    if (sourceIds.includes(sourceId)) continue;
    feed.close();
    feeds.delete(sourceId);
  }
}

/** Age and rate of every picture at this moment of page time. */
export function measureFeeds(nowMs: number): Record<string, PictureStatus> {
  const measured: Record<string, PictureStatus> = {};
  for (const [sourceId, feed] of feeds) {
    if (feed.shown === null) continue;
    measured[sourceId] = {
      ageMs: ageOf(feed, nowMs),
      ptsMs: feed.shown.picture.ptsMs,
      fps: rateOf(feed.drawnMs, nowMs),
      origin: feed.shown.origin,
      paint: { ages: feed.painted.ages, overtaken: feed.painted.overtaken, waiting: feed.waiting },
    };
  }
  return measured;
}
