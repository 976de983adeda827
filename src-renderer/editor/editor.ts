import type { Point } from '#shared/domain/point.ts';
import { DRAWINGS } from './drawings.ts';
import {
  type EditorEvent,
  type EditorScene,
  type EditorState,
  type EditorStep,
  IDLE,
  stay,
} from './editor-state.ts';
import { distance, handleAt, snapToPicture } from './geometry.ts';

type Drawing = Extract<EditorState, { kind: 'drawing' }>;
type Dragging = Extract<EditorState, { kind: 'dragging' }>;

/**
 * One step of the editor: pure, so every way of drawing can be tested without a window. All shapes are drawn by the
 * same rules; what is different between them is in the table of drawings.ts.
 */
export function stepEditor(state: EditorState, event: EditorEvent, scene: EditorScene): EditorStep {
  if (event.kind === 'tool-chosen') {
    const { tool } = event;
    return stay(tool === 'none' ? IDLE : { kind: 'drawing', tool, points: [], cursor: null });
  }
  switch (state.kind) {
    case 'idle':
      return take(event, scene);
    case 'drawing':
      return draw(state, event, scene);
    case 'dragging':
      return drag(state, event, scene);
  }
}

/** No tool in hand: a point of a shape can be taken. */
function take(event: EditorEvent, scene: EditorScene): EditorStep {
  if (event.kind !== 'pointer-down') return stay(IDLE);
  const handle = handleAt(scene.shapes, event.at, scene.reach);
  return stay(handle === null ? IDLE : { kind: 'dragging', ...handle });
}

/** Every click sets a point. Where two are enough, press, drag and release sets both. */
function draw(state: Drawing, event: EditorEvent, scene: EditorScene): EditorStep {
  const { points } = state;
  const { whole, outline } = DRAWINGS[state.tool];
  switch (event.kind) {
    case 'cancelled':
      // Each Esc takes a point back, the last one puts the tool away.
      return stay(points.length === 0 ? IDLE : { ...state, points: points.slice(0, -1) });
    case 'confirmed':
      return points.length === 0 ? stay(state) : finish(state, points, scene);
    case 'pointer-moved':
      return stay({ ...state, cursor: snapped(event.at, scene) });
    case 'pointer-up': {
      const at = snapped(event.at, scene);
      // Releasing the button where it was pressed is the end of the first click, not of the shape.
      if (whole !== 2 || points.length !== 1) return stay(state);
      const step = finish(state, [...points, at], scene);
      return step.state.kind === 'idle' ? step : stay({ ...state, cursor: at });
    }
    case 'pointer-down': {
      const at = snapped(event.at, scene);
      const [first, last] = [points[0], points.at(-1)];
      const closes = outline === 'area' && points.length >= 3 && whole === null;
      if (closes && first !== undefined && distance(first, event.at) <= scene.reach)
        return finish(state, points, scene);
      return setPoint(state, at, last, event.more === true, scene);
    }
    default:
      return stay(state);
  }
}

function setPoint(
  state: Drawing,
  at: Point,
  last: Point | undefined,
  more: boolean,
  scene: EditorScene,
): EditorStep {
  const { whole, most } = DRAWINGS[state.tool];
  const near = last !== undefined && distance(last, at) < scene.reach / 2;
  // A double click is one corner, and the end of a path of many; a shape of two points says why it is none.
  if (near && whole === 2 && state.points.length >= 2) return finish(state, state.points, scene);
  if (near && whole !== 2) return stay(state);
  const points = [...state.points, at];
  if (points.length > most) return finish(state, state.points, scene);
  const goesOn = whole === null || points.length < whole || (more && points.length < most);
  if (goesOn) return stay({ ...state, points, cursor: at });
  return finish({ ...state, cursor: at }, points, scene);
}

/** A shape that is none leaves everything as it was, and says why. */
function finish(state: Drawing, points: readonly Point[], scene: EditorScene): EditorStep {
  const problem = DRAWINGS[state.tool].problem(points, scene.reach);
  if (problem !== null) return stay(state, { kind: 'explain', text: problem });
  return stay(IDLE, { kind: 'drawn', tool: state.tool, points });
}

/** A point follows the pointer; its shape is only changed when the button is let go. */
function drag(state: Dragging, event: EditorEvent, scene: EditorScene): EditorStep {
  if (event.kind === 'cancelled') return stay(IDLE);
  if (event.kind !== 'pointer-moved' && event.kind !== 'pointer-up') return stay(state);
  const { shape, index } = state;
  const at = snapped(event.at, scene);
  const moved = { ...shape, points: shape.points.map((point, i) => (i === index ? at : point)) };
  if (event.kind === 'pointer-moved') return stay({ ...state, shape: moved });
  const before = scene.shapes.find(({ kind, name }) => kind === shape.kind && name === shape.name);
  const from = before?.points[index];
  if (from !== undefined && distance(from, at) < 1) return stay(IDLE);
  const problem = DRAWINGS[shape.kind].problem(moved.points, scene.reach);
  if (problem !== null) return stay(IDLE, { kind: 'explain', text: problem });
  return stay(IDLE, { kind: 'moved', shape: moved });
}

function snapped(at: Point, { picture, reach }: EditorScene): Point {
  return snapToPicture(at, picture, reach);
}
