import { labelFamily } from '../tracking/label-vote.ts';
import { anchorOf, type CountedBox, type CountingFrame, type PathPoint } from './anchor.ts';
import type { CountingSettings } from './counting-settings.ts';

/** What the hand-over knows of one track. */
interface Walker {
  trackId: number;
  family: string;
  path: PathPoint[];
  /** The track that continues this one, as far as known. */
  heir: number | null;
  closed: boolean;
}

export type LinkState = 'open' | 'joined' | 'parted';

/** A new track may be an ended one going on: open until the old track is closed (joined) or seen again (parted). */
export interface Link {
  from: number;
  to: number;
  state: LinkState;
}

/** One track's new points in this frame, oldest first, and its link when it has just begun. */
export interface Step {
  trackId: number;
  label: string;
  points: PathPoint[];
  link: Link | null;
}

/** How much of a path's end its speed is measured over. */
const speedMs = 600;

/**
 * Turns the boxes of a frame into path points by track, in time order, and finds for a new track the one it
 * probably continues after an id switch: of the same family, not seen any more, and lately near enough.
 */
export class HandOver {
  private readonly settings: CountingSettings;
  private readonly walkers = new Map<number, Walker>();
  private readonly links = new Map<number, Link>();

  constructor(settings: CountingSettings) {
    this.settings = settings;
  }

  /** `boxes`: current and backfill of a frame. Predicted boxes are no evidence and are left out. */
  steps(boxes: readonly CountedBox[], frame: CountingFrame): Step[] {
    const byTrack = new Map<number, { label: string; points: PathPoint[] }>();
    for (const box of boxes) {
      if (box.origin === 'predicted') continue;
      const entry = byTrack.get(box.trackId) ?? { label: box.label, points: [] };
      entry.points.push(anchorOf(box, this.settings.anchor, frame));
      byTrack.set(box.trackId, entry);
    }
    const steps: Step[] = [];
    for (const [trackId, { label, points }] of [...byTrack].sort(([a], [b]) => a - b)) {
      points.sort((a, b) => a.frame - b.frame);
      const known = this.walkers.get(trackId);
      if (known) this.partHeir(known);
      const link = known ? null : this.linkFor(trackId, label, points);
      const walker = known ?? { trackId, family: labelFamily(label), path: [], heir: null, closed: false };
      walker.path.push(...points);
      const end = points[points.length - 1]?.ptsMs ?? frame.ptsMs;
      while (walker.path.length > 2 && (walker.path[1]?.ptsMs ?? end) < end - speedMs) walker.path.shift();
      this.walkers.set(trackId, walker);
      steps.push({ trackId, label, points, link });
    }
    return steps;
  }

  /** Tells that a track is closed: the link to its heir, when it has one, holds from now on. */
  close(trackId: number): void {
    const walker = this.walkers.get(trackId);
    if (!walker) return;
    walker.closed = true;
    this.rest(trackId);
  }

  /** Tells that a track is out of sight for long: as if closed for its heir, but it may itself go on one day. */
  rest(trackId: number): void {
    const walker = this.walkers.get(trackId);
    if (!walker) return;
    const link = walker.heir ? this.links.get(walker.heir) : undefined;
    if (link?.state === 'open') link.state = 'joined';
  }

  /** Whether another track continues this one. */
  hasHeir(trackId: number): boolean {
    return (this.walkers.get(trackId)?.heir ?? null) !== null;
  }

  /** Forgets closed tracks that nothing can continue any more and returns them. */
  forget(ptsMs: number): number[] {
    const gone: number[] = [];
    for (const [trackId, walker] of this.walkers) {
      const last = walker.path[walker.path.length - 1];
      if (!walker.closed || (last && ptsMs - last.ptsMs <= 2 * this.settings.handOverMs)) continue;
      this.walkers.delete(trackId);
      this.links.delete(trackId);
      gone.push(trackId);
    }
    return gone;
  }

  /** A track that had been taken for ended is seen again: its heir was another object. */
  private partHeir(walker: Walker): void {
    const link = walker.heir ? this.links.get(walker.heir) : undefined;
    if (link?.state === 'open') link.state = 'parted';
    walker.heir = null;
  }

  private linkFor(trackId: number, label: string, points: readonly PathPoint[]): Link | null {
    const first = points[0];
    if (!first) return null;
    let [best, bestDistance]: [Walker | null, number] = [null, 1];
    for (const walker of this.walkers.values()) {
      if (walker.heir || walker.family !== labelFamily(label)) continue;
      const distance = this.distance(walker.path, first);
      if (distance < bestDistance) [best, bestDistance] = [walker, distance];
    }
    if (!best) return null;
    const link: Link = { from: best.trackId, to: trackId, state: best.closed ? 'joined' : 'open' };
    best.heir = trackId;
    this.links.set(trackId, link);
    return link;
  }

  /** Distance of a new track's first point from where the old one is expected, 1 = as far as is believable. */
  private distance(path: readonly PathPoint[], first: PathPoint): number {
    const [from, last] = [path[0], path[path.length - 1]];
    if (!from || !last) return Number.POSITIVE_INFINITY;
    const gapMs = first.ptsMs - last.ptsMs;
    if (first.frame <= last.frame || gapMs > this.settings.handOverMs) return Number.POSITIVE_INFINITY;
    const spanMs = last.ptsMs - from.ptsMs;
    const [vx, vy] = spanMs > 0 ? [(last.x - from.x) / spanMs, (last.y - from.y) / spanMs] : [0, 0];
    const size = Math.max(first.size, last.size);
    const reach = size * (this.settings.handOverReach + (this.settings.handOverSpread * gapMs) / 1000);
    const expected = Math.hypot(first.x - last.x - vx * gapMs, first.y - last.y - vy * gapMs);
    return reach > 0 ? Math.min(expected, Math.hypot(first.x - last.x, first.y - last.y)) / reach : 1;
  }
}
