import { type Box, boxArea, boxIou, clampBox } from '../../../src-shared/domain/box.ts';
import type { Detection } from '../../../src-shared/domain/detection.ts';
import type { Actor, Picture } from './actor.ts';
import type { Random } from './random.ts';

/** What goes wrong between the objects and the detections. Shares are of the object's size or of all frames. */
export interface Trouble {
  /** Deviation of each box edge, frame by frame and slowly drifting. */
  jitter: number;
  drift: number;
  /** How much a walker's arms and legs widen the box. */
  gait: number;
  /** Frames in which an object is missed, singly; and bursts of them per second of life. */
  miss: number;
  burstsPerSecond: number;
  /** Frames in which an object is found with low confidence only. */
  unsure: number;
  /** Frames in which the label is another one of the family, and in which both labels are reported. */
  flip: number;
  double: number;
  /** False boxes per frame. */
  falseBoxes: number;
  /** Bursts per second of life in which a part of the object is reported as an object too. */
  partsPerSecond: number;
  /** How long such a burst lasts, milliseconds. */
  partMs: readonly [number, number];
  /** Low walls and hedges, behind which legs vanish little by little. */
  walls: number;
  /** Objects hide the ones behind them. */
  occlusion: boolean;
}

export const noTrouble: Trouble = {
  jitter: 0,
  drift: 0,
  gait: 0,
  miss: 0,
  burstsPerSecond: 0,
  unsure: 0,
  flip: 0,
  double: 0,
  falseBoxes: 0,
  partsPerSecond: 0,
  partMs: [300, 1500],
  walls: 0,
  occlusion: false,
};

/** About what a small detector shows on ordinary footage. */
export const usualTrouble: Trouble = {
  jitter: 0.02,
  drift: 0.02,
  gait: 0.25,
  miss: 0.04,
  burstsPerSecond: 0.05,
  unsure: 0.1,
  flip: 0.1,
  double: 0.05,
  falseBoxes: 0.05,
  partsPerSecond: 0.1,
  partMs: [300, 1500],
  walls: 0,
  occlusion: true,
};

/** An object less visible than this is not found. */
const leastVisible = 0.4;

interface Sight {
  /** Phase of the gait: arms and legs widen the box of a walker at one end, twice a second. */
  phase: number;
  driftX: number;
  driftY: number;
  blindUntilMs: number;
  /** Until when a part is reported too, and how much of the height it has. */
  partUntilMs: number;
  partShare: number;
}

/** Turns actors into the detections of one frame after another. */
export class Camera {
  private readonly random: Random;
  private readonly trouble: Trouble;
  private readonly picture: Picture;
  /** Boxes of things that stand in the way. */
  private readonly posts: Box[];
  private readonly sights = new Map<Actor, Sight>();
  private lastPtsMs = 0;
  /** Times at which each actor was found. */
  readonly sightings = new Map<Actor, number[]>();

  constructor(random: Random, picture: Picture, trouble: Trouble) {
    this.random = random;
    this.picture = picture;
    this.trouble = trouble;
    this.posts = [0, 1].map(() => {
      const [x1, y1] = [random.between(300, 980), random.between(0, 400)];
      return { x1, y1, x2: x1 + random.between(15, 45), y2: y1 + random.between(150, 400) };
    });
    for (let i = 0; i < trouble.walls; i++) {
      const [x1, y1] = [random.between(200, 900), random.between(250, 550)];
      this.posts.push({ x1, y1, x2: x1 + random.between(150, 400), y2: y1 + random.between(25, 60) });
    }
  }

