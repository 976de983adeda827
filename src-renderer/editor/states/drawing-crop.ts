import type { Point } from '#shared/domain/point.ts';
import {
  type EditorEvent,
  type EditorScene,
  type EditorState,
  type EditorStep,
  IDLE,
  stay,
} from '../editor-state.ts';
import { snapToPicture } from '../geometry.ts';

type DrawingCrop = Extract<EditorState, { kind: 'drawing-crop' }>;

/** The smallest side of a cut-out, in pixels of the source: below that there is nothing to find. */
const SMALLEST = 32;

/** Two corners: by two clicks, or by press, drag and release. */
export function drawingCrop(state: DrawingCrop, event: EditorEvent, scene: EditorScene): EditorStep {
  switch (event.kind) {
    case 'cancelled':
      return stay(state.start === null ? IDLE : { ...state, start: null });
    case 'pointer-moved':
      return stay({ ...state, cursor: snapToPicture(event.at, scene.picture, scene.reach) });
    case 'pointer-down': {
      const at = snapToPicture(event.at, scene.picture, scene.reach);
      if (state.start === null) return stay({ ...state, start: at, cursor: at });
      return finish(state, state.start, at, true);
    }
    case 'pointer-up':
      if (state.start === null) return stay(state);
      return finish(state, state.start, snapToPicture(event.at, scene.picture, scene.reach), false);
    default:
      return stay(state);
  }
}

function finish(state: DrawingCrop, start: Point, end: Point, explain: boolean): EditorStep {
  const box = {
    x1: Math.min(start.x, end.x),
    y1: Math.min(start.y, end.y),
    x2: Math.max(start.x, end.x),
    y2: Math.max(start.y, end.y),
  };
  if (box.x2 - box.x1 >= SMALLEST && box.y2 - box.y1 >= SMALLEST)
    return stay(IDLE, { kind: 'set-crop', box });
  // Releasing the button where it was pressed is the end of the first click.
  if (!explain) return stay({ ...state, cursor: end });
  return stay(
    { ...state, cursor: end },
    { kind: 'explain', text: `A cut-out has to be at least ${SMALLEST} pixels wide and high.` },
  );
}
