import type { WireError } from '#shared/contracts/wire-error.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { PictureOutbox } from './evidence/picture-outbox.ts';
import type { DetectionJournal } from './journal/detection-journal.ts';
import type { RunLooks } from './looks/run-looks.ts';
import type { Detector } from './model/detector.ts';
import type { RowSpool } from './row-spool.ts';
import type { RunReports } from './run-reports.ts';

/** What a run of a source is made with. */
export interface SourceRunOptions {
  readonly sourceId: string;
  readonly runId: number;
  readonly settings: RunSettings;
  readonly detector: Detector;
  /** Takes the pictures of crossings; without it none are made. */
  readonly pictures?: PictureOutbox;
  /** Takes the looks of objects; without it they are followed by their boxes alone. */
  readonly looks?: RunLooks;
  /** What was seen in the film before; without it every frame is looked at. */
  readonly journal?: DetectionJournal;
  readonly spool: (onRoom: () => void, onFailed: (error: WireError) => void) => RowSpool;
  readonly reports: RunReports;
  readonly monoMs: () => number;
  readonly wallMs: () => number;
}
