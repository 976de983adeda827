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
/** The rider's way may differ from the vehicle's by this share of it: riders are found with and without legs. */
const wayTolerance = 0.7;
/** The vehicle's box may change its sides by this share of the way: what comes into view piece by piece stands. */
const growthShare = 0.5;
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

/** Where a person was found, and whether on a vehicle already known. */
interface Stop {
  seen: Pick<Observation, 'frame' | 'ptsMs' | 'box'>;
  mounted: boolean;
}

/** A vehicle and a person on it, over the time that both were found. */
interface Ride {
  path: readonly Stop[];
  /** Where the person was first. */
  begin: Stop;
  /** The vehicle first and last, and how long between. */
  from: Box;
  to: Box;
  ms: number;
  frames: number;
  theirs: Shift;
  /** How far the person is from the middle of the vehicle. */
  aside: number;
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
      const path = this.pathOf(track);
      const note = (seen: Stop['seen']): void => {
        path.push({ seen, mounted: known.some(({ last: { box } }) => sitsOn(seen.box, box)) });
      };
      if (bridged.length > 0) for (const seen of bridged) if (seen.trackId === track.id) note(seen);
      note(track.last);
      while ((path[0]?.seen.ptsMs ?? ptsMs) < ptsMs - this.lookBackMs - waitMs) path.shift();
    }
  }

  private pathOf(track: Track): Stop[] {
    const known = this.paths.get(track);
    if (known !== undefined) return known;
    const path: Stop[] = [];
    this.paths.set(track, path);
    return path;
  }

  /** Notes the whole way of a person that is followed from now on. */
  began(track: Track, boxes: readonly FollowedBox[]): void {
    if (track.family !== rider) return;
    const path: Stop[] = [];
    const known = new Map(this.paths.get(track)?.map(({ seen, mounted }) => [seen.frame, mounted]));
    const all = [...boxes].sort((a, b) => a.frame - b.frame);
    for (const seen of [...all, track.last]) {
      path.push({ seen, mounted: known.get(seen.frame) ?? false });
    }
    this.paths.set(track, path);
  }

  /** Whether a new vehicle has somebody on it, but has not gone far enough to tell whether that is its rider. */
  isUndecided(track: Track, tracks: readonly Track[], ptsMs: number): boolean {
    if (track.family !== ridden || ptsMs - track.first.ptsMs >= waitMs) return false;
    const rides = tracks.map((other) => this.togetherWith(other, track)).filter((ride) => ride !== null);
    return rides.length > 0 && !rides.some(areOne);
  }

  /** Boxes before the first of a vehicle by the way of its rider, oldest first; none when it has no rider. */
  before(track: Track, tracks: readonly Track[]): Observation[] {
    if (track.family !== ridden) return [];
    const rides = tracks.map((other) => this.togetherWith(other, track)).filter((ride) => ride !== null);
    const [ride] = rides.filter(areOne).sort((a, b) => a.aside - b.aside);
    return ride ? this.inherited(track, ride) : [];
  }

  /**
   * How far a person has gone. Upright, head or feet tell, whichever moved less: legs come and go, heads are taken for
   * more than they are, and what the picture's edge cuts tells nothing.
   */
  private wayOf(from: Stop, to: Stop): Shift {
    const [a, b] = [from.seen.box, to.seen.box];
    const ends: number[] = [];
    if (Math.min(a.y1, b.y1) > edgePx) ends.push(b.y1 - a.y1);
    if (Math.max(a.y2, b.y2) < this.picture.height - edgePx) ends.push(b.y2 - a.y2);
    const [dy = 0] = ends.sort((left, right) => Math.abs(left) - Math.abs(right));
    return { dx: centreX(b) - centreX(a), dy };
  }

  /** The time that a vehicle and a person who sits on it were found together; null when there is none. */
  private togetherWith(other: Track, track: Track): Ride | null {
    if (other.family !== rider || track.family !== ridden) return null;
    const path = this.paths.get(other) ?? [];
    const stops = new Map(path.map((stop) => [stop.seen.ptsMs, stop]));
    const common = track.sights.filter(({ time }) => stops.has(time.ptsMs));
    const [from, to] = [common[0], common[common.length - 1]];
    if (!from || !to) return null;
    const shared = path.filter(({ seen }) => seen.ptsMs >= from.time.ptsMs && seen.ptsMs <= to.time.ptsMs);
    const [begin, end] = [shared[0], shared[shared.length - 1]];
    if (!begin || !end || shared.some(({ mounted }) => mounted)) return null;
    const [a, b] = [from.candidate.box, to.candidate.box];
    if (!sitsOn(begin.seen.box, a) || !sitsOn(end.seen.box, b)) return null;
    return {
      path,
      begin,
      from: a,
      to: b,
      ms: to.time.ptsMs - from.time.ptsMs,
      frames: common.length,
      theirs: this.wayOf(begin, end),
      aside: Math.abs(centreX(end.seen.box) - centreX(b)),
    };
  }

  private inherited(track: Track, { path, begin, from, to, ms }: Ride): Observation[] {
    const { first } = track;
    const together = between(from, to);
    const length = Math.hypot(together.dx, together.dy);
    const [ux, uy, speed] = [together.dx / length, together.dy / length, length / ms];
    const list: Observation[] = [];
    for (let i = path.indexOf(begin); i > 0; i--) {
      const [stop, earlier] = [path[i], path[i - 1]];
      if (!stop || !earlier || earlier.mounted || stop.seen.ptsMs - earlier.seen.ptsMs > holeMs) break;
      const { frame, ptsMs } = earlier.seen;
      if (ptsMs < first.ptsMs - this.lookBackMs) break;
      const ahead = path.slice(i).findLast(({ seen }) => seen.ptsMs <= ptsMs + speedMs) ?? stop;
      const way = this.wayOf(earlier, ahead);
      if (way.dx * ux + way.dy * uy < leastSpeedShare * speed * (ahead.seen.ptsMs - ptsMs)) break;
      const back = this.wayOf(begin, earlier);
      const whole = shifted(from, back.dx, back.dy);
      const box = clampBox(whole, this.picture.width, this.picture.height);
      if (!box) break;
      if (ptsMs < first.ptsMs) list.unshift({ frame, ptsMs, box, whole, partial: true, confidence: 0 });
    }
    return list;
  }
}