  see(actors: readonly Actor[], ptsMs: number): Detection[] {
    const { random, trouble, picture } = this;
    const seconds = (ptsMs - this.lastPtsMs) / 1000;
    this.lastPtsMs = ptsMs;
    const detections: Detection[] = [];
    const present = actors.filter((actor) => ptsMs >= actor.startMs && ptsMs <= actor.endMs);
    const boxes = present.map((actor) => boxAt(actor, ptsMs));
    present.forEach((actor, i) => {
      const box = boxes[i];
      const sight = this.sights.get(actor) ?? {
        phase: random.between(0, 6),
        driftX: 0,
        driftY: 0,
        blindUntilMs: -1,
        partUntilMs: -1,
        partShare: 0.5,
      };
      this.sights.set(actor, sight);
      const keep = Math.exp(-seconds / 0.5);
      const fresh = Math.sqrt(1 - keep * keep) * trouble.drift;
      sight.driftX = keep * sight.driftX + fresh * random.normal();
      sight.driftY = keep * sight.driftY + fresh * random.normal();
      if (random.chance(trouble.burstsPerSecond * seconds))
        sight.blindUntilMs = ptsMs + random.between(200, 900);
      if (random.chance(trouble.partsPerSecond * seconds)) {
        sight.partUntilMs = ptsMs + random.between(...trouble.partMs);
        sight.partShare = random.between(0.35, 0.7);
      }
      const partConfidence = random.between(0.15, 0.45);
      const missed = random.chance(trouble.miss) || ptsMs < sight.blindUntilMs;
      const noise = [0, 1, 2, 3].map(() => trouble.jitter * random.normal());
      const confidence = random.chance(trouble.unsure)
        ? random.between(0.1, 0.4)
        : random.between(0.45, 0.95);
      const flipped = random.chance(trouble.flip);
      const doubled = random.chance(trouble.double);
      const shift = trouble.jitter * random.normal();
      if (!box || missed) return;
      const inside = clampBox(box, picture.width, picture.height);
      if (!inside || boxArea(inside) < 0.3 * boxArea(box)) return;
      const nearer = [...boxes, ...this.posts].filter((other) => other !== box && other.y2 > box.y2);
      const { share, part } = visiblePart(inside, trouble.occlusion ? nearer : []);
      if (share < leastVisible) return;
      const [w, h] = [actor.width, actor.height];
      const gait = actor.label === 'person' ? trouble.gait * Math.sin(sight.phase + 0.012 * ptsMs) : 0;
      const seen = clampBox(
        {
          x1: part.x1 + w * (sight.driftX + (noise[0] ?? 0) - Math.max(0, gait)),
          y1: part.y1 + h * (sight.driftY + (noise[1] ?? 0)),
          x2: part.x2 + w * (sight.driftX + (noise[2] ?? 0) - Math.min(0, gait)),
          y2: part.y2 + h * (sight.driftY + (noise[3] ?? 0)),
        },
        picture.width,
        picture.height,
      );
      if (!seen) return;
      const other = otherLabel(actor.label);
      const times = this.sightings.get(actor) ?? [];
      this.sightings.set(actor, [...times, ptsMs]);
      detections.push({ box: seen, label: flipped ? other : actor.label, confidence });
      if (ptsMs < sight.partUntilMs) {
        const upper = { ...seen, y2: seen.y1 + sight.partShare * (seen.y2 - seen.y1) };
        detections.push({ box: upper, label: actor.label, confidence: partConfidence });
      }
      if (doubled && other !== actor.label) {
        const twin = { ...seen, x1: seen.x1 + w * shift, y1: seen.y1 + h * shift };
        detections.push({ box: twin, label: flipped ? actor.label : other, confidence: confidence * 0.7 });
      }
    });
    if (random.chance(trouble.falseBoxes)) detections.push(this.falseBox());
    return detections;
  }

  private falseBox(): Detection {
    const { random, picture } = this;
    const [w, h] = [random.between(20, 120), random.between(20, 120)];
    const [x1, y1] = [random.between(0, picture.width - w), random.between(0, picture.height - h)];
    const label = random.pick(['person', 'car', 'truck']);
    return { box: { x1, y1, x2: x1 + w, y2: y1 + h }, label, confidence: random.between(0.1, 0.6) };
  }
}

export function boxAt(actor: Actor, ptsMs: number): Box {
  const { x, y } = actor.at(ptsMs);
  return { x1: x - actor.width / 2, y1: y - actor.height, x2: x + actor.width / 2, y2: y };
}

function otherLabel(label: string): string {
  return label === 'car' ? 'truck' : label === 'truck' ? 'car' : label;
}

/** Points of the grid along one side. */
const grid = 12;

/** The part of a box that no nearer box covers: its share, and the smallest box around it. */
function visiblePart(box: Box, nearer: readonly Box[]): { share: number; part: Box } {
  const near = nearer.filter((other) => boxIou(other, box) > 0);
  if (near.length === 0) return { share: 1, part: box };
  const [w, h] = [(box.x2 - box.x1) / grid, (box.y2 - box.y1) / grid];
  const part = { x1: box.x2, y1: box.y2, x2: box.x1, y2: box.y1 };
  let visible = 0;
  for (let i = 0; i < grid * grid; i++) {
    const x = box.x1 + w * ((i % grid) + 0.5);
    const y = box.y1 + h * (Math.floor(i / grid) + 0.5);
    if (near.some((other) => x > other.x1 && x < other.x2 && y > other.y1 && y < other.y2)) continue;
    visible++;
    part.x1 = Math.min(part.x1, x - w / 2);
    part.y1 = Math.min(part.y1, y - h / 2);
    part.x2 = Math.max(part.x2, x + w / 2);
    part.y2 = Math.max(part.y2, y + h / 2);
  }
  return { share: visible / (grid * grid), part };
}
