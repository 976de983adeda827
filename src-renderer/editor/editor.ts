import {
  type EditorEvent,
  type EditorScene,
  type EditorState,
  type EditorStep,
  IDLE,
  stay,
} from './editor-state.ts';
import { draggingPoint } from './states/dragging-point.ts';
import { drawingCrop } from './states/drawing-crop.ts';
import { drawingLine } from './states/drawing-line.ts';
import { drawingZone } from './states/drawing-zone.ts';
import { idle } from './states/idle.ts';

/** One step of the editor: pure, so every way of drawing can be tested without a window. */
export function stepEditor(state: EditorState, event: EditorEvent, scene: EditorScene): EditorStep {
  if (event.kind === 'tool-chosen') {
    if (event.tool === 'line') return stay({ kind: 'drawing-line', start: null, cursor: null });
    if (event.tool === 'crop') return stay({ kind: 'drawing-crop', start: null, cursor: null });
    if (event.tool === 'none') return stay(IDLE);
    return stay({ kind: 'drawing-zone', purpose: event.tool, points: [], cursor: null });
  }
  switch (state.kind) {
    case 'idle':
      return idle(event, scene);
    case 'drawing-line':
      return drawingLine(state, event, scene);
    case 'dragging-point':
      return draggingPoint(state, event, scene);
    case 'drawing-zone':
      return drawingZone(state, event, scene);
    case 'drawing-crop':
      return drawingCrop(state, event, scene);
  }
}
