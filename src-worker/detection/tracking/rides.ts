import { type Box, clampBox } from '#shared/domain/box.ts';
import { centreX, centreY, shifted } from './box-points.ts';
import type { FollowedBox } from './followed-box.ts';
import { labelFamily } from './label-vote.ts';
import type { Observation } from './observation.ts';
import { edgePx, type Picture } from './partial-box.ts';
import type { Track } from './track.ts';

const rider = 'person';
const ridden = labelFamily('bicycle');

/** The families that must be followed for objects of `families` to be counted well: who rides with what is ridden. */
export function withRiders(families: ReadonlySet<string>): ReadonlySet<string> {
  return families.has(ridden) ? new Set([...families, rider]) : families;
}

export function isRider({ family }: Track): boolean {
  return family === rider;
}

/** A vehicle must have moved this far (sizes) with its rider before they are known to belong together. */
const leastWay = 0.25;
/** The rider's way, and each change of the box's size, may differ from the vehicle's way by this share of it. */
const wayTolerance = 0.5;
/** Found together in so many frames. */
const leastTogether = 3;
/** So long it is waited for the way to get long enough. */
const waitMs = 600;
/** Going back, the rider must have gone at this share of the speed of the two, over so long at a time. */
const leastSpeedShare = 0.35;
const speedMs = 400;
/** A hole in what was seen of the rider that is not bridged. */
const holeMs = 500;
/** How far beyond the sides of the vehicle (widths) the middle of its rider may be. */
const besideShare = 0.15;

interface Shift {
  dx: number;
  dy: number;
}

/** Where a rider was found, how far it had gone since the time before, and whether on a vehicle already known. */
interface Stop {
  seen: Pick<Observation, 'frame' | 'ptsMs' | 'box' | 'whole'>;
  step: Shift;
  mounted: boolean;
}

/**
 * Knows the ways of people lately, to tell the beginning of what they ride. A bicycle in the distance or seen from
 * the front is often found long after its rider; found on a person and moving as one with that person, it did not
 * begin there. What stands, or passes a walker, has another way than the walker.
 */
export class Rides {
  private readonly paths = new WeakMap<Track, Stop[]>();
  private readonly lookBackMs: number;
  private picture: Picture = { width: 0, height: 0 };

  constructor(lookBackMs: number) {
    this.lookBackMs = lookBackMs;
  }

  /** Notes where the people of this frame were found. `bridged`: boxes of earlier frames learnt only now. */
  note(tracks: readonly Track[], bridged: readonly FollowedBox[], ptsMs: number, picture: Picture): void {
    this.picture = picture;
    const known = tracks.filter(
      ({ family, id, last }) => family === ridden && id > 0 && last.ptsMs === ptsMs,
    );
    for (const track of tracks) {
      if (track.family !== rider || track.last.ptsMs !== ptsMs) continue;
      const path = this.paths.get(track) ?? [];
      const between = bridged.filter(({ trackId }) => trackId === track.id);
      for (const seen of [...between, track.last]) {
        const mounted = known.some(({ last: { box } }) => sitsOn(seen.box, box));
        path.push({ seen, step: this.stepTo(seen, path), mounted });
      }
      while ((path[0]?.seen.ptsMs ?? ptsMs) < ptsMs - this.lookBackMs - waitMs) path.shift();
      this.paths.set(track, path);
    }
  }

  /** Notes the whole way of a person that is followed from now on. */
  began(track: Track, boxes: readonly FollowedBox[]): void {
    if (track.family !== rider) return;
    const path: Stop[] = [];
    const known = new Map(this.paths.get(track)?.map(({ seen, mounted }) => [seen.frame, mounted]));
    const all = [...boxes].sort((a, b) => a.frame - b.frame);
    for (const seen of [...all, track.last]) {
      path.push({ seen, step: this.stepTo(seen, path), mounted: known.get(seen.frame) ?? false });
    }
    this.paths.set(track, path);
  }

  /** Whether a new vehicle has somebody on it, but has not gone far enough to tell whether that is its rider. */
  isUndecided(track: Track, tracks: readonly Track[]): boolean {
    const { first, last, family } = track;
    if (family !== ridden || last.ptsMs - first.ptsMs >= waitMs) return false;
    const near = tracks.filter((other) => this.withFrom(other, track).length > 0);
    return near.length > 0 && !near.some((other) => this.isRiding(other, track));
  }

  /** Boxes before the first of a vehicle by the way of its rider, oldest first; none when it has no rider. */
  before(track: Track, tracks: readonly Track[]): Observation[] {
    if (track.family !== ridden) return [];
    let [best, nearest]: [Track | null, number] = [null, Number.POSITIVE_INFINITY];
    for (const other of tracks) {
      const distance = this.isRiding(other, track)
        ? Math.abs(centreX(other.last.box) - centreX(track.last.box))
        : nearest;
      if (distance < nearest) [best, nearest] = [other, distance];
    }
    return best ? this.inherited(track, this.paths.get(best) ?? []) : [];
  }

