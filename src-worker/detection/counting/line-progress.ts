import type { Direction, Line } from '#shared/domain/line.ts';
import type { Point } from '#shared/domain/point.ts';
import type { PathPoint } from './anchor.ts';
import type { CountingSettings } from './counting-settings.ts';
import { lengthened, type Passage, passages, polylineDistance, simplify } from './geometry.ts';

/** A crossing as found on a path: where and when the path passes the line. */
export interface FoundCrossing {
  direction: Direction;
  frame: number;
  ptsMs: number;
  x: number;
  y: number;
}

/** The line reaches this far beyond its ends, so that a way exactly over an end counts in both directions. */
const endPx = 1;
/** Share of the hysteresis that the ends of a path must lie beside the line. */
const endShare = 0.3;
/** Pending points beyond which the path near the line is thinned out (an object that stands on the line). */
const pendingLimit = 128;
/** Paths are thinned out at least so coarsely, also where settings want no hysteresis at all. */
const leastTolerancePx = 0.25;

/**
 * One path against one line. From the last point that was clearly beside the line the path is kept; once it is
 * clearly beside the line again, the passages over the line are summed by sign: jitter sums to nothing, so does a
 * way around the line's end, and what remains is the crossing.
 */
export class LineProgress {
  private readonly line: Line;
  /** The line's points, its ends included for sure. */
  private readonly points: readonly Point[];
  private readonly settings: CountingSettings;
  /** Corners of the smallest upright box around the line. */
  private readonly bounds: { low: Point; high: Point };
  /** The path since the last settled point, which is its first. */
  private pending: PathPoint[] = [];
  /** Points in a row clear of the line and on one side. */
  private clear = 0;
  private last: { direction: Direction; x: number; y: number; away: number } | null = null;
  /** Where the path began, and how far from there it was before its last point. */
  private origin: PathPoint | null = null;
  private gone = 0;

  constructor(line: Line, settings: CountingSettings) {
    this.line = line;
    this.settings = settings;
    this.points = lengthened(line.points, endPx);
    const [xs, ys] = [this.points.map(({ x }) => x), this.points.map(({ y }) => y)];
    this.bounds = {
      low: { x: Math.min(...xs), y: Math.min(...ys) },
      high: { x: Math.max(...xs), y: Math.max(...ys) },
    };
  }

  /** A copy that goes on by itself. */
  copy(): LineProgress {
    const copy = new LineProgress(this.line, this.settings);
    copy.pending = [...this.pending];
    copy.clear = this.clear;
    copy.last = this.last && { ...this.last };
    copy.origin = this.origin;
    copy.gone = this.gone;
    return copy;
  }

  /** Adds the next point of the path. Returns a crossing when one is decided by it. */
  add(point: PathPoint): FoundCrossing | null {
    if (point.sliver) return this.end();
    const before = this.pending[this.pending.length - 1];
    this.pending.push(point);
    this.origin ??= point;
    if (before)
      this.gone = Math.max(this.gone, Math.hypot(before.x - this.origin.x, before.y - this.origin.y));
    if (this.last)
      this.last.away = Math.max(this.last.away, Math.hypot(point.x - this.last.x, point.y - this.last.y));
    const band = this.band(point);
    if (before && this.isFarFrom(before, point, band)) {
      this.pending = [point];
      return null;
    }
    if (point.guess || polylineDistance(this.points, point) < band) this.clear = 0;
    else if (before && passages([before, point], this.points).length > 0) this.clear = 1;
    else this.clear++;
    if (this.pending.length > pendingLimit) this.thin(band);
    return this.clear >= this.settings.settleFrames ? this.settle(point) : null;
  }

  /** Decides with what there is where the path breaks off; a later point begins anew. */
  end(): FoundCrossing | null {
    const crossing = this.conclude();
    this.pending = [];
    this.clear = 0;
    return crossing;
  }

  /** Decides with what there is at the end of the track; another that continues it still goes on from there. */
  conclude(): FoundCrossing | null {
    const point = this.pending[this.pending.length - 1];
    return point ? this.decideLast(point) : null;
  }

