import { decimal } from '../fixed-point.ts';
import { CSV_END, csvText } from './csv.ts';
import { type ExportLines, type ExportRun, timeUtc } from './export-run.ts';

/** tracks.csv: one row for each finished track. */
export function trackLines(run: ExportRun): ExportLines {
  return {
    head: `track_id,class,first_frame,last_frame,first_pts_ms,last_pts_ms,first_time_utc,last_time_utc,boxes,mean_confidence,end${CSV_END}`,
    rows: rows(run),
  };
}

function* rows(run: ExportRun): Iterable<string> {
  const utc = timeUtc(run);
  for (const row of run.queries.tracks.iterate(run.runId)) {
    const [trackId, label, firstFrame, lastFrame, firstPtsUs, lastPtsUs, boxes, meanConfidenceE4, end] = row;
    const times = [decimal(firstPtsUs, 3), decimal(lastPtsUs, 3), utc(firstPtsUs), utc(lastPtsUs)].join(',');
    const life = `${firstFrame},${lastFrame},${times},${boxes},${decimal(meanConfidenceE4, 4)}`;
    yield `${trackId},${csvText(label)},${life},${csvText(end)}${CSV_END}`;
  }
}
