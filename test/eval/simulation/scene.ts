import type { Direction, Line } from '../../../src-shared/domain/line.ts';
import type { Point } from '../../../src-shared/domain/point.ts';
import type { TrackerFrame } from '../../../src-worker/detection/tracking/tracker.ts';
import { type Actor, drawActor, type Manner, type Picture } from './actor.ts';
import { Camera, type Trouble } from './camera.ts';
import { Random } from './random.ts';

export interface TrueCrossing {
  ptsMs: number;
  direction: Direction;
  x: number;
  y: number;
  label: string;
  manner: Manner;
}

/** A scene with its truth. */
export interface Scene {
  line: Line;
  actors: Actor[];
  truth: TrueCrossing[];
  /** Crossings that happened out of sight: counting them is neither demanded nor wrong. */
  unseen: TrueCrossing[];
  frames: TrackerFrame[];
}

export interface ScenePlan {
  seed: number;
  actors: number;
  fps: number;
  durationMs: number;
  trouble: Trouble;
  manners?: readonly Manner[];
  labels?: readonly string[];
}

const picture: Picture = { width: 1280, height: 720 };
const allLabels = ['person', 'person', 'car', 'car', 'truck'];
const allManners: readonly Manner[] = [
  'cross',
  'cross',
  'cross',
  'curve',
  'past-end',
  'u-turn',
  'loop',
  'stop-on-line',
  'parked',
];

/** Draws a scene from its seed. Actors whose truth would be a matter of opinion are drawn again. */
export function drawScene(plan: ScenePlan): Scene {
  const random = new Random(plan.seed);
  const line = drawLine(random);
  const actors: Actor[] = [];
  const crossings: { actor: Actor; crossing: TrueCrossing }[] = [];
  while (actors.length < plan.actors) {
    const manner = random.pick(plan.manners ?? allManners);
    const labels = plan.labels ?? allLabels;
    const actor = drawActor(random, { line, picture, durationMs: plan.durationMs, manner, labels });
    const own = trueCrossings(actor, line);
    if (own === null) continue;
    actors.push(actor);
    crossings.push(...own.map((crossing) => ({ actor, crossing })));
  }
  crossings.sort((a, b) => a.crossing.ptsMs - b.crossing.ptsMs);
  const camera = new Camera(random, picture, plan.trouble);
  const frames: TrackerFrame[] = [];
  for (let frame = 0; (frame * 1000) / plan.fps <= plan.durationMs; frame++) {
    const ptsMs = (frame * 1000) / plan.fps;
    frames.push({ frame, ptsMs, ...picture, detections: camera.see(actors, ptsMs) });
  }
  const couldBeSeen = ({ actor, crossing: { ptsMs } }: { actor: Actor; crossing: TrueCrossing }): boolean => {
    const times = camera.sightings.get(actor) ?? [];
    const before = times.filter((time) => time <= ptsMs && time > ptsMs - inSightMs);
    const after = times.filter((time) => time > ptsMs && time <= ptsMs + inSightMs);
    return Math.min(before.length, after.length) >= inSightFrames;
  };
  const truth = crossings.filter(couldBeSeen).map(({ crossing }) => crossing);
  const unseen = crossings.filter((one) => !couldBeSeen(one)).map(({ crossing }) => crossing);
  return { line, actors, truth, unseen, frames };
}

function drawLine(random: Random): Line {
  const [cx, cy] = [random.between(500, 780), random.between(300, 480)];
  const angle = random.between(0, 2 * Math.PI);
  const half = random.between(110, 200);
  const [dx, dy] = [half * Math.cos(angle), half * Math.sin(angle)];
  return {
    name: 'line',
    points: [
      { x: cx - dx, y: cy - dy },
      { x: cx + dx, y: cy + dy },
    ],
  };
}

/** A crossing is demanded when its actor was found so often, so shortly before and after. */
const inSightMs = 1500;
const inSightFrames = 3;

const stepMs = 5;
/** An actor must be this clear (in mean sides) of the line between crossings and of its ends when crossing. */
const clear = 0.6;
const clearOfEnd = 0.35;
/** Whoever is drawn to pass near an end does so nearer, where only exact boxes leave no doubt. */
const leastClearOfEnd = 0.05;

/**
 * Crossings of the actor's true way, or null when they would be doubtful: near an end of the line, or turning
 * back close behind it. Written apart from the counter on purpose: side of the endless line, then place on it.
 */
function trueCrossings(actor: Actor, line: Line): TrueCrossing[] | null {
  const [a, b] = [line.points[0], line.points[1]];
  if (!a || !b || actor.manner === 'parked') return [];
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const size = (actor.width + actor.height) / 2;
  const least = actor.manner === 'near-end' ? leastClearOfEnd : clearOfEnd;
  const coordinates = (p: Point): { along: number; off: number } => ({
    along: ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / length,
    off: ((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) / length,
  });
  const list: TrueCrossing[] = [];
  let before = coordinates(actor.at(actor.startMs));
  let farthest = Math.abs(before.off);
  for (let t = actor.startMs + stepMs; t <= actor.endMs; t += stepMs) {
    const p = actor.at(t);
    const now = coordinates(p);
    if (before.off >= 0 !== now.off >= 0) {
      const beyond = Math.max(-now.along, now.along - length);
      if (Math.abs(beyond) < least * size) return null;
      if (beyond < 0) {
        if (farthest < clear * size) return null;
        const direction = before.off >= 0 ? 'forward' : 'backward';
        list.push({ ptsMs: t, direction, x: p.x, y: p.y, label: actor.label, manner: actor.manner });
        farthest = 0;
      }
    }
    const gap = Math.hypot(now.off, Math.max(0, -now.along, now.along - length));
    farthest = Math.max(farthest, gap);
    before = now;
  }
  return list.length > 0 && farthest < clear * size ? null : list;
}
