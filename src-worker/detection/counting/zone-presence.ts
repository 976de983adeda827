import type { Point } from '#shared/domain/point.ts';
import type { Zone } from '#shared/domain/zone.ts';
import type { PathPoint } from './anchor.ts';
import type { CountingSettings } from './counting-settings.ts';
import { insidePolygon, segmentDistance } from './geometry.ts';

/** How a stay began, and whether it was told to be loitering. */
export interface StayBegin {
  point: PathPoint;
  told: boolean;
}

/** A stay that is over. */
export interface Stay {
  begin: StayBegin;
  last: PathPoint;
}

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
  private entered: StayBegin | null = null;
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

  /** Adds the next point of the path. Returns the stay that is over by it. */
  add(point: PathPoint): Stay | null {
    if (point.sliver) return null;
    const isInside = insidePolygon(this.polygon, point);
    let over: Stay | null = null;
    if (!this.begun && isInside) {
      // a track that begins inside has been there from its first box
      this.entered = { point, told: false };
      this.firstStay = true;
    } else if (isInside === this.inside) {
      this.changed = null;
      this.changedFor = 0;
    } else {
      this.changed ??= isInside ? point : (this.lastPoint ?? point);
      this.changedFor++;
      if (this.holds(point, this.changed)) {
        if (this.entered) over = { begin: this.entered, last: this.changed };
        this.entered = isInside ? { point: this.changed, told: false } : null;
        if (isInside) this.firstStay = false;
        this.changed = null;
        this.changedFor = 0;
      }
    }
    this.begun = true;
    this.lastPoint = point;
    return over;
  }

  /** The stay going on, up to the last point that was in the zone for sure. */
  get going(): Stay | null {
    const { entered, changed, lastPoint } = this;
    return entered && lastPoint ? { begin: entered, last: changed ?? lastPoint } : null;
  }

  /** Ends the path; returns the stay that was going on. */
  end(): Stay | null {
    const over = this.going;
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
    const begin = before.giveUp();
    if (begin) this.entered = { point: begin.point, told: begin.told || this.entered.told };
  }

  /** Hands the stay going on to another track: how it began, or null when there is none. */
  giveUp(): StayBegin | null {
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