  private stepTo(seen: Stop['seen'], path: readonly Stop[]): Shift {
    const before = path[path.length - 1];
    return before ? stepOf(before.seen.whole, seen.whole, this.picture) : { dx: 0, dy: 0 };
  }

  private isRiding(other: Track, track: Track): boolean {
    const { first, last } = track;
    const stops = this.withFrom(other, track);
    if (stops.length < leastTogether) return false;
    const way = between(first.box, last.box);
    const length = Math.hypot(way.dx, way.dy);
    const theirs = wayOf(stops.slice(1));
    const wider = last.box.x2 - last.box.x1 - (first.box.x2 - first.box.x1);
    const higher = last.box.y2 - last.box.y1 - (first.box.y2 - first.box.y1);
    const off = Math.hypot(theirs.dx - way.dx, theirs.dy - way.dy);
    return (
      length >= leastWay * sizeOf(last.box) &&
      Math.max(off, Math.abs(wider), Math.abs(higher)) <= wayTolerance * length
    );
  }

  /** The stops of a person from the first box of a vehicle on, when it sits on it in all of them. */
  private withFrom(other: Track, track: Track): readonly Stop[] {
    if (other.family !== rider || other.last.ptsMs !== track.last.ptsMs) return [];
    const from = track.first;
    const stops = (this.paths.get(other) ?? []).filter(({ seen }) => seen.ptsMs >= from.ptsMs);
    const begin = stops[0];
    if (begin?.seen.ptsMs !== from.ptsMs || stops.some(({ mounted }) => mounted)) return [];
    return sitsOn(begin.seen.box, from.box) && sitsOn(other.last.box, track.last.box) ? stops : [];
  }

  private inherited(track: Track, path: readonly Stop[]): Observation[] {
    const { first, last } = track;
    const start = path.findIndex(({ seen }) => seen.ptsMs === first.ptsMs);
    const together = between(first.box, last.box);
    const speed = Math.hypot(together.dx, together.dy) / (last.ptsMs - first.ptsMs);
    const [ux, uy] = [together.dx, together.dy].map((d) => d / Math.hypot(together.dx, together.dy));
    const list: Observation[] = [];
    let whole = first.box;
    for (let i = start; i > 0; i--) {
      const [stop, earlier] = [path[i], path[i - 1]];
      if (!stop || !earlier || earlier.mounted) break;
      if (stop.seen.ptsMs - earlier.seen.ptsMs > holeMs || earlier.seen.ptsMs < first.ptsMs - this.lookBackMs)
        break;
      const ahead = path.slice(i).filter(({ seen }) => seen.ptsMs <= earlier.seen.ptsMs + speedMs);
      const way = wayOf(ahead.length > 0 ? ahead : [stop]);
      const ms = (ahead[ahead.length - 1] ?? stop).seen.ptsMs - earlier.seen.ptsMs;
      if (way.dx * (ux ?? 0) + way.dy * (uy ?? 0) < leastSpeedShare * speed * ms) break;
      whole = shifted(whole, -stop.step.dx, -stop.step.dy);
      const box = clampBox(whole, this.picture.width, this.picture.height);
      if (!box) break;
      const { frame, ptsMs } = earlier.seen;
      list.unshift({ frame, ptsMs, box, whole, partial: true, confidence: 0 });
    }
    return list;
  }
}

/** Whether a person is where a rider would be: above its middle, from below its wheels to not far above. */
function sitsOn(person: Box, vehicle: Box): boolean {
  const [w, h] = [vehicle.x2 - vehicle.x1, vehicle.y2 - vehicle.y1];
  const x = centreX(person);
  if (x < vehicle.x1 - besideShare * w || x > vehicle.x2 + besideShare * w) return false;
  return person.y1 < centreY(vehicle) && person.y2 > vehicle.y1 - 0.3 * h && person.y2 < vehicle.y2 + 0.3 * h;
}

/** How far a person has gone between two boxes, told by the head where it is in the picture: legs come and go. */
function stepOf(from: Box, to: Box, picture: Picture): Shift {
  const dx = centreX(to) - centreX(from);
  const headSeen = from.y1 > edgePx && to.y1 > edgePx;
  const feetSeen = Math.max(from.y2, to.y2) < picture.height - edgePx;
  if (headSeen) return { dx, dy: to.y1 - from.y1 };
  return { dx, dy: feetSeen ? to.y2 - from.y2 : 0 };
}

function wayOf(stops: readonly Stop[]): Shift {
  return stops.reduce((sum, { step }) => ({ dx: sum.dx + step.dx, dy: sum.dy + step.dy }), { dx: 0, dy: 0 });
}

function between(from: Box, to: Box): Shift {
  return { dx: centreX(to) - centreX(from), dy: centreY(to) - centreY(from) };
}

function sizeOf(box: Box): number {
  return (box.x2 - box.x1 + box.y2 - box.y1) / 2;
}
