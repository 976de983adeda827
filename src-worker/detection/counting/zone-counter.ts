import type { TrackSummary } from '#shared/domain/track.ts';
import type { Loitering, Visit, Zone, ZoneCount } from '#shared/domain/zone.ts';
import type { CountedBox, CountingFrame } from './anchor.ts';
import type { CountingSettings } from './counting-settings.ts';
import { HandOver, type Link } from './hand-over.ts';
import { type Stay, ZonePresence } from './zone-presence.ts';

/** A stay that is over, in the zone of that index. */
interface ZoneStay {
  zone: number;
  stay: Stay;
  /** It began with the track's first point, so that the track before may have begun it. */
  cameInside: boolean;
}

interface Visitor {
  presences: ZonePresence[];
  /** Stays that are over while it is open whether the track continues another. */
  held: ZoneStay[];
  link: Link | null;
  label: string;
  lastPtsMs: number;
  closed: boolean;
  /** Out of sight for long: its stay may go on, but nobody can tell whether it is there now. */
  asleep: boolean;
}

/** Visits of a zone that are over. */
interface Ended {
  byClass: Record<string, number>;
  /** Rising. */
  dwellMs: number[];
  loiterings: number;
}

/**
 * Counts the stays of tracks in zones. A loss inside is part of the stay as long as the track, or the one that
 * continues it, comes back.
 */
export class ZoneCounter {
  private zones: readonly Zone[];
  private readonly settings: CountingSettings;
  private readonly isWished: (label: string) => boolean;
  private handOver: HandOver;
  private readonly visitors = new Map<number, Visitor>();
  private readonly ended: Ended[];
  private readonly most: number[];
  private nextNumber = 0;
  private loiterings: Loitering[] = [];
  private nextLoitering = 0;

  /** `isWished` tells the labels that count. */
  constructor(
    zones: readonly Zone[],
    settings: CountingSettings,
    isWished: (label: string) => boolean = () => true,
  ) {
    this.isWished = isWished;
    this.zones = zones;
    this.settings = settings;
    this.handOver = new HandOver(settings);
    this.ended = zones.map(() => ({ byClass: {}, dwellMs: [], loiterings: 0 }));
    this.most = zones.map(() => 0);
  }

  /**
   * Takes the boxes of a frame, the tracks that ended with it and those that are out of sight for long; returns the visits
   * that ended.
   */
  update(
    boxes: readonly CountedBox[],
    closed: readonly TrackSummary[],
    frame: CountingFrame,
    asleep: readonly number[] = [],
  ): Visit[] {
    const visits: Visit[] = [];
    for (const step of this.handOver.steps(boxes, frame)) {
      const visitor =
        this.visitors.get(step.trackId) ?? this.begin(step.trackId, step.label, step.link, frame);
      visitor.label = step.label;
      visitor.asleep = false;
      visitor.lastPtsMs = step.points[step.points.length - 1]?.ptsMs ?? visitor.lastPtsMs;
      visitor.presences.forEach((presence, i) => {
        for (const point of step.points) {
          const { cameInside } = presence;
          const stay = presence.add(point);
          if (stay) visitor.held.push({ zone: i, stay, cameInside });
        }
      });
    }
    for (const { trackId } of closed) this.handOver.close(trackId);
    for (const trackId of asleep) {
      this.handOver.rest(trackId);
      const visitor = this.visitors.get(trackId);
      if (visitor) visitor.asleep = true;
    }
    for (const { trackId } of closed) {
      const visitor = this.visitors.get(trackId);
      if (visitor) visitor.closed = true;
    }
    for (const [trackId, visitor] of this.visitors) {
      visits.push(...this.release(trackId, visitor));
      this.watch(trackId, visitor);
    }
    for (const [trackId, visitor] of this.visitors) {
      // a track that begins within the hand-over time may still take over the stay of a closed one
      const over = frame.ptsMs - visitor.lastPtsMs > this.settings.handOverMs;
      if (visitor.closed && over) visits.push(...this.leave(trackId));
    }
    this.handOver.forget(frame.ptsMs);
    this.zones.forEach((_, i) => {
      this.most[i] = Math.max(this.most[i] ?? 0, this.occupancy(i));
    });
    return visits;
  }

  /** Ends all visits, at the last point seen of each track. */
  finish(): Visit[] {
    const all = [...this.visitors].sort(([a], [b]) => a - b);
    for (const [, { link }] of all) if (link?.state === 'open') link.state = 'joined';
    const released = all.flatMap(([trackId, visitor]) => this.release(trackId, visitor));
    return [...released, ...all.flatMap(([trackId]) => this.leave(trackId))];
  }

