import type { Point } from '#shared/domain/point.ts';
import type { Zone } from '#shared/domain/zone.ts';
import type { PathPoint } from './anchor.ts';
import type { CountingSettings } from './counting-settings.ts';
import { insidePolygon, segmentDistance } from './geometry.ts';

/** A zone's edge this near to the edge of the picture is the picture's edge: nobody steps over it. */
const pictureEdgePx = 3;

/**
 * One track against one zone. A change of side holds once the track is clearly beyond the zone's edge, or has
 * stayed beyond it for some time; it then dates from the moment the edge was passed.
 */
export class ZonePresence {
  private readonly polygon: readonly Point[];
  private readonly edges: [Point, Point][];
  private readonly settings: CountingSettings;
  private entered: PathPoint | null = null;
  private begun = false;
  /** First point of the present stretch on the other side than the one that holds. */
  private changed: PathPoint | null = null;
  private changedFor = 0;
  private lastPoint: PathPoint | null = null;
  private firstStay = false;

  constructor(zone: Zone, settings: CountingSettings, picture: { width: number; height: number }) {
    this.polygon = zone.points;
    this.settings = settings;
    this.edges = zone.points
      .map((b, i): [Point, Point] => [zone.points[(i || zone.points.length) - 1] ?? b, b])
      .filter(([a, b]) => !alongPicture(a, b, picture));
  }

  /** Whether the track is in the zone now. */
  get inside(): boolean {
    return this.entered !== null;
  }

  /** Adds the next point of the path. Returns first and last point of a stay that is over. */
  add(point: PathPoint): [PathPoint, PathPoint] | null {
    if (point.sliver) return null;
    const isInside = insidePolygon(this.polygon, point);
    let over: [PathPoint, PathPoint] | null = null;
    if (!this.begun && isInside) {
      // a track that begins inside has been there from its first box
      this.entered = point;
      this.firstStay = true;
    } else if (isInside === this.inside) {
      this.changed = null;
      this.changedFor = 0;
    } else {
      this.changed ??= isInside ? point : (this.lastPoint ?? point);
      this.changedFor++;
      if (this.holds(point, this.changed)) {
        if (this.entered) over = [this.entered, this.changed];
        this.entered = isInside ? this.changed : null;
        if (isInside) this.firstStay = false;
        this.changed = null;
        this.changedFor = 0;
      }
    }
    this.begun = true;
    this.lastPoint = point;
    return over;
  }

  /** Ends the path; returns the stay that was going on. */
  end(): [PathPoint, PathPoint] | null {
    const over: [PathPoint, PathPoint] | null =
      this.entered && this.lastPoint ? [this.entered, this.changed ?? this.lastPoint] : null;
    this.entered = null;
    return over;
  }

  /** Whether the stay going on, or the one just over, began with the track's first point. */
  get cameInside(): boolean {
    return this.firstStay;
  }

  /** Takes over the stay of the track that this one continues. */
  inherit(before: ZonePresence): void {
    if (!this.entered || !this.firstStay) return;
    this.entered = before.giveUp() ?? this.entered;
  }

  /** Hands the stay going on to another track: its first point, or null when there is none. */
  giveUp(): PathPoint | null {
    const { entered } = this;
    this.entered = null;
    return entered;
  }

  private holds(point: PathPoint, changed: PathPoint): boolean {
    if (point.ptsMs - changed.ptsMs >= this.settings.zoneSettleMs) return true;
    if (this.changedFor < this.settings.settleFrames) return false;
    const band = Math.max(this.settings.hysteresisPx, this.settings.hysteresis * point.size);
    return this.edges.every(([a, b]) => segmentDistance(a, b, point) >= band);
  }
}

function alongPicture(a: Point, b: Point, picture: { width: number; height: number }): boolean {
  const near = (value: number, edge: number): boolean => Math.abs(value - edge) <= pictureEdgePx;
  return (
    (near(a.x, 0) && near(b.x, 0)) ||
    (near(a.y, 0) && near(b.y, 0)) ||
    (near(a.x, picture.width) && near(b.x, picture.width)) ||
    (near(a.y, picture.height) && near(b.y, picture.height))
  );
}
