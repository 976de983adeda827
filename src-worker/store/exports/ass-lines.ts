import type { Line } from '#shared/domain/line.ts';
import type { Point } from '#shared/domain/point.ts';
import { assEvent, assShape, assText } from './ass-script.ts';
import type { ExportRun } from './export-run.ts';

const COLOUR = '&H00FFFF&'; // yellow, as &HBBGGRR&
/** Longer than any video: a line stays until the end, whatever the declared duration says. */
const FOREVER_MS = 99 * 3_600_000;

type Ring = readonly (readonly [number, number])[];

/** The counting lines over the whole video, each with its counts, which change at the crossings. */
export function* lineEvents(run: ExportRun, width: number, thickness: number): Iterable<string> {
  if (run.settings.lines.length === 0) return;
  const crossings = [...run.queries.crossings.iterate(run.runId)].sort((a, b) => a[5] - b[5]);
  for (const line of run.settings.lines) {
    yield assEvent(2, 0, FOREVER_MS, 'Line', assShape(COLOUR, lineRings(line, thickness)));
    const counts = { forward: 0, backward: 0 };
    let fromMs = 0;
    for (const [name, direction, , , , ptsUs] of crossings) {
      if (name !== line.name) continue;
      const untilMs = ptsUs / 1000;
      if (untilMs > fromMs) yield assEvent(2, fromMs, untilMs, 'Count', countText(line, counts, width));
      fromMs = Math.max(fromMs, untilMs);
      counts[direction === 'forward' ? 'forward' : 'backward'] += 1;
    }
    yield assEvent(2, fromMs, FOREVER_MS, 'Count', countText(line, counts, width));
  }
}

function countText(line: Line, counts: { forward: number; backward: number }, width: number): string {
  const at = line.points[0] ?? { x: 0, y: 0 };
  // Beside the line's first point, on the side where there is room.
  const right = at.x > width / 2;
  const place = `{\\an${right ? 9 : 7}\\pos(${Math.round(at.x + (right ? -6 : 6))},${Math.round(at.y)})\\1c${COLOUR}}`;
  return `${place}${assText(line.name)}: forward ${counts.forward}, backward ${counts.backward}`;
}

/** A bar along every segment and, at the middle of the middle one, an arrow that points forward. */
function lineRings(line: Line, thickness: number): Ring[] {
  const segments = line.points.slice(1).map((b, i): [Point, Point] => [line.points[i] ?? b, b]);
  const rings: Ring[] = [];
  segments.forEach(([a, b], i) => {
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    if (length === 0) return;
    const along = { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
    // cross > 0 to cross < 0 (line.ts) is the way of this normal.
    const forward = { x: along.y, y: -along.x };
    const side = { x: (forward.x * thickness) / 2, y: (forward.y * thickness) / 2 };
    rings.push([
      [a.x - side.x, a.y - side.y],
      [a.x + side.x, a.y + side.y],
      [b.x + side.x, b.y + side.y],
      [b.x - side.x, b.y - side.y],
    ]);
    if (i !== Math.floor((segments.length - 1) / 2)) return;
    const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    const reach = thickness * 5;
    rings.push([
      [middle.x - along.x * reach * 0.6, middle.y - along.y * reach * 0.6],
      [middle.x + forward.x * reach, middle.y + forward.y * reach],
      [middle.x + along.x * reach * 0.6, middle.y + along.y * reach * 0.6],
    ]);
  });
  return rings;
}