  /** Forgets every path, but not the counts; from now on the zones, in the same order, lie here. */
  restart(zones: readonly Zone[]): void {
    this.zones = zones;
    this.handOver = new HandOver(this.settings);
    this.visitors.clear();
  }

  /** The stays that became loitering since this was last asked for. */
  takeLoiterings(): Loitering[] {
    const { loiterings } = this;
    this.loiterings = [];
    return loiterings;
  }

  /** Counts so far by zone name; `visits` are those that ended, `occupancy` the ones going on. */
  counts(): Record<string, ZoneCount> {
    return Object.fromEntries(
      this.zones.map((zone, i) => {
        const { byClass = {}, dwellMs: dwell = [], loiterings = 0 } = this.ended[i] ?? {};
        const p50 = dwell[Math.floor((dwell.length - 1) / 2)] ?? 0;
        const max = dwell[dwell.length - 1] ?? 0;
        const count = { visits: dwell.length, byClass: { ...byClass }, dwellMs: { p50, max } };
        const loitering = zone.loiterMs === undefined ? {} : { loiterings };
        return [
          zone.name,
          { ...count, occupancy: this.occupancy(i), maxOccupancy: this.most[i] ?? 0, ...loitering },
        ];
      }),
    );
  }

  private begin(trackId: number, label: string, link: Link | null, frame: CountingFrame): Visitor {
    const presences = this.zones.map((zone) => new ZonePresence(zone, this.settings, frame));
    const lastPtsMs = frame.ptsMs;
    const visitor: Visitor = { presences, held: [], link, label, lastPtsMs, closed: false, asleep: false };
    this.visitors.set(trackId, visitor);
    return visitor;
  }

  /** Reports the stays that are over, once it is certain whether the track continues another: then they are one. */
  private release(trackId: number, visitor: Visitor): Visit[] {
    const { link, held } = visitor;
    if (link?.state === 'open') return [];
    visitor.link = null;
    visitor.held = [];
    const before = link?.state === 'joined' ? this.visitors.get(link.from) : undefined;
    before?.presences.forEach((presence, zone) => {
      const own = held.find((stay) => stay.zone === zone && stay.cameInside);
      const begin = own && presence.giveUp();
      if (own && begin) own.stay.begin = { point: begin.point, told: begin.told || own.stay.begin.told };
      if (!own) visitor.presences[zone]?.inherit(presence);
    });
    return held.flatMap(({ zone, stay }) => this.end(zone, trackId, visitor.label, stay));
  }

  /** Tells the stays of a track that have just become loitering, unless it may be another one going on. */
  private watch(trackId: number, visitor: Visitor): void {
    if (visitor.link) return;
    visitor.presences.forEach((presence, zone) => {
      if (presence.going) this.tell(zone, trackId, visitor.label, presence.going);
    });
  }

  private tell(zone: number, trackId: number, label: string, { begin, last }: Stay): void {
    const { name = '', loiterMs } = this.zones[zone] ?? {};
    const { point } = begin;
    if (loiterMs === undefined || begin.told || last.ptsMs - point.ptsMs < loiterMs) return;
    if (!this.isWished(label)) return;
    begin.told = true;
    const ended = this.ended[zone];
    if (ended) ended.loiterings++;
    const enter = { enterFrame: point.frame, enterPtsMs: point.ptsMs };
    const number = this.nextLoitering++;
    this.loiterings.push({ number, zone: name, label, trackId, ...enter, ptsMs: point.ptsMs + loiterMs });
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
      if (visitor.asleep || double || !this.isWished(visitor.label)) continue;
      if (visitor.presences[zone]?.inside) inside++;
    }
    return inside;
  }

  private end(zone: number, trackId: number, label: string, stay: Stay): Visit[] {
    const enter = stay.begin.point;
    const leave = stay.last;
    const dwellMs = Math.max(0, leave.ptsMs - enter.ptsMs);
    if (dwellMs < this.settings.minimumVisitMs || !this.isWished(label)) return [];
    this.tell(zone, trackId, label, stay);
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
    const ended = this.ended[zone];
    if (ended) {
      ended.dwellMs.splice(placeOf(dwellMs, ended.dwellMs), 0, dwellMs);
      ended.byClass[label] = (ended.byClass[label] ?? 0) + 1;
    }
    return [visit];
  }
}

/** Where a value belongs in rising ones: counts are asked for every second, and are not sorted anew for that. */
function placeOf(value: number, rising: readonly number[]): number {
  let [from, to] = [0, rising.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rising[middle] ?? 0) <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}