  private decideLast(point: PathPoint): FoundCrossing | null {
    if (polylineDistance(this.points, point) < endShare * this.band(point)) return null;
    if (this.clear < this.settings.settleFrames && this.stoodBefore(point)) return null;
    return this.settle(point);
  }

  /** Whether it stood until this one point: then the point is an errant box, the last of something that stands. */
  private stoodBefore(point: PathPoint): boolean {
    const before = this.pending[this.pending.length - 2];
    if (!before || before === this.origin) return false;
    return this.gone < this.settings.minimumDisplacement * point.size;
  }

  /** Whether a settled path goes on so far from the line that nothing can come of it. */
  private isFarFrom(a: PathPoint, b: PathPoint, band: number): boolean {
    if (this.pending.length > 2 || this.clear < this.settings.settleFrames || b.guess) return false;
    const { low, high } = this.bounds;
    return (
      Math.max(a.x, b.x) < low.x - band ||
      Math.min(a.x, b.x) > high.x + band ||
      Math.max(a.y, b.y) < low.y - band ||
      Math.min(a.y, b.y) > high.y + band
    );
  }

  /** Thins out the path of an object that stands at the line, so that it stays short for hours. */
  private thin(band: number): void {
    for (
      let tolerance = Math.max(leastTolerancePx, band / 4);
      this.pending.length > pendingLimit / 2;
      tolerance *= 2
    ) {
      this.pending = simplify(this.pending, tolerance);
    }
  }

  private band(point: PathPoint): number {
    return Math.max(this.settings.hysteresisPx, this.settings.hysteresis * point.size);
  }

  private settle(point: PathPoint): FoundCrossing | null {
    const path = this.pending;
    const start = path[0];
    if (!start) return null;
    const band = this.band(point);
    const plain = simplify(path, band / 2);
    const found = passages(plain, this.points);
    const net = found.reduce((sum, passage) => sum + passage.sign, 0);
    if (net !== 0) {
      const moved = Math.hypot(point.x - start.x, point.y - start.y);
      if (moved < this.settings.minimumDisplacement * point.size) return null;
      if (polylineDistance(this.points, start) < endShare * band) {
        this.pending = [point];
        return null;
      }
    }
    this.pending = [point];
    if (net === 0) return null;
    const sign = net > 0 ? 1 : -1;
    const exact = decisive(passages(path, this.points), sign);
    const crossing = exact ? located(path, exact) : located(plain, decisive(found, sign));
    return crossing && this.armed(crossing, point) ? crossing : null;
  }

  /** Remembers a crossing; false when it repeats the last one without having been away. */
  private armed(crossing: FoundCrossing, point: PathPoint): boolean {
    const { last } = this;
    if (last?.direction === crossing.direction && last.away < this.settings.rearm * point.size) return false;
    this.last = {
      direction: crossing.direction,
      x: crossing.x,
      y: crossing.y,
      away: Math.hypot(point.x - crossing.x, point.y - crossing.y),
    };
    return true;
  }
}

/** The passage by which the path changed sides for good. */
function decisive(list: readonly Passage[], sign: 1 | -1): Passage | null {
  let [sum, chosen]: [number, Passage | null] = [0, null];
  for (const passage of list) {
    if (sum === 0 && passage.sign === sign) chosen = passage;
    sum += passage.sign;
  }
  return chosen;
}

function located(path: readonly PathPoint[], passage: Passage | null): FoundCrossing | null {
  const [from, to] = [path[passage?.segment ?? -1], path[(passage?.segment ?? -2) + 1]];
  if (!passage || !from || !to) return null;
  return {
    direction: passage.sign > 0 ? 'forward' : 'backward',
    frame: passage.share <= 0.5 ? from.frame : to.frame,
    ptsMs: from.ptsMs + passage.share * (to.ptsMs - from.ptsMs),
    x: passage.x,
    y: passage.y,
  };
}
