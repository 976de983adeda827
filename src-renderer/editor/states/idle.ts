import { type EditorEvent, type EditorScene, type EditorStep, IDLE, stay } from '../editor-state.ts';
import { handleAt } from '../geometry.ts';

/** No tool in hand: an end point of a line can be taken and dragged. */
export function idle(event: EditorEvent, scene: EditorScene): EditorStep {
  if (event.kind !== 'pointer-down') return stay(IDLE);
  const handle = handleAt(scene.lines, event.at, scene.reach);
  const line = scene.lines.find((candidate) => candidate.name === handle?.line);
  if (handle === null || line === undefined) return stay(IDLE);
  return stay({ kind: 'dragging-point', line: line.name, index: handle.index, points: line.points });
}
