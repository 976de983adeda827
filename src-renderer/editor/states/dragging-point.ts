import {
  type EditorEvent,
  type EditorScene,
  type EditorState,
  type EditorStep,
  IDLE,
  stay,
} from '../editor-state.ts';
import { distance, snapToPicture } from '../geometry.ts';

type DraggingPoint = Extract<EditorState, { kind: 'dragging-point' }>;

/** One end of a line follows the pointer; the line is only changed when the button is let go. */
export function draggingPoint(state: DraggingPoint, event: EditorEvent, scene: EditorScene): EditorStep {
  if (event.kind === 'cancelled') return stay(IDLE);
  if (event.kind !== 'pointer-moved' && event.kind !== 'pointer-up') return stay(state);
  const at = snapToPicture(event.at, scene.picture, scene.reach);
  const points = state.points.map((point, index) => (index === state.index ? at : point));
  if (event.kind === 'pointer-moved') return stay({ ...state, points });
  const before = scene.lines.find((line) => line.name === state.line)?.points[state.index];
  if (before !== undefined && distance(before, at) < 1) return stay(IDLE);
  const length = points.reduce((sum, point, i) => sum + distance(point, points[i - 1] ?? point), 0);
  if (length < 2 * scene.reach) {
    return stay(IDLE, { kind: 'explain', text: 'That line would be too short to count over.' });
  }
  return stay(IDLE, { kind: 'move-line', line: state.line, points });
}
