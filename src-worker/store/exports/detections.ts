import { basename } from 'node:path';
import { decimal } from '../fixed-point.ts';
import { CSV_END, csvText, csvTextCache } from './csv.ts';
import { type ExportLines, type ExportRun, timeUtc } from './export-run.ts';

/** detections.csv: every found or interpolated box of every track, by frame and track. */
export function detectionLines(run: ExportRun): ExportLines {
  return {
    head: `source,frame,pts_ms,time_utc,track_id,class,confidence,x1,y1,x2,y2${CSV_END}`,
    rows: rows(run),
  };
}

function* rows(run: ExportRun): Iterable<string> {
  const source = csvText(basename(run.path));
  const utc = timeUtc(run);
  const text = csvTextCache();
  let lastPtsUs = Number.NaN;
  let times = '';
  for (const row of run.queries.detections.iterate(run.runId)) {
    const [frame, trackId, ptsUs, label, confidenceE4, x1, y1, x2, y2] = row;
    // The boxes of a frame follow each other: its times are written once.
    if (ptsUs !== lastPtsUs) {
      lastPtsUs = ptsUs;
      times = `${decimal(ptsUs, 3)},${utc(ptsUs)}`;
    }
    const box = `${decimal(x1, 2)},${decimal(y1, 2)},${decimal(x2, 2)},${decimal(y2, 2)}`;
    yield `${source},${frame},${times},${trackId},${text(label)},${decimal(confidenceE4, 4)},${box}${CSV_END}`;
  }
}
