import { bothNumbers } from '#shared/domain/count-change.ts';
import type { Direction } from '#shared/domain/line.ts';
import type { RunCounts } from '#shared/domain/run.ts';
import { gateTotals } from '../figures/movement-figures.ts';
import { bothWords } from '../figures/words.ts';
import type { LivePicture, SourceFeed } from '../live/source-feed.ts';
import { drawBoxes, drawTrails } from './draw-boxes.ts';
import { drawGround } from './draw-ground.ts';
import { drawLine, GATE_INK, LINE_INK } from './draw-lines.ts';
import { drawRegions } from './draw-regions.ts';
import { drawTool } from './draw-tool.ts';
import { drawZone, drawZoneWords } from './draw-zones.ts';
import type { MatchedPicture } from './frame-matcher.ts';
import type { Rect } from './label-places.ts';
import type { Placement } from './letterbox.ts';
import type { OverlayScene, OverlaySurface } from './overlay-scene.ts';

/** Everything over one picture: zones, trails, boxes, lines and gates with their counts, and what is being drawn. */
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
    const bare = {
      ink: LINE_INK,
      arrow: 'forward',
      ahead: null,
      behind: null,
      flash: 0,
      handles: false,
    } as const;
    for (const { name, points } of scene.lines) drawLine(surface, { name, points, ...bare }, placement);
    return;
  }
  const current = shown?.picture.payload.runId === scene.runId ? shown : null;
  const counts = (scene.goingOn && scene.alone ? current?.result?.counts : null) ?? scene.counts;
  if (scene.regions !== null) drawRegions(surface, scene.regions, placement);
  if (scene.ground !== null && !isDragged(scene, 'ground', null))
    drawGround(surface, scene.ground, placement);
  drawZones(surface, scene, placement);
  const words = [
    ...drawLines(surface, scene, counts, feed, placement, nowMs),
    ...drawGates(surface, scene, counts, placement),
  ];
  const taken = [...words, ...nameZones(surface, scene, counts, placement, words)];
  if (current !== null) {
    const ptsMs = current.picture.ptsMs ?? current.result?.ptsMs ?? 0;
    drawTrails(surface, current.boxes, feed.trails, ptsMs, placement);
    drawBoxes(surface, current.boxes, placement, taken);
  }
  drawTool(surface, scene, placement);
}

/** Whether the shape is in hand: then it is drawn as it will be. */
function isDragged({ editor }: OverlayScene, kind: string, name: string | null): boolean {
  if (editor.kind !== 'dragging' || editor.shape.kind !== kind) return false;
  return name === null || editor.shape.name === name;
}

function drawZones(surface: OverlaySurface, scene: OverlayScene, placement: Placement): void {
  for (const { name, points } of scene.zones) {
    if (isDragged(scene, 'zone', name)) continue;
    drawZone(surface, { points, open: false, handles: scene.editable }, placement);
  }
}

/** Name of each zone and how many are inside now, clear of what is written already. */
function nameZones(
  surface: OverlaySurface,
  scene: OverlayScene,
  counts: RunCounts | null,
  placement: Placement,
  taken: readonly Rect[],
): Rect[] {
  return scene.zones.flatMap(({ name, points }) => {
    const inside = counts?.zones[name]?.occupancy;
    const words = inside === undefined ? name : `${name} · ${inside} inside`;
    return drawZoneWords(surface, { points, words }, placement, taken);
  });
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
  return scene.lines.flatMap(({ name, points }) => {
    if (isDragged(scene, 'line', name)) return [];
    const count = counts?.lines[name];
    const words = (direction: Direction): string | null =>
      count === undefined
        ? null
        : bothWords(bothNumbers(count[direction].total, scene.changes, { line: name, direction }));
    const look = {
      name,
      points,
      ink: LINE_INK,
      arrow: 'forward' as const,
      ahead: words('forward'),
      behind: words('backward'),
      flash: scene.reducedMotion ? 0 : feed.flashes.strength(name, nowMs),
      handles: scene.editable,
    };
    return drawLine(surface, look, placement);
  });
}

/** Gates point inwards; how many came in stands on that side, how many went out on the other. */
function drawGates(
  surface: OverlaySurface,
  scene: OverlayScene,
  counts: RunCounts | null,
  placement: Placement,
): Rect[] {
  const totals = gateTotals(counts?.movements);
  return scene.gates.flatMap(({ name, points, inward, use }) => {
    if (isDragged(scene, 'gate', name)) return [];
    const { entered, left } = totals(name);
    const words = (way: string, total: number | null) => (total === null ? way : `${way} ${total}`);
    const look = {
      name,
      points,
      ink: GATE_INK,
      arrow: inward,
      ahead: use === 'out' ? null : words('in', entered),
      behind: use === 'in' ? null : words('out', left),
      flash: 0,
      handles: scene.editable,
    };
    return drawLine(surface, look, placement);
  });
}
