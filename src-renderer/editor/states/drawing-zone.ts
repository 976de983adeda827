import {
  type EditorEvent,
  type EditorScene,
  type EditorState,
  type EditorStep,
  IDLE,
  stay,
} from '../editor-state.ts';
import { crossesItself, distance, snapToPicture } from '../geometry.ts';

type DrawingZone = Extract<EditorState, { kind: 'drawing-zone' }>;

const MAX_POINTS = 64;

/** Every click sets a corner; a click on the first corner, or Enter, closes the zone or mask. */
export function drawingZone(state: DrawingZone, event: EditorEvent, scene: EditorScene): EditorStep {
  switch (event.kind) {
    case 'cancelled':
      return stay(state.points.length === 0 ? IDLE : { ...state, points: state.points.slice(0, -1) });
    case 'pointer-moved':
      return stay({ ...state, cursor: snapToPicture(event.at, scene.picture, scene.reach) });
    case 'confirmed':
      return close(state);
    case 'pointer-down': {
      const at = snapToPicture(event.at, scene.picture, scene.reach);
      const first = state.points[0];
      if (first !== undefined && state.points.length >= 3 && distance(first, event.at) <= scene.reach) {
        return close(state);
      }
      const last = state.points.at(-1);
      if (last !== undefined && distance(last, at) < scene.reach / 2) return stay(state);
      if (state.points.length >= MAX_POINTS) return close(state);
      return stay({ ...state, points: [...state.points, at], cursor: at });
    }
    default:
      return stay(state);
  }
}

function close(state: DrawingZone): EditorStep {
  if (state.points.length < 3) {
    return stay(state, {
      kind: 'explain',
      text: `${state.purpose === 'zone' ? 'A zone' : 'An area'} needs at least three corners.`,
    });
  }
  if (crossesItself(state.points)) {
    return stay(state, {
      kind: 'explain',
      text: 'The outline crosses itself. Press Esc to take back the last corner.',
    });
  }
  const { purpose, points } = state;
  if (purpose === 'zone') return stay(IDLE, { kind: 'add-zone', points });
  return stay(IDLE, { kind: 'add-mask', which: purpose, points });
}
