import { UNKNOWN_GATE } from '#shared/domain/movement.ts';
import { CSV_END, csvText } from './csv.ts';
import type { ExportLines, ExportRun } from './export-run.ts';

/**
 * movement-counts.csv: the matrix of origins and destinations, one row for each pair and class that was met. `kind` is
 * u-turn for one that left by the gate it came by, and unknown where an end was not seen.
 */
export function movementCountLines(run: ExportRun): ExportLines {
  return { head: `from,to,kind,class,count${CSV_END}`, rows: rows(run) };
}

function* rows(run: ExportRun): Iterable<string> {
  const counts = new Map<string, { from: string; to: string; label: string; count: number }>();
  for (const [from, to, label] of run.queries.movements.iterate(run.runId)) {
    const way = { from: from ?? UNKNOWN_GATE, to: to ?? UNKNOWN_GATE, label };
    const key = JSON.stringify(way);
    counts.set(key, { ...way, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const gates = [...(run.settings.gates ?? []).map(({ name }) => name), UNKNOWN_GATE];
  const place = (name: string): number => (gates.includes(name) ? gates.indexOf(name) : gates.length);
  const sorted = [...counts.values()].sort(
    (a, b) => place(a.from) - place(b.from) || place(a.to) - place(b.to) || (a.label < b.label ? -1 : 1),
  );
  for (const { from, to, label, count } of sorted) {
    const unknown = from === UNKNOWN_GATE || to === UNKNOWN_GATE;
    const kind = unknown ? 'unknown' : from === to ? 'u-turn' : 'through';
    yield `${csvText(from)},${csvText(to)},${kind},${csvText(label)},${count}${CSV_END}`;
  }
}
