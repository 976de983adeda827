import type { Line } from '../../../src-shared/domain/line.ts';
import type { Point } from '../../../src-shared/domain/point.ts';
import type { Random } from './random.ts';

/** How an actor moves with respect to the line. */
export type Manner =
  | 'cross'
  | 'past-end'
  | 'u-turn'
  | 'loop'
  | 'stop-on-line'
  | 'parked'
  | 'curve'
  /** Over the line close to one of its ends, or just past it. */
  | 'near-end';

export interface Picture {
  width: number;
  height: number;
}

/** One simulated object: size in pixels and its way, bottom centre over time. */
export interface Actor {
  label: string;
  width: number;
  height: number;
  startMs: number;
  endMs: number;
  manner: Manner;
  /** Bottom centre at a time between startMs and endMs. */
  at(ptsMs: number): Point;
}

const sizes: Record<string, { height: [number, number]; aspect: [number, number]; speed: [number, number] }> =
  {
    person: { height: [60, 150], aspect: [0.35, 0.5], speed: [0.5, 1.1] },
    car: { height: [45, 100], aspect: [1.3, 2.2], speed: [1.2, 5] },
    truck: { height: [80, 140], aspect: [1.2, 2.4], speed: [1, 3] },
  };

/** What an actor is drawn for. */
export interface ActorPlan {
  line: Line;
  picture: Picture;
  durationMs: number;
  manner: Manner;
  labels: readonly string[];
}

/** How far (mean sides) from an end of the line the way of who passes near it leads. */
const besideEnd = [0.1, 0.35] as const;

/** Draws an actor that is in the picture somewhere between 0 and `durationMs`. Speed in heights per second. */
export function drawActor(random: Random, plan: ActorPlan): Actor {
  const { line, picture, durationMs, manner } = plan;
  const label = random.pick(plan.labels);
  const size = sizes[label] ?? { height: [80, 80], aspect: [1, 1], speed: [1, 1] };
  const height = random.between(...size.height);
  const width = height * random.between(...size.aspect);
  const speed = height * random.between(...size.speed);
  const way = smooth(drawWay(random, line, picture, manner, (width + height) / 2));
  const lengths = cumulative(way);
  const whole = lengths[lengths.length - 1] ?? 0;
  const stopAt = manner === 'stop-on-line' ? whole * random.between(0.45, 0.55) : Number.POSITIVE_INFINITY;
  const stopMs = manner === 'stop-on-line' ? random.between(1000, 4000) : 0;
  const travelMs = (whole / speed) * 1000 + stopMs;
  const parked = manner === 'parked';
  const startMs = parked ? 0 : random.between(0, Math.max(0, durationMs - Math.min(travelMs, durationMs)));
  const wobble = random.between(0, 0.25);
  const phase = random.between(0, 6);
  return {
    label,
    width,
    height,
    startMs,
    endMs: parked ? durationMs : Math.min(durationMs, startMs + travelMs),
    manner,
    at(ptsMs) {
      if (parked) return way[0] ?? { x: 0, y: 0 };
      const t = (ptsMs - startMs) / 1000;
      // speed varies by the wobble, never turns back
      let distance = speed * (t + (wobble / 2) * (Math.sin(2 * t + phase) - Math.sin(phase)));
      if (distance > stopAt) distance = Math.max(stopAt, distance - (speed * stopMs) / 1000);
      return along(way, lengths, Math.max(0, Math.min(whole, distance)));
    },
  };
}

/** Corner points of a way that fits the manner, from picture edge to picture edge. */
function drawWay(random: Random, line: Line, picture: Picture, manner: Manner, size: number): Point[] {
  const a = line.points[0] ?? { x: 0, y: 0 };
  const b = line.points[line.points.length - 1] ?? a;
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const [ux, uy] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const side = random.chance(0.5) ? 1 : -1;
  const far = picture.width + picture.height;
  /** Point `along` the line (0 = a, 1 = b) and `off` pixels to the side. */
  const place = (share: number, off: number): Point => ({
    x: a.x + ux * length * share - uy * off * side,
    y: a.y + uy * length * share + ux * off * side,
  });
  const share = random.between(0.15, 0.85);
  const slant = random.between(-0.3, 0.3);
  const out = random.between(1.2, 3) * size;
  const margin = (0.7 * size + random.between(0, size)) / length;
  switch (manner) {
    case 'cross':
    case 'stop-on-line':
      return [place(share - slant, -far), place(share, 0), place(share + slant, far)];
    case 'curve':
      return [
        place(share - 2 * slant, -far),
        place(share - slant / 2, -out),
        place(share, 0),
        place(share, far),
      ];
    case 'near-end': {
      const beside = (random.between(...besideEnd) * size * (random.chance(0.5) ? 1 : -1)) / length;
      const at = random.chance(0.5) ? 1 + beside : -beside;
      return [place(at - slant, -far), place(at, 0), place(at + slant, far)];
    }
    case 'past-end': {
      const beyond = random.chance(0.5) ? 1 + margin : -margin;
      return [place(beyond, -far), place(beyond, 0), place(beyond, far)];
    }
    case 'u-turn': {
      // half of them turn before the line, half after it
      const turn = random.chance(0.5) ? -out : out;
      const step = (0.6 * size) / length;
      return [place(share, -far), place(share, turn), place(share + step, turn), place(share + step, -far)];
    }
    case 'loop': {
      const end = 1 + margin + size / length;
      return [
        place(share, -far),
        place(share, out),
        place(end, out),
        place(end, -out),
        place(share, -out),
        place(share, far),
      ];
    }
    case 'parked':
      return [place(random.between(0, 1), random.between(-0.5, 0.5) * size)];
  }
}

/** Rounds the corners (two rounds of Chaikin's corner cutting, ends kept). */
function smooth(way: Point[]): Point[] {
  let points = way;
  for (let round = 0; round < 2 && points.length > 2; round++) {
    const next: Point[] = [];
    points.forEach((b, i) => {
      const a = points[i - 1];
      if (!a) return;
      const length = Math.hypot(b.x - a.x, b.y - a.y);
      const cut = Math.min(0.25, length > 0 ? 40 / length : 0.25);
      const mix = (t: number): Point => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t });
      next.push(i === 1 ? a : mix(cut), i === points.length - 1 ? b : mix(1 - cut));
    });
    points = next;
  }
  return points;
}

function cumulative(way: readonly Point[]): number[] {
  let sum = 0;
  return way.map((b, i) => {
    const a = way[i - 1];
    if (a) sum += Math.hypot(b.x - a.x, b.y - a.y);
    return sum;
  });
}

function along(way: readonly Point[], lengths: readonly number[], distance: number): Point {
  const i = Math.max(
    1,
    lengths.findIndex((length) => length >= distance),
  );
  const [a, b] = [way[i - 1], way[i]];
  if (!a || !b) return way[0] ?? { x: 0, y: 0 };
  const [from, to] = [lengths[i - 1] ?? 0, lengths[i] ?? 0];
  const t = to > from ? (distance - from) / (to - from) : 0;
  return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
}
