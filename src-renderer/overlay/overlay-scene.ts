import type { Line } from '#shared/domain/line.ts';
import type { RunCounts } from '#shared/domain/run.ts';
import type { Zone } from '#shared/domain/zone.ts';
import type { EditorState } from '../editor/editor-state.ts';
import type { Size } from './letterbox.ts';

/** What is drawn over a picture besides its boxes. */
export interface OverlayScene {
  /** Size of the source's picture when it is known before the first picture came. */
  readonly source: Size | null;
  readonly lines: readonly Line[];
  readonly zones: readonly Zone[];
  /** Counts at the end of a run, for pictures that brought none. */
  readonly counts: RunCounts | null;
  readonly editor: EditorState;
  /** Lines can be changed here: their end points are shown as handles. */
  readonly editable: boolean;
  readonly reducedMotion: boolean;
}

/** Canvas, its placement and how many canvas pixels one CSS pixel has. */
export interface OverlaySurface {
  readonly context: CanvasRenderingContext2D;
  readonly ratio: number;
}
