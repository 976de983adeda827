import { decimal } from '../fixed-point.ts';
import { CSV_END, csvText } from './csv.ts';
import { type ExportLines, type ExportRun, timeUtc, utcText } from './export-run.ts';

/** loiterings.csv: one row for each stay that became loitering; `pts_ms` is when the zone's threshold was reached. */
export function loiteringLines(run: ExportRun): ExportLines {
  return {
    head: `zone,class,track_id,enter_frame,enter_pts_ms,pts_ms,time_utc${CSV_END}`,
    rows: rows(run),
  };
}

function* rows(run: ExportRun): Iterable<string> {
  const utc = timeUtc(run);
  for (const row of run.queries.loiterings.iterate(run.runId)) {
    const [zone, label, trackId, enterFrame, enterPtsUs, ptsUs, wallMs] = row;
    const when = wallMs === null ? utc(ptsUs) : utcText(wallMs);
    yield `${csvText(zone)},${csvText(label)},${trackId},${enterFrame},${decimal(enterPtsUs, 3)},${decimal(ptsUs, 3)},${when}${CSV_END}`;
  }
}
