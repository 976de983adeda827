import { DRAWINGS, type EditorTool } from '../editor/drawings.ts';
import { drawGround } from './draw-ground.ts';
import { drawDraft, drawForward, GATE_INK, LINE_INK, type LineInk } from './draw-lines.ts';
import { drawCropDraft } from './draw-regions.ts';
import { drawZone } from './draw-zones.ts';
import type { Placement } from './letterbox.ts';
import type { OverlayScene, OverlaySurface } from './overlay-scene.ts';

/** Kinds of paths: their colour, and what is on the side of the arrow. */
const PATHS: Readonly<Partial<Record<EditorTool, { readonly ink: LineInk; readonly words: string }>>> = {
  line: { ink: LINE_INK, words: 'forward' },
  gate: { ink: GATE_INK, words: 'in' },
};

/** What the person is drawing, or dragging, as it would be if it were done now. */
export function drawTool(surface: OverlaySurface, scene: OverlayScene, placement: Placement): void {
  const { editor } = scene;
  if (!scene.editable || editor.kind === 'idle') return;
  const tool = editor.kind === 'drawing' ? editor.tool : editor.shape.kind;
  const set = editor.kind === 'drawing' ? editor.points : editor.shape.points;
  const cursor = editor.kind === 'drawing' && editor.cursor !== null ? [editor.cursor] : [];
  const points = [...set, ...cursor];
  const path = PATHS[tool];
  if (path !== undefined) {
    drawDraft(surface, points, placement, path.ink);
    if (points.length > 1) drawForward(surface, points, placement, path.ink, path.words);
  } else if (DRAWINGS[tool].outline === 'box') {
    const [a, b] = points;
    if (a !== undefined && b !== undefined)
      drawCropDraft(surface, { x1: a.x, y1: a.y, x2: b.x, y2: b.y }, placement);
  } else if (tool === 'ground') {
    drawGround(surface, { points, sides: ['A', 'B'] }, placement);
  } else {
    drawZone(surface, { points, open: editor.kind === 'drawing', handles: true }, placement);
  }
}
