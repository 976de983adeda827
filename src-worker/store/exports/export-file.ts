import type { ExportKind } from '#shared/contracts/main-store.contract.ts';
import type { IntervalMs } from '#shared/domain/count-interval.ts';
import type { LineRuns } from '#shared/domain/line-runs.ts';
import { openReader } from '../database.ts';
import { toStoreError } from '../sqlite-error.ts';
import { annotationLines } from './ass.ts';
import { correctionLines } from './corrections.ts';
import { countIntervalLines } from './count-intervals.ts';
import { countLines } from './counts.ts';
import { crossingLines } from './crossings.ts';
import { detectionLines } from './detections.ts';
import { type ExportLines, type ExportRun, loadExportRun } from './export-run.ts';
import { loiteringLines } from './loiterings.ts';
import { motDetectionLines, motLines } from './mot.ts';
import { movementCountLines } from './movement-counts.ts';
import { movementLines } from './movements.ts';
import { type Written, writeOutput } from './output-file.ts';
import { trackLines } from './tracks.ts';
import { zoneLines } from './zones.ts';

const linesOf: Readonly<Record<ExportKind, (run: ExportRun, intervalMs: IntervalMs) => ExportLines>> = {
  detections: detectionLines,
  tracks: trackLines,
  crossings: crossingLines,
  zones: zoneLines,
  loiterings: loiteringLines,
  movements: movementLines,
  'movement-counts': movementCountLines,
  counts: countLines,
  'count-intervals': countIntervalLines,
  corrections: correctionLines,
  mot: motLines,
  'mot-det': motDetectionLines,
  ass: annotationLines,
};

/** One file to write from a run. */
export interface ExportOrder {
  readonly runId: number;
  readonly kind: ExportKind;
  readonly outPath: string;
  /** Of `counts` and `count-intervals`: further runs of the same count. */
  readonly withRuns?: readonly number[] | undefined;
  readonly lineRuns?: LineRuns | undefined;
  /** Of `count-intervals`. */
  readonly intervalMs?: IntervalMs | undefined;
}

const DEFAULT_INTERVAL_MS = 900_000;

/**
 * Writes one file from the database at `databasePath`, as it stands at this moment, while writing to it goes on.
 * Throws NamedError `bad-argument` (no such run), `output-full`, `output-unwritable` or a `store-` kind.
 */
export async function writeExport(
  databasePath: string,
  { runId, withRuns = [], lineRuns, kind, outPath, intervalMs = DEFAULT_INTERVAL_MS }: ExportOrder,
  wrote: () => void = () => {},
): Promise<Written> {
  const db = openReader(databasePath);
  try {
    // One read transaction: a file made by several statements still shows one moment.
    db.exec('BEGIN');
    const run = loadExportRun(db, runId, { runIds: withRuns, lineRuns });
    return await writeOutput(outPath, linesOf[kind](run, intervalMs), wrote);
  } catch (thrown) {
    throw toStoreError(thrown);
  } finally {
    db.close();
  }
}
