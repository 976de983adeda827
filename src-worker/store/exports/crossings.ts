import { decimal } from '../fixed-point.ts';
import { CSV_END, csvText } from './csv.ts';
import { type ExportLines, type ExportRun, timeUtc, utcText } from './export-run.ts';

/** crossings.csv: one row for each counted crossing, in the order they were counted. */
export function crossingLines(run: ExportRun): ExportLines {
  return {
    head: `line,direction,class,track_id,frame,pts_ms,time_utc,x,y${CSV_END}`,
    rows: rows(run),
  };
}

function* rows(run: ExportRun): Iterable<string> {
  const utc = timeUtc(run);
  for (const row of run.queries.crossings.iterate(run.runId)) {
    const [line, direction, label, trackId, frame, ptsUs, x, y, wallMs] = row;
    const what = `${csvText(line)},${csvText(direction)},${csvText(label)},${trackId}`;
    const when = wallMs === null ? utc(ptsUs) : utcText(wallMs);
    const where = `${frame},${decimal(ptsUs, 3)},${when},${decimal(x, 2)},${decimal(y, 2)}`;
    yield `${what},${where}${CSV_END}`;
  }
}
