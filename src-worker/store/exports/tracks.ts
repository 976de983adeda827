import { decimal } from '../fixed-point.ts';
import { CSV_END, csvText } from './csv.ts';
import { type ExportLines, type ExportRun, timeUtc } from './export-run.ts';

/**
 * tracks.csv: one row for each finished track. Of a run on calibrated ground, its speed and half of the 95 % interval
 * come last, empty for a track that was not on that ground long enough.
 */
export function trackLines(run: ExportRun): ExportLines {
  const speed = run.settings.calibration ? ',speed_kmh,speed_uncertainty_kmh' : '';
  return {
    head: `track_id,class,first_frame,last_frame,first_pts_ms,last_pts_ms,first_time_utc,last_time_utc,boxes,mean_confidence,end${speed}${CSV_END}`,
    rows: rows(run),
  };
}

function* rows(run: ExportRun): Iterable<string> {
  const utc = timeUtc(run);
  const speedOf = speeds(run);
  for (const row of run.queries.tracks.iterate(run.runId)) {
    const [trackId, label, firstFrame, lastFrame, firstPtsUs, lastPtsUs, boxes, meanConfidenceE4, end] = row;
    const times = [decimal(firstPtsUs, 3), decimal(lastPtsUs, 3), utc(firstPtsUs), utc(lastPtsUs)].join(',');
    const life = `${firstFrame},${lastFrame},${times},${boxes},${decimal(meanConfidenceE4, 4)}`;
    yield `${trackId},${csvText(label)},${life},${csvText(end)}${speedOf(trackId)}${CSV_END}`;
  }
}

/** The columns of a track's speed, with the comma before them. */
function speeds(run: ExportRun): (trackId: number) => string {
  if (!run.settings.calibration) return () => '';
  const known = new Map<number, string>();
  for (const [trackId, kmhE3, uncertaintyE3] of run.queries.speeds.iterate(run.runId)) {
    known.set(trackId, `,${decimal(kmhE3, 3)},${decimal(uncertaintyE3, 3)}`);
  }
  return (trackId) => known.get(trackId) ?? ',,';
}
