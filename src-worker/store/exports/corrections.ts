import { decimal } from '../fixed-point.ts';
import { CSV_END, csvText } from './csv.ts';
import { type ExportLines, type ExportRun, timeUtc } from './export-run.ts';

/**
 * corrections.csv: everything people said about the counts of the run, in the order they said it. `in_force` is 1
 * where it still holds. The machine's rows stay in crossings.csv as they were counted.
 */
export function correctionLines(run: ExportRun): ExportLines {
  return {
    head: `correction,kind,takes_back,crossing,line,direction,class,track_id,frame,pts_ms,time_utc,reason,note,by,made_utc,in_force${CSV_END}`,
    rows: rows(run),
  };
}

function* rows(run: ExportRun): Iterable<string> {
  const utc = timeUtc(run);
  for (const row of run.queries.corrections.iterate(run.runId)) {
    const [id, kind, target, crossing, line, direction, label, trackId, frame, ptsUs, ...said] = row;
    const [reason, note, by, madeWallMs, inForce] = said;
    const what = `${id},${kind},${target ?? ''},${crossing ?? ''},${csvText(line ?? '')},${direction ?? ''}`;
    const when = ptsUs === null ? ',' : `${decimal(ptsUs, 3)},${utc(ptsUs)}`;
    const made = new Date(madeWallMs).toISOString();
    yield `${what},${csvText(label ?? '')},${trackId ?? ''},${frame ?? ''},${when},${reason ?? ''},${csvText(note)},${csvText(by)},${made},${inForce}${CSV_END}`;
  }
}
