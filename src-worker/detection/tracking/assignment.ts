/**
 * Sparse list of allowed pairs (row, column, cost) of one assignment problem; pairs that were not added are
 * forbidden. Reused from call to call so that a frame allocates nothing here.
 */
export class PairList {
  rows = 0;
  columns = 0;
  size = 0;
  row = new Int32Array(64);
  column = new Int32Array(64);
  cost = new Float64Array(64);

  reset(rows: number, columns: number): void {
    this.rows = rows;
    this.columns = columns;
    this.size = 0;
  }

  /** Adds an allowed pair. Throws RangeError for a cost that is NaN or infinite, or an index out of range. */
  add(row: number, column: number, cost: number): void {
    if (!Number.isFinite(cost)) throw new RangeError(`assignment cost must be finite, got ${cost}`);
    if (!(row >= 0 && row < this.rows && column >= 0 && column < this.columns)) {
      throw new RangeError(`assignment pair ${row},${column} is outside ${this.rows} x ${this.columns}`);
    }
    if (this.size === this.row.length) this.grow();
    this.row[this.size] = row;
    this.column[this.size] = column;
    this.cost[this.size] = cost;
    this.size++;
  }

  private grow(): void {
    const length = this.size * 2;
    const [row, column, cost] = [new Int32Array(length), new Int32Array(length), new Float64Array(length)];
    row.set(this.row);
    column.set(this.column);
    cost.set(this.cost);
    this.row = row;
    this.column = column;
    this.cost = cost;
  }
}

const at = (array: Int32Array | Float64Array, index: number): number => array[index] ?? 0;

/**
 * Assignment of rows to columns that minimises the sum of (cost - limit) over the chosen pairs: leaving both ends
 * of a pair alone costs `limit`, so a pair above the limit is never chosen. Returns for each row its column, or -1.
 *
 * Pairs fall into connected groups (objects near each other), which are independent problems; each is solved by
 * shortest augmenting paths with potentials (Jonker and Volgenant, Computing 38, 1987), O(n^3) in the group.
 */
export function assign(pairs: PairList, limit: number): Int32Array {
  if (!Number.isFinite(limit)) throw new RangeError(`assignment limit must be finite, got ${limit}`);
  const result = new Int32Array(pairs.rows).fill(-1);
  const contested = takeAlone(pairs, limit, result);
  if (contested.length > 0)
    for (const group of groups(pairs, contested)) solveGroup(pairs, group, limit, result);
  return result;
}

/** Gives each other what nobody else may have, and returns the indices of the pairs within the limit that are left. */
function takeAlone(pairs: PairList, limit: number, result: Int32Array): number[] {
  const { size, rows, row, column, cost } = pairs;
  const pairsOf = new Uint16Array(rows + pairs.columns);
  const count = (node: number): void => {
    pairsOf[node] = (pairsOf[node] as number) + 1;
  };
  for (let i = 0; i < size; i++) {
    if ((cost[i] as number) > limit) continue;
    count(row[i] as number);
    count(rows + (column[i] as number));
  }
  const contested: number[] = [];
  for (let i = 0; i < size; i++) {
    if ((cost[i] as number) > limit) continue;
    const [r, c] = [row[i] as number, column[i] as number];
    if (pairsOf[r] === 1 && pairsOf[rows + c] === 1) result[r] = c;
    else contested.push(i);
  }
  return contested;
}

/** The pairs in one list per connected group, in the order of their first pair. */
function groups(pairs: PairList, among: readonly number[]): number[][] {
  const parent = new Int32Array(pairs.rows + pairs.columns);
  for (let i = 0; i < parent.length; i++) parent[i] = i;
  const find = (node: number): number => {
    let root = node;
    while (at(parent, root) !== root) root = at(parent, root);
    while (at(parent, node) !== root) {
      const next = at(parent, node);
      parent[node] = root;
      node = next;
    }
    return root;
  };
  for (const i of among) {
    const [a, b] = [find(at(pairs.row, i)), find(pairs.rows + at(pairs.column, i))];
    if (a !== b) parent[Math.max(a, b)] = Math.min(a, b);
  }
  const byRoot = new Map<number, number[]>();
  for (const i of among) {
    const root = find(at(pairs.row, i));
    const list = byRoot.get(root);
    if (list) list.push(i);
    else byRoot.set(root, [i]);
  }
  return [...byRoot.values()];
}

/** Solves one group; row r may also stay alone by taking its own dummy column at cost 0. */
function solveGroup(pairs: PairList, group: readonly number[], limit: number, result: Int32Array): void {
  const rows = [...new Set(group.map((i) => at(pairs.row, i)))].sort((a, b) => a - b);
  const columns = [...new Set(group.map((i) => at(pairs.column, i)))].sort((a, b) => a - b);
  const rowIndex = new Map(rows.map((row, i) => [row, i]));
  const columnIndex = new Map(columns.map((column, i) => [column, i]));
  const [n, m] = [rows.length, columns.length + rows.length];
  const cost = new Float64Array(n * m).fill(Number.POSITIVE_INFINITY);
  for (let r = 0; r < n; r++) cost[r * m + columns.length + r] = 0;
  for (const i of group) {
    const cell = (rowIndex.get(at(pairs.row, i)) ?? 0) * m + (columnIndex.get(at(pairs.column, i)) ?? 0);
    cost[cell] = Math.min(at(cost, cell), at(pairs.cost, i) - limit);
  }
  const rowOf = shortestAugmentingPaths(cost, n, m);
  for (let c = 0; c < columns.length; c++) {
    const r = at(rowOf, c);
    if (r >= 0) result[rows[r] ?? 0] = columns[c] ?? -1;
  }
}

/** Column to row (-1 for none) of the cheapest assignment of all n rows to m >= n columns; infinite = forbidden. */
function shortestAugmentingPaths(cost: Float64Array, n: number, m: number): Int32Array {
  const rowOf = new Int32Array(m).fill(-1);
  const rowPotential = new Float64Array(n);
  const columnPotential = new Float64Array(m);
  const distance = new Float64Array(m);
  const previous = new Int32Array(m);
  const done = new Uint8Array(m);
  for (let start = 0; start < n; start++) {
    distance.fill(Number.POSITIVE_INFINITY);
    previous.fill(-1);
    done.fill(0);
    let row = start;
    let from = -1;
    let reached = 0;
    let end = -1;
    while (end < 0) {
      let best = -1;
      for (let c = 0; c < m; c++) {
        if (done[c] === 1) continue;
        const path = reached + at(cost, row * m + c) - at(rowPotential, row) - at(columnPotential, c);
        if (path < at(distance, c)) {
          distance[c] = path;
          previous[c] = from;
        }
        if (best < 0 || at(distance, c) < at(distance, best)) best = c;
      }
      reached = at(distance, best);
      done[best] = 1;
      if (at(rowOf, best) < 0) end = best;
      else {
        from = best;
        row = at(rowOf, best);
      }
    }
    rowPotential[start] = at(rowPotential, start) + reached;
    for (let c = 0; c < m; c++) {
      if (done[c] === 0 || c === end) continue;
      const gain = reached - at(distance, c);
      columnPotential[c] = at(columnPotential, c) - gain;
      rowPotential[at(rowOf, c)] = at(rowPotential, at(rowOf, c)) + gain;
    }
    for (let c = end; ; ) {
      const before = at(previous, c);
      rowOf[c] = before < 0 ? start : at(rowOf, before);
      if (before < 0) break;
      c = before;
    }
  }
  return rowOf;
}
