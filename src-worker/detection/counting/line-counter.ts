import type { Crossing, Line, LineCount } from '#shared/domain/line.ts';
import type { TrackSummary } from '#shared/domain/track.ts';
import type { CountedBox, CountingFrame } from './anchor.ts';
import type { CountingSettings } from './counting-settings.ts';
import { HandOver, type Link } from './hand-over.ts';
import { type FoundCrossing, LineProgress } from './line-progress.ts';

/**
 * A track against a line. While it is open whether the track continues an ended one, both readings are followed:
 * `own` from the track's first box, `joined` from where the other track stood. What both find is reported at
 * once; what only one finds is held until the question is settled.
 */
interface Course {
  own: LineProgress;
  joined: LineProgress | null;
  heldOwn: FoundCrossing[];
  heldJoined: FoundCrossing[];
}

interface Traveller {
  courses: Course[];
  link: Link | null;
  label: string;
}

/** Counts the tracks that pass over lines. Pure; see LineProgress for the decision and HandOver for id switches. */
export class LineCounter {
  private lines: readonly Line[];
  private readonly settings: CountingSettings;
  private readonly isWished: (label: string) => boolean;
  private handOver: HandOver;
  private readonly travellers = new Map<number, Traveller>();
  private readonly totals: Record<string, LineCount> = {};
  private nextNumber = 0;
  /** Links of the tracks that began in the last update. */
  begun: readonly Link[] = [];

  /** `isWished` tells the labels that count; a crossing of another waits until its track's label is wished. */
  constructor(
    lines: readonly Line[],
    settings: CountingSettings,
    isWished: (label: string) => boolean = () => true,
  ) {
    this.isWished = isWished;
    this.lines = lines;
    this.settings = settings;
    this.handOver = new HandOver(settings);
    for (const line of lines) {
      this.totals[line.name] = { forward: { total: 0, byClass: {} }, backward: { total: 0, byClass: {} } };
    }
  }

  /** Takes the boxes of a frame (current and backfill) and returns the crossings decided by them. */
  update(boxes: readonly CountedBox[], frame: CountingFrame): Crossing[] {
    const crossings: Crossing[] = [];
    const begun: Link[] = [];
    for (const step of this.handOver.steps(boxes, frame)) {
      const traveller = this.travellers.get(step.trackId) ?? this.begin(step.trackId, step.label, step.link);
      traveller.label = step.label;
      if (step.link) begun.push(step.link);
      for (const course of traveller.courses) {
        for (const point of step.points) {
          hold(course.heldOwn, course.own.add(point));
          if (course.joined) hold(course.heldJoined, course.joined.add(point));
        }
      }
    }
    this.begun = begun;
    for (const [trackId, traveller] of this.travellers) crossings.push(...this.release(trackId, traveller));
    for (const trackId of this.handOver.forget(frame.ptsMs)) this.travellers.delete(trackId);
    return crossings;
  }

  /** Takes the tracks that ended and returns the crossings that only their end decides. */
  close(closed: readonly TrackSummary[]): Crossing[] {
    for (const { trackId } of closed) this.handOver.close(trackId);
    return this.decide(closed.map(({ trackId }) => trackId));
  }

  /**
   * Takes the tracks that are out of sight for long: decides what their end would. Should one come back, its path begins
   * anew, so that the time between makes no crossing.
   */
  rest(trackIds: readonly number[]): Crossing[] {
    if (trackIds.length === 0) return [];
    for (const trackId of trackIds) this.handOver.rest(trackId);
    const crossings = this.decide(trackIds);
    for (const trackId of trackIds) {
      this.travellers.get(trackId)?.courses.forEach((course, i) => {
        const line = this.lines[i];
        if (line) course.own = new LineProgress(line, this.settings);
      });
    }
    return crossings;
  }

  /** Forgets every path, but not the counts; from now on the lines of these names lie here. */
  restart(lines: readonly Line[]): void {
    this.lines = lines;
    this.handOver = new HandOver(this.settings);
    this.travellers.clear();
  }

  /** Counts so far by line name. */
  counts(): Record<string, LineCount> {
    return structuredClone(this.totals);
  }

  private decide(ended: readonly number[]): Crossing[] {
    const crossings: Crossing[] = [];
    for (const trackId of ended) {
      const traveller = this.travellers.get(trackId);
      if (!traveller) continue;
      if (traveller.link?.state === 'open') traveller.link.state = 'joined';
      crossings.push(...this.release(trackId, traveller));
      if (this.handOver.hasHeir(trackId)) continue;
      for (const course of traveller.courses) hold(course.heldOwn, course.own.conclude());
      crossings.push(...this.release(trackId, traveller));
    }
    for (const [trackId, traveller] of this.travellers) crossings.push(...this.release(trackId, traveller));
    return crossings;
  }

  private begin(trackId: number, label: string, link: Link | null): Traveller {
    const before = link ? this.travellers.get(link.from) : undefined;
    const courses = this.lines.map((line, i): Course => {
      const old = before?.courses[i];
      const joined = old ? (old.joined ?? old.own).copy() : null;
      return { own: new LineProgress(line, this.settings), joined, heldOwn: [], heldJoined: [] };
    });
    const traveller = { courses, link, label };
    this.travellers.set(trackId, traveller);
    return traveller;
  }

  /** Reports what is certain by now, line by line. */
  private release(trackId: number, traveller: Traveller): Crossing[] {
    const state = traveller.link?.state ?? 'parted';
    if (state !== 'open') traveller.link = null;
    return traveller.courses.flatMap((course, i) => {
      if (state === 'joined' && course.joined) {
        course.own = course.joined;
        course.heldOwn = course.heldJoined;
        course.heldJoined = [];
      }
      if (state !== 'open') course.joined = null;
      if (course.joined && !sameDirections(course.heldOwn, course.heldJoined)) return [];
      const found = course.heldOwn;
      if (found.length === 0 || !this.isWished(traveller.label)) return [];
      course.heldOwn = [];
      course.heldJoined = [];
      return found.map((crossing) =>
        this.count(this.lines[i]?.name ?? '', trackId, traveller.label, crossing),
      );
    });
  }

  private count(line: string, trackId: number, label: string, found: FoundCrossing): Crossing {
    const total = this.totals[line]?.[found.direction];
    if (total) {
      total.total++;
      total.byClass[label] = (total.byClass[label] ?? 0) + 1;
    }
    return { number: this.nextNumber++, line, label, trackId, ...found };
  }
}

function hold(list: FoundCrossing[], crossing: FoundCrossing | null): void {
  if (crossing) list.push(crossing);
}

function sameDirections(a: readonly FoundCrossing[], b: readonly FoundCrossing[]): boolean {
  return a.length === b.length && a.every((crossing, i) => crossing.direction === b[i]?.direction);
}
