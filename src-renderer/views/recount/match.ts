import type { Direction } from '#shared/domain/line.ts';

/** A crossing as either side has it. */
export interface CountedMoment {
  readonly line: string;
  readonly direction: Direction;
  readonly label: string;
  readonly ptsMs: number;
}

export interface Pair<M extends CountedMoment, H extends CountedMoment> {
  readonly machine: M;
  readonly human: H;
}

export interface Comparison<M extends CountedMoment, H extends CountedMoment> {
  /** Same line, direction and class, within the window. */
  readonly hits: readonly Pair<M, H>[];
  /** Same line and direction within the window, but of another class: one thing, named differently. */
  readonly renamed: readonly Pair<M, H>[];
  /** Seen by the person alone. */
  readonly missed: readonly H[];
  /** Counted by the machine alone. */
  readonly extra: readonly M[];
}

/**
 * Sets the crossings of the machine against those of a person. Greedy: of all pairs of one line and direction no
 * further apart than `windowMs`, the nearest in time is taken first, then the nearest of what is left; first among
 * those of the same class, then among all. Each crossing is used once.
 */
export function compare<M extends CountedMoment, H extends CountedMoment>(
  machine: readonly M[],
  human: readonly H[],
  windowMs: number,
): Comparison<M, H> {
  const free = { machine: new Set(machine), human: new Set(human) };
  const sameClass = pairsOf(machine, human, windowMs).filter(
    (pair) => pair.machine.label === pair.human.label,
  );
  const hits = taken(sameClass, free);
  const renamed = taken(pairsOf([...free.machine], [...free.human], windowMs), free);
  return { hits, renamed, missed: [...free.human], extra: [...free.machine] };
}

function pairsOf<M extends CountedMoment, H extends CountedMoment>(
  machine: readonly M[],
  human: readonly H[],
  windowMs: number,
): Pair<M, H>[] {
  return machine.flatMap((one) =>
    human
      .filter(
        ({ line, direction, ptsMs }) =>
          line === one.line && direction === one.direction && Math.abs(ptsMs - one.ptsMs) <= windowMs,
      )
      .map((other) => ({ machine: one, human: other })),
  );
}

function taken<M extends CountedMoment, H extends CountedMoment>(
  pairs: readonly Pair<M, H>[],
  free: { machine: Set<M>; human: Set<H> },
): Pair<M, H>[] {
  const apart = (pair: Pair<M, H>): number => Math.abs(pair.machine.ptsMs - pair.human.ptsMs);
  return [...pairs]
    .sort((a, b) => apart(a) - apart(b))
    .filter((pair) => {
      if (!free.machine.has(pair.machine) || !free.human.has(pair.human)) return false;
      free.machine.delete(pair.machine);
      free.human.delete(pair.human);
      return true;
    });
}

export interface ComparedRow {
  readonly line: string;
  readonly direction: Direction;
  readonly label: string;
  readonly machine: number;
  readonly human: number;
  readonly hits: number;
  readonly missed: number;
  readonly extra: number;
}

/**
 * The comparison by line, direction and class. A crossing that was named differently is missed in the person's class
 * and extra in the machine's.
 */
export function comparedRows(comparison: Comparison<CountedMoment, CountedMoment>): ComparedRow[] {
  const rows = new Map<string, { -readonly [K in keyof ComparedRow]: ComparedRow[K] }>();
  const rowOf = ({ line, direction, label }: CountedMoment) => {
    const key = JSON.stringify([line, direction, label]);
    const row = rows.get(key) ?? {
      line,
      direction,
      label,
      machine: 0,
      human: 0,
      hits: 0,
      missed: 0,
      extra: 0,
    };
    rows.set(key, row);
    return row;
  };
  const miss = (human: CountedMoment): void => {
    const row = rowOf(human);
    row.human += 1;
    row.missed += 1;
  };
  const exceed = (machine: CountedMoment): void => {
    const row = rowOf(machine);
    row.machine += 1;
    row.extra += 1;
  };
  for (const { human } of comparison.hits) {
    const row = rowOf(human);
    row.machine += 1;
    row.human += 1;
    row.hits += 1;
  }
  for (const { machine, human } of comparison.renamed) {
    miss(human);
    exceed(machine);
  }
  for (const human of comparison.missed) miss(human);
  for (const machine of comparison.extra) exceed(machine);
  return [...rows.values()].sort(
    (a, b) =>
      a.line.localeCompare(b.line) ||
      b.direction.localeCompare(a.direction) ||
      a.label.localeCompare(b.label),
  );
}
