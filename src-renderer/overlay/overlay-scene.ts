import type { CountChange } from '#shared/domain/count-change.ts';
import type { Line } from '#shared/domain/line.ts';
import type { Gate } from '#shared/domain/movement.ts';
import type { Point } from '#shared/domain/point.ts';
import type { Regions, RunCounts } from '#shared/domain/run.ts';
import type { Zone } from '#shared/domain/zone.ts';
import type { EditorState } from '../editor/editor-state.ts';
import type { Size } from './letterbox.ts';

/** A rectangle on the ground: four corners on the picture, and words for its first two sides. */
export interface GroundLook {
  readonly points: readonly Point[];
  /** Of the side from the first corner to the second, and of the one after it. */
  readonly sides: readonly string[];
}

/** What is drawn over a picture besides its boxes. */
export interface OverlayScene {
  /** The run on show; boxes and counts of an earlier one are not drawn. */
  readonly runId: number | null;
  /** Size of the source's picture when it is known before the first picture came. */
  readonly source: Size | null;
  readonly lines: readonly Line[];
  readonly zones: readonly Zone[];
  readonly gates: readonly Gate[];
  /** The rectangle on the ground with the lengths of its sides, as far as they are known. */
  readonly ground: GroundLook | null;
  /** How far people moved the counts: shown beside them. */
  readonly changes: readonly CountChange[];
  /** Which part of the picture is looked at; null: all of it. */
  readonly regions: Regions | null;
  /** Counts of the run as a whole: drawn when it is over, or when a picture brought none of its own. */
  readonly counts: RunCounts | null;
  readonly goingOn: boolean;
  /** Counts of each picture stand for themselves: there were no runs before whose counts go on. */
  readonly alone: boolean;
  readonly editor: EditorState;
  /** Lines can be changed here: their end points are shown as handles. */
  readonly editable: boolean;
  readonly reducedMotion: boolean;
  /** Nothing of what the machine found is drawn: a person counts for themselves. */
  readonly blind?: boolean;
}

/** Canvas, its placement and how many canvas pixels one CSS pixel has. */
export interface OverlaySurface {
  readonly context: CanvasRenderingContext2D;
  readonly ratio: number;
}
