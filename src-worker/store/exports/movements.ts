import { UNKNOWN_GATE } from '#shared/domain/movement.ts';
import { decimal } from '../fixed-point.ts';
import { CSV_END, csvText } from './csv.ts';
import { type ExportLines, type ExportRun, timeUtc, utcText } from './export-run.ts';

/** movements.csv: one row for each way from gate to gate, in the order they were certain. */
export function movementLines(run: ExportRun): ExportLines {
  return {
    head: `from,to,class,track_id,enter_frame,enter_pts_ms,enter_time_utc,leave_frame,leave_pts_ms,leave_time_utc${CSV_END}`,
    rows: rows(run),
  };
}

function* rows(run: ExportRun): Iterable<string> {
  const utc = timeUtc(run);
  const end = (frame: number | null, ptsUs: number | null, wallMs: number | null): string => {
    if (frame === null || ptsUs === null) return ',,';
    return `${frame},${decimal(ptsUs, 3)},${wallMs === null ? utc(ptsUs) : utcText(wallMs)}`;
  };
  for (const row of run.queries.movements.iterate(run.runId)) {
    const [
      from,
      to,
      label,
      trackId,
      enterFrame,
      enterPtsUs,
      enterWallMs,
      leaveFrame,
      leavePtsUs,
      leaveWallMs,
    ] = row;
    const what = [from ?? UNKNOWN_GATE, to ?? UNKNOWN_GATE, label].map(csvText).join(',');
    const ends = `${end(enterFrame, enterPtsUs, enterWallMs)},${end(leaveFrame, leavePtsUs, leaveWallMs)}`;
    yield `${what},${trackId},${ends}${CSV_END}`;
  }
}
