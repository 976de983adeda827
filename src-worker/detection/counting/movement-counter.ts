import type { Crossing } from '#shared/domain/line.ts';
import {
  type Gate,
  type GatePassage,
  type Movement,
  type MovementCounts,
  UNKNOWN_GATE,
} from '#shared/domain/movement.ts';
import type { TrackSummary } from '#shared/domain/track.ts';
import type { Link } from './hand-over.ts';

/** What one frame tells about the gates. `closed`: tracks that ended with it; `begun`: links of new tracks. */
export interface GateNews {
  crossings: readonly Crossing[];
  closed: readonly TrackSummary[];
  begun: readonly Link[];
  ptsMs: number;
}

/** A track as far as gates are concerned. */
interface Passer {
  /** Came in here and has not left yet. */
  inside: { passage: GatePassage; label: string } | null;
  /** Crossings that wait until it is known whether the track continues another. */
  held: Crossing[];
  link: Link | null;
  /** When the track was last seen, once it is closed. */
  closedMs: number | null;
}

/**
 * Joins the crossings of gates to movements: in by one, out by another. A track that continues another goes on with
 * that one's way in. What came in and is lost, or goes out and was never seen coming in, is told with an unknown
 * end, so that the sums of rows and columns are the crossings of the gates. Pure; fed by crossings and closed tracks.
 */
export class MovementCounter {
  private readonly gates: ReadonlyMap<string, Gate>;
  private readonly patienceMs: number;
  private readonly passers = new Map<number, Passer>();
  private readonly totals: MovementCounts = {};
  private nextNumber = 0;

  /** A closed track's way in is kept for `patienceMs` after it was last seen: another may still continue it. */
  constructor(gates: readonly Gate[], patienceMs: number) {
    this.gates = new Map(gates.map((gate) => [gate.name, gate]));
    this.patienceMs = patienceMs;
    const ins = gates.filter(({ use }) => use !== 'out').map(({ name }) => name);
    const outs = gates.filter(({ use }) => use !== 'in').map(({ name }) => name);
    for (const from of [...ins, UNKNOWN_GATE]) {
      const row: MovementCounts[string] = {};
      for (const to of from === UNKNOWN_GATE ? outs : [...outs, UNKNOWN_GATE]) {
        row[to] = { total: 0, byClass: {} };
      }
      this.totals[from] = row;
    }
  }

  /** Takes what a frame brought; returns the movements that are certain by now. */
  update({ crossings, closed, begun, ptsMs }: GateNews): Movement[] {
    for (const link of begun) this.passer(link.to).link = link;
    for (const crossing of crossings) this.passer(crossing.trackId).held.push(crossing);
    for (const { trackId, lastPtsMs } of closed) {
      const passer = this.passers.get(trackId);
      if (!passer) continue;
      passer.closedMs = lastPtsMs;
      if (passer.link?.state === 'open') passer.link.state = 'joined';
    }
    const movements: Movement[] = [];
    // in the order of their ids a track comes after the one it continues
    for (const [trackId, passer] of this.inOrder()) {
      movements.push(...this.decide(trackId, passer));
      if (passer.closedMs !== null && ptsMs - passer.closedMs > this.patienceMs) {
        movements.push(...this.lose(trackId, passer));
      }
    }
    return movements;
  }

  /** Nothing more comes: whoever is inside was lost there, or is there still. */
  finish(): Movement[] {
    const movements: Movement[] = [];
    for (const [trackId, passer] of this.inOrder()) {
      if (passer.link?.state === 'open') passer.link.state = 'joined';
      movements.push(...this.decide(trackId, passer));
    }
    for (const [trackId, passer] of this.inOrder()) movements.push(...this.lose(trackId, passer));
    return movements;
  }

  /** Counts so far: origin, then destination. */
  counts(): MovementCounts {
    return structuredClone(this.totals);
  }

  private inOrder(): [number, Passer][] {
    return [...this.passers].sort(([a], [b]) => a - b);
  }

  private passer(trackId: number): Passer {
    const known = this.passers.get(trackId);
    if (known) return known;
    const passer: Passer = { inside: null, held: [], link: null, closedMs: null };
    this.passers.set(trackId, passer);
    return passer;
  }

  private decide(trackId: number, passer: Passer): Movement[] {
    if (passer.link?.state === 'open') return [];
    if (passer.link?.state === 'joined') {
      const before = this.passers.get(passer.link.from);
      if (before && !passer.inside) {
        passer.inside = before.inside;
        before.inside = null;
      }
    }
    passer.link = null;
    const held = passer.held.sort((a, b) => a.ptsMs - b.ptsMs);
    passer.held = [];
    return held.flatMap((crossing) => this.pass(trackId, passer, crossing));
  }

  private pass(trackId: number, passer: Passer, crossing: Crossing): Movement[] {
    const { line, direction, label, frame, ptsMs } = crossing;
    const gate = this.gates.get(line);
    const isInward = direction === gate?.inward;
    if (!gate || gate.use === (isInward ? 'out' : 'in')) return [];
    const passage: GatePassage = { gate: line, frame, ptsMs };
    const { inside } = passer;
    passer.inside = isInward ? { passage, label } : null;
    if (!isInward) return [this.tell(trackId, label, inside?.passage ?? null, passage)];
    // in a second time: how it came out between was not seen
    return inside ? [this.tell(trackId, label, inside.passage, null)] : [];
  }

  private lose(trackId: number, { inside }: Passer): Movement[] {
    this.passers.delete(trackId);
    return inside ? [this.tell(trackId, inside.label, inside.passage, null)] : [];
  }

  private tell(
    trackId: number,
    label: string,
    entered: GatePassage | null,
    left: GatePassage | null,
  ): Movement {
    const cell = this.totals[entered?.gate ?? UNKNOWN_GATE]?.[left?.gate ?? UNKNOWN_GATE];
    if (cell) {
      cell.total++;
      cell.byClass[label] = (cell.byClass[label] ?? 0) + 1;
    }
    return { number: this.nextNumber++, label, trackId, entered, left };
  }
}
