import type { Box } from '#shared/domain/box.ts';
import { centreX, centreY, shifted } from './box-points.ts';

/** Boxes are kept this far apart, and so far back. */
const everyMs = 250;
const keptMs = 6000;
/** What stands has done so for at least this long. */
const standsMs = 5000;
/** Over that time its middle may move by so much (mean sides), and width and height together change by so much. */
const stillShare = 0.06;
const stillGrowth = 0.1;

interface Sight {
  readonly ptsMs: number;
  readonly box: Box;
}

/**
 * Whether something stands, and where. Means are compared, for single boxes jitter; and sizes too: what comes nearer from
 * afar hardly moves in the picture, but grows.
 */
export class Stand {
  private sights: Sight[];

  constructor(box: Box, ptsMs: number) {
    this.sights = [{ box, ptsMs }];
  }

  add(box: Box, ptsMs: number): void {
    const newest = this.sights[this.sights.length - 1];
    if (newest && ptsMs - newest.ptsMs < everyMs) return;
    this.sights.push({ box, ptsMs });
    while ((this.sights[0]?.ptsMs ?? ptsMs) < ptsMs - keptMs) this.sights.shift();
  }

  /** The picture as a whole has moved. */
  shift(dx: number, dy: number): void {
    this.sights = this.sights.map(({ box, ptsMs }) => ({ box: shifted(box, dx, dy), ptsMs }));
  }

  /** Where it stands; null for what moves, or has not been seen for long enough. */
  get place(): Box | null {
    const { sights } = this;
    const [oldest, newest] = [sights[0], sights[sights.length - 1]];
    if (!oldest || !newest || newest.ptsMs - oldest.ptsMs < standsMs) return null;
    const third = Math.ceil(sights.length / 3);
    const [before, now] = [meanBox(sights.slice(0, third)), meanBox(sights.slice(-third))];
    const size = (now.x2 - now.x1 + now.y2 - now.y1) / 2;
    const way = Math.hypot(centreX(now) - centreX(before), centreY(now) - centreY(before));
    return way <= stillShare * size && sizeGap(before, now) <= stillGrowth ? now : null;
  }
}

/** How much two boxes differ in width and height (sum of the logarithms). */
export function sizeGap(a: Box, b: Box): number {
  const [wide, high] = [(b.x2 - b.x1) / (a.x2 - a.x1), (b.y2 - b.y1) / (a.y2 - a.y1)];
  return Math.abs(Math.log(wide)) + Math.abs(Math.log(high));
}

function meanBox(sights: readonly Sight[]): Box {
  const mean = (side: keyof Box): number =>
    sights.reduce((sum, { box }) => sum + box[side], 0) / sights.length;
  return { x1: mean('x1'), y1: mean('y1'), x2: mean('x2'), y2: mean('y2') };
}