/** Whether the way of a person and of the vehicle below is one, and long enough to tell. */
function areOne({ from, to, frames, theirs }: Ride): boolean {
  const way = between(from, to);
  const length = Math.hypot(way.dx, way.dy);
  const off = Math.hypot(theirs.dx - way.dx, theirs.dy - way.dy);
  const wider = Math.abs(to.x2 - to.x1 - (from.x2 - from.x1));
  const higher = Math.abs(to.y2 - to.y1 - (from.y2 - from.y1));
  if (frames < leastTogether || length < leastWay * sizeOf(to)) return false;
  return off <= wayTolerance * length && Math.max(wider, higher) <= growthShare * length;
}

/** Whether a person is where a rider would be: above its middle, from below its wheels to not far above. */
function sitsOn(person: Box, vehicle: Box): boolean {
  const [w, h] = [vehicle.x2 - vehicle.x1, vehicle.y2 - vehicle.y1];
  const x = centreX(person);
  if (x < vehicle.x1 - besideShare * w || x > vehicle.x2 + besideShare * w) return false;
  return person.y1 < centreY(vehicle) && person.y2 > vehicle.y1 - 0.3 * h && person.y2 < vehicle.y2 + 0.3 * h;
}

function between(from: Box, to: Box): Shift {
  return { dx: centreX(to) - centreX(from), dy: centreY(to) - centreY(from) };
}

function sizeOf(box: Box): number {
  return (box.x2 - box.x1 + box.y2 - box.y1) / 2;
}
