import { decimal } from '../fixed-point.ts';
import type { ExportLines, ExportRun } from './export-run.ts';

/**
 * MOTChallenge 2D text (motchallenge.net/instructions): frame from 1, id, left, top, width, height, confidence and
 * three unused world coordinates. The boxes of detections.csv.
 */
export function motLines(run: ExportRun): ExportLines {
  return { head: '', rows: trackedRows(run) };
}

/** The same with id -1, as MOTChallenge's det.txt has it: what the model found, before tracking. */
export function motDetectionLines(run: ExportRun): ExportLines {
  return { head: '', rows: rawRows(run) };
}

function* trackedRows(run: ExportRun): Iterable<string> {
  for (const row of run.queries.detections.iterate(run.runId)) {
    const [frame, trackId, , , confidenceE4, x1, y1, x2, y2] = row;
    yield motRow(frame, trackId, x1, y1, x2, y2, confidenceE4);
  }
}

function* rawRows(run: ExportRun): Iterable<string> {
  for (const [frame, confidenceE4, x1, y1, x2, y2] of run.queries.rawDetections.iterate(run.runId)) {
    yield motRow(frame, -1, x1, y1, x2, y2, confidenceE4);
  }
}

function motRow(
  frame: number,
  id: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  confidenceE4: number,
): string {
  const place = `${decimal(x1, 2)},${decimal(y1, 2)},${decimal(x2 - x1, 2)},${decimal(y2 - y1, 2)}`;
  return `${frame + 1},${id},${place},${decimal(confidenceE4, 4)},-1,-1,-1\n`;
}
