import {
  type EditorEvent,
  type EditorScene,
  type EditorState,
  type EditorStep,
  IDLE,
  stay,
} from '../editor-state.ts';
import { distance, snapToPicture } from '../geometry.ts';

type DrawingLine = Extract<EditorState, { kind: 'drawing-line' }>;

/** A line shorter than this many times the reach is taken for a slip of the hand. */
const SHORTEST = 2;

/** First click sets the start, the second the end; press, drag and release does the same in one go. */
export function drawingLine(state: DrawingLine, event: EditorEvent, scene: EditorScene): EditorStep {
  switch (event.kind) {
    case 'cancelled':
      // The first Esc gives up the line begun, the second puts the tool away.
      return stay(state.start === null ? IDLE : { ...state, start: null });
    case 'pointer-moved':
      return stay({ ...state, cursor: snapToPicture(event.at, scene.picture, scene.reach) });
    case 'pointer-down': {
      const at = snapToPicture(event.at, scene.picture, scene.reach);
      if (state.start === null) return stay({ ...state, start: at, cursor: at });
      return finish(state, state.start, at, scene, true);
    }
    case 'pointer-up':
      if (state.start === null) return stay(state);
      return finish(state, state.start, snapToPicture(event.at, scene.picture, scene.reach), scene, false);
    default:
      return stay(state);
  }
}

function finish(
  state: DrawingLine,
  start: { x: number; y: number },
  end: { x: number; y: number },
  scene: EditorScene,
  explain: boolean,
): EditorStep {
  if (distance(start, end) >= SHORTEST * scene.reach) {
    return stay(IDLE, { kind: 'add-line', points: [start, end] });
  }
  // Releasing the button where it was pressed is the end of the first click, not of the line.
  if (!explain) return stay({ ...state, cursor: end });
  return stay({ ...state, cursor: end }, { kind: 'explain', text: 'That line is too short to count over.' });
}
