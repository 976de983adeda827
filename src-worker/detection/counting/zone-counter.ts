import type { TrackSummary } from '#shared/domain/track.ts';
import type { Visit, Zone, ZoneCount } from '#shared/domain/zone.ts';
import type { CountedBox, CountingFrame, PathPoint } from './anchor.ts';
import type { CountingSettings } from './counting-settings.ts';
import { HandOver, type Link } from './hand-over.ts';
import { ZonePresence } from './zone-presence.ts';

interface Visitor {
  presences: ZonePresence[];
  link: Link | null;
  label: string;
}

/**
 * Counts the stays of tracks in zones. A loss inside is part of the stay as long as the track, or the one that
 * continues it, comes back.
 */
export class ZoneCounter {
  private readonly zones: readonly Zone[];
  private readonly settings: CountingSettings;
  private readonly handOver: HandOver;
  private readonly visitors = new Map<number, Visitor>();
  private readonly ended: Visit[][];
  private readonly most: number[];
  private nextNumber = 0;

  constructor(zones: readonly Zone[], settings: CountingSettings) {
    this.zones = zones;
    this.settings = settings;
    this.handOver = new HandOver(settings);
    this.ended = zones.map(() => []);
    this.most = zones.map(() => 0);
  }

  /** Takes the boxes of a frame and the tracks that ended with it; returns the visits that ended. */
  update(boxes: readonly CountedBox[], closed: readonly TrackSummary[], frame: CountingFrame): Visit[] {
    const visits: Visit[] = [];
    for (const step of this.handOver.steps(boxes, frame)) {
      const visitor =
        this.visitors.get(step.trackId) ?? this.begin(step.trackId, step.label, step.link, frame);
      visitor.label = step.label;
      visitor.presences.forEach((presence, i) => {
        for (const point of step.points) {
          const stay = presence.add(point);
          if (stay) visits.push(...this.end(i, step.trackId, visitor.label, stay));
        }
      });
    }
    for (const { trackId } of closed) this.handOver.close(trackId);
    for (const visitor of this.visitors.values()) this.join(visitor);
    for (const { trackId } of closed) visits.push(...this.leave(trackId));
    this.handOver.forget(frame.ptsMs);
    this.zones.forEach((_, i) => {
      this.most[i] = Math.max(this.most[i] ?? 0, this.occupancy(i));
    });
    return visits;
  }

  /** Ends all visits, at the last point seen of each track. */
  finish(): Visit[] {
    return [...this.visitors.keys()].sort((a, b) => a - b).flatMap((trackId) => this.leave(trackId));
  }

  /** Counts so far by zone name; `visits` are those that ended, `occupancy` the ones going on. */
  counts(): Record<string, ZoneCount> {
    return Object.fromEntries(
      this.zones.map((zone, i) => {
        const visits = this.ended[i] ?? [];
        const byClass: Record<string, number> = {};
        for (const { label } of visits) byClass[label] = (byClass[label] ?? 0) + 1;
        const dwell = visits.map((visit) => visit.dwellMs).sort((a, b) => a - b);
        const dwellMs = {
          p50: dwell[Math.floor((dwell.length - 1) / 2)] ?? 0,
          max: dwell[dwell.length - 1] ?? 0,
        };
        const count = { visits: visits.length, byClass, dwellMs, occupancy: this.occupancy(i) };
        return [zone.name, { ...count, maxOccupancy: this.most[i] ?? 0 }];
      }),
    );
  }

  private begin(trackId: number, label: string, link: Link | null, frame: CountingFrame): Visitor {
    const presences = this.zones.map((zone) => new ZonePresence(zone, this.settings, frame));
    const visitor = { presences, link, label };
    this.visitors.set(trackId, visitor);
    return visitor;
  }

  /** Once it is certain that a track continues another, their stays are one. */
  private join(visitor: Visitor): void {
    const { link } = visitor;
    if (!link || link.state === 'open') return;
    const before = link.state === 'joined' ? this.visitors.get(link.from) : undefined;
    before?.presences.forEach((presence, i) => {
      visitor.presences[i]?.inherit(presence);
    });
    visitor.link = null;
  }

  private leave(trackId: number): Visit[] {
    const visitor = this.visitors.get(trackId);
    this.visitors.delete(trackId);
    if (!visitor) return [];
    return visitor.presences.flatMap((presence, i) => {
      const stay = presence.end();
      return stay ? this.end(i, trackId, visitor.label, stay) : [];
    });
  }

  private occupancy(zone: number): number {
    let inside = 0;
    for (const visitor of this.visitors.values()) {
      // a track whose heir is inside too, not yet known to be the same object, is counted once
      const double =
        visitor.link?.state === 'open' && this.visitors.get(visitor.link.from)?.presences[zone]?.inside;
      if (visitor.presences[zone]?.inside && !double) inside++;
    }
    return inside;
  }

  private end(zone: number, trackId: number, label: string, [enter, leave]: [PathPoint, PathPoint]): Visit[] {
    const dwellMs = Math.max(0, leave.ptsMs - enter.ptsMs);
    if (dwellMs < this.settings.minimumVisitMs) return [];
    const visit: Visit = {
      number: this.nextNumber++,
      zone: this.zones[zone]?.name ?? '',
      label,
      trackId,
      enterFrame: enter.frame,
      enterPtsMs: enter.ptsMs,
      leaveFrame: leave.frame,
      leavePtsMs: leave.ptsMs,
      dwellMs,
    };
    this.ended[zone]?.push(visit);
    return [visit];
  }
}
