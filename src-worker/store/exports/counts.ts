import { bothNumbers } from '#shared/domain/count-change.ts';
import type { Direction } from '#shared/domain/line.ts';
import { CSV_END, csvText } from './csv.ts';
import type { ExportLines, ExportRun } from './export-run.ts';

const directions: readonly Direction[] = ['forward', 'backward'];

/**
 * counts.csv: what was counted by line, direction and class, over all runs that are counted together. `corrected` is
 * the machine's number less the wrong and with the missed ones: the same as `machine` where nobody said anything. A
 * line that nothing crossed has one row with an empty class and 0, so that the rows add up to the totals.
 */
export function countLines(run: ExportRun): ExportLines {
  return { head: `line,direction,class,machine,wrong,missed,corrected${CSV_END}`, rows: rows(run) };
}

function* rows(run: ExportRun): Iterable<string> {
  const counts = run.crossings.counts(run.counted);
  const names = new Set([...run.settings.lines.map(({ name }) => name), ...counts.map(({ line }) => line)]);
  for (const name of names) {
    for (const direction of directions) {
      const own = counts.filter((count) => count.line === name && count.direction === direction);
      if (own.length === 0) yield `${csvText(name)},${direction},,0,0,0,0${CSV_END}`;
      for (const { label, machine, wrong, missed } of own) {
        const count = { line: name, direction, label, wrong, missed };
        const { corrected } = bothNumbers(machine, [count]);
        yield `${csvText(name)},${direction},${csvText(label)},${machine},${wrong},${missed},${corrected ?? machine}${CSV_END}`;
      }
    }
  }
}
