import { type Gate, type MovementCounts, UNKNOWN_GATE } from '#shared/domain/movement.ts';

/** How many a matrix holds of one class, or of all. */
function cellOf(counts: MovementCounts, from: string, to: string, label: string | null): number {
  const cell = counts[from]?.[to];
  if (cell === undefined) return 0;
  return label === null ? cell.total : (cell.byClass[label] ?? 0);
}

interface GateTotal {
  readonly entered: number | null;
  readonly left: number | null;
}

/** How many came in, and left, through a gate; null when no gate was there while it was counted. */
export function gateTotals(counts: MovementCounts | undefined): (gate: string) => GateTotal {
  if (counts === undefined) return () => ({ entered: null, left: null });
  const cells = Object.entries(counts).flatMap(([from, row]) =>
    Object.entries(row).map(([to, { total }]) => ({ from, to, total })),
  );
  const sum = (way: 'from' | 'to', gate: string): number =>
    cells.reduce((all, cell) => (cell[way] === gate ? all + cell.total : all), 0);
  return (gate) => ({ entered: sum('from', gate), left: sum('to', gate) });
}

export interface MatrixRow {
  readonly from: string;
  readonly cells: readonly { readonly to: string; readonly count: number }[];
  readonly total: number;
}

/** The matrix as a table: rows and columns in the order of the gates, what no gate saw last. */
export interface Matrix {
  readonly columns: readonly string[];
  readonly rows: readonly MatrixRow[];
  readonly columnTotals: readonly number[];
  readonly total: number;
  readonly through: number;
  readonly uTurns: number;
  readonly unknown: number;
}

/** `label`: the class that is looked at; null: all. */
export function matrixOf(gates: readonly Gate[], counts: MovementCounts, label: string | null): Matrix {
  const met = [...Object.keys(counts), ...Object.values(counts).flatMap((row) => Object.keys(row))];
  const known = new Set([...gates.map(({ name }) => name), ...met]);
  known.delete(UNKNOWN_GATE);
  const names = [...known, UNKNOWN_GATE];
  const rows = names.map((from): MatrixRow => {
    const cells = names.map((to) => ({ to, count: cellOf(counts, from, to, label) }));
    return { from, cells, total: cells.reduce((sum, { count }) => sum + count, 0) };
  });
  const cells = rows.flatMap(({ from, cells: own }) => own.map(({ to, count }) => ({ from, to, count })));
  const sum = (which: (cell: { from: string; to: string }) => boolean): number =>
    cells.reduce((all, cell) => (which(cell) ? all + cell.count : all), 0);
  const isUnknown = ({ from, to }: { from: string; to: string }): boolean =>
    from === UNKNOWN_GATE || to === UNKNOWN_GATE;
  return {
    columns: names,
    rows,
    columnTotals: names.map((name) => sum(({ to }) => to === name)),
    total: sum(() => true),
    through: sum((cell) => !isUnknown(cell) && cell.from !== cell.to),
    uTurns: sum((cell) => !isUnknown(cell) && cell.from === cell.to),
    unknown: sum(isUnknown),
  };
}

/** The classes that moved, by name. */
export function movedLabels(counts: MovementCounts): string[] {
  const labels = Object.values(counts).flatMap((row) =>
    Object.values(row).flatMap(({ byClass }) => Object.keys(byClass)),
  );
  return [...new Set(labels)].sort();
}
