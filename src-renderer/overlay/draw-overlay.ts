import type { RunCounts } from '#shared/domain/run.ts';
import type { LivePicture, SourceFeed } from '../live/source-feed.ts';
import { drawBoxes, drawTrails } from './draw-boxes.ts';
import { drawDraft, drawForward, drawLine } from './draw-lines.ts';
import { drawCropDraft, drawRegions } from './draw-regions.ts';
import { drawZone } from './draw-zones.ts';
import type { MatchedPicture } from './frame-matcher.ts';
import type { Rect } from './label-places.ts';
import type { Placement } from './letterbox.ts';
import type { OverlayScene, OverlaySurface } from './overlay-scene.ts';

/** Everything over one picture: zones, trails, boxes, lines with their counts, and what is being drawn. */
export function drawOverlay(
  surface: OverlaySurface,
  scene: OverlayScene,
  shown: MatchedPicture<LivePicture> | null,
  feed: SourceFeed,
  placement: Placement,
  nowMs: number,
): void {
  // Without a picture there is nothing to lay anything over, unless somebody is drawing.
  if (shown === null && (!scene.editable || scene.editor.kind === 'idle')) return;
  if (scene.blind === true) {
    for (const { name, points } of scene.lines) {
      drawLine(surface, { name, points, count: null, flash: 0, handles: false }, placement);
    }
    return;
  }
  const current = shown?.picture.payload.runId === scene.runId ? shown : null;
  const counts = (scene.goingOn && scene.alone ? current?.result?.counts : null) ?? scene.counts;
  if (scene.regions !== null) drawRegions(surface, scene.regions, placement);
  for (const zone of scene.zones) {
    const inside = counts?.zones[zone.name]?.occupancy;
    const words = inside === undefined ? zone.name : `${zone.name} · ${inside} inside`;
    drawZone(surface, { points: zone.points, words, open: false }, placement);
  }
  const taken = drawLines(surface, scene, counts, feed, placement, nowMs);
  if (current !== null) {
    const ptsMs = current.picture.ptsMs ?? current.result?.ptsMs ?? 0;
    drawTrails(surface, current.boxes, feed.trails, ptsMs, placement);
    drawBoxes(surface, current.boxes, placement, taken);
  }
  drawTool(surface, scene, placement);
}

/** Draws every line; returns where its words are, so that the labels of boxes keep clear of them. */
function drawLines(
  surface: OverlaySurface,
  scene: OverlayScene,
  counts: RunCounts | null,
  feed: SourceFeed,
  placement: Placement,
  nowMs: number,
): Rect[] {
  const { editor } = scene;
  const taken: Rect[] = [];
  for (const line of scene.lines) {
    const dragged = editor.kind === 'dragging-point' && editor.line === line.name;
    if (dragged) continue;
    const labels = drawLine(
      surface,
      {
        name: line.name,
        points: line.points,
        count: counts?.lines[line.name] ?? null,
        flash: scene.reducedMotion ? 0 : feed.flashes.strength(line.name, nowMs),
        handles: scene.editable,
      },
      placement,
    );
    taken.push(...labels);
  }
  return taken;
}

function drawTool(surface: OverlaySurface, scene: OverlayScene, placement: Placement): void {
  const { editor } = scene;
  if (!scene.editable || editor.kind === 'idle') return;
  if (editor.kind === 'dragging-point') {
    drawDraft(surface, editor.points, placement);
    drawForward(surface, editor.points, placement);
    return;
  }
  if (editor.kind === 'drawing-line') {
    const points = [editor.start ?? editor.cursor, editor.start === null ? null : editor.cursor].filter(
      (point) => point !== null,
    );
    drawDraft(surface, points, placement);
    if (points.length === 2) drawForward(surface, points, placement);
    return;
  }
  if (editor.kind === 'drawing-crop') {
    const { start, cursor } = editor;
    if (start !== null && cursor !== null)
      drawCropDraft(surface, { x1: start.x, y1: start.y, x2: cursor.x, y2: cursor.y }, placement);
    return;
  }
  const cursor = editor.cursor === null ? [] : [editor.cursor];
  drawZone(surface, { points: [...editor.points, ...cursor], words: '', open: true }, placement);
}
