import { decimal } from '../fixed-point.ts';
import { CSV_END, csvText } from './csv.ts';
import { type ExportLines, type ExportRun, timeUtc, utcText } from './export-run.ts';

/** zones.csv: one row for each stay of a track in a zone, in the order they ended. */
export function zoneLines(run: ExportRun): ExportLines {
  return {
    head: `zone,class,track_id,enter_frame,enter_pts_ms,enter_time_utc,leave_frame,leave_pts_ms,leave_time_utc,dwell_ms${CSV_END}`,
    rows: rows(run),
  };
}

function* rows(run: ExportRun): Iterable<string> {
  const utc = timeUtc(run);
  for (const row of run.queries.visits.iterate(run.runId)) {
    const [zone, label, trackId, enterFrame, enterPtsUs, leaveFrame, leavePtsUs, dwellUs, ...walls] = row;
    const [enterWallMs, leaveWallMs] = walls;
    const time = (ptsUs: number, wallMs: number | null): string =>
      wallMs === null ? utc(ptsUs) : utcText(wallMs);
    const enter = `${enterFrame},${decimal(enterPtsUs, 3)},${time(enterPtsUs, enterWallMs)}`;
    const leave = `${leaveFrame},${decimal(leavePtsUs, 3)},${time(leavePtsUs, leaveWallMs)}`;
    yield `${csvText(zone)},${csvText(label)},${trackId},${enter},${leave},${decimal(dwellUs, 3)}${CSV_END}`;
  }
}
