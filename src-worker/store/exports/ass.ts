import type { DetectionRow } from '../queries/exports.ts';
import { lineEvents } from './ass-lines.ts';
import { assEvent, assHead, assShape, assText } from './ass-script.ts';
import { type ExportLines, type ExportRun, mediaOf } from './export-run.ts';

/** Colours of tracks by id, as &HBBGGRR&: apart from each other on grey streets, none of them the lines' yellow. */
const PALETTE = [
  '&H4B19E6&',
  '&H4BB43C&',
  '&HD88243&',
  '&H3182F5&',
  '&HB41E91&',
  '&HF0F046&',
  '&HE632F0&',
  '&H60D0A0&',
  '&H80803C&',
  '&HFFBEDC&',
  '&H24639A&',
  '&HC8BEFA&',
] as const;
/** Without a declared rate and without a neighbour, a picture is taken to last this long. */
const UNKNOWN_INTERVAL_MS = 40;

/**
 * The boxes of a run as a subtitle script, to be drawn over the video by ffmpeg's `ass` filter: each from half a
 * frame interval before its picture to half after. The format counts in hundredths of a second, so that holds up to
 * 100 pictures a second. Throws `bad-argument` when the video was never opened.
 */
export function annotationLines(run: ExportRun): ExportLines {
  const { width, height } = mediaOf(run);
  const fontSize = Math.max(12, Math.round(height / 36));
  return { head: assHead(width, height, fontSize), rows: events(run, fontSize) };
}

function* events(run: ExportRun, fontSize: number): Iterable<string> {
  const { width, height } = mediaOf(run);
  const thickness = Math.max(2, Math.round(height / 360));
  yield* lineEvents(run, width, thickness);
  for (const { rows, fromMs, toMs } of shownFrames(run)) {
    for (const [, trackId, , label, , ...cpx] of rows) {
      const [x1, y1, x2, y2] = cpx.map((value) => value / 100) as [number, number, number, number];
      const colour = PALETTE[trackId % PALETTE.length] ?? PALETTE[0];
      yield assEvent(0, fromMs, toMs, 'Shape', assShape(colour, frameRings(x1, y1, x2, y2, thickness)));
      // Above the box, or inside it where the picture ends.
      const inside = y1 < fontSize * 1.4;
      const place = `\\an${inside ? 7 : 1}\\pos(${Math.round(x1)},${Math.round(y1)})`;
      const text = `{${place}\\1c&HFFFFFF&\\3c${colour}}${assText(label)} #${trackId}`;
      yield assEvent(1, fromMs, toMs, 'Label', text);
    }
  }
}

/** The edge of a box: its outline and, turned the other way round, the hole in it. */
function frameRings(x1: number, y1: number, x2: number, y2: number, thickness: number) {
  const t = Math.min(thickness, (x2 - x1) / 2, (y2 - y1) / 2);
  const outer = [[x1, y1] as const, [x2, y1] as const, [x2, y2] as const, [x1, y2] as const];
  const hole = [
    [x1 + t, y1 + t] as const,
    [x1 + t, y2 - t] as const,
    [x2 - t, y2 - t] as const,
    [x2 - t, y1 + t] as const,
  ];
  return [outer, hole];
}

interface FrameRows {
  readonly frame: number;
  readonly ptsMs: number;
  readonly rows: DetectionRow[];
}

interface ShownFrame {
  readonly rows: readonly DetectionRow[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** The pictures that have boxes, each with the time it is to be seen. */
function* shownFrames(run: ExportRun): Iterable<ShownFrame> {
  const { fps } = mediaOf(run);
  const { every, fps: wantedFps } = run.settings;
  const step = every ?? (fps !== null && wantedFps !== null ? Math.max(1, Math.round(fps / wantedFps)) : 1);
  const usualMs = (step * (fps === null ? UNKNOWN_INTERVAL_MS : 1000 / fps)) / 2;
  // Half the way to the neighbour. Frames without a box leave no row: across them the way is what one step takes,
  // and never much more than usual, so that no box is drawn over a picture it was not found in.
  const reachMs = (a: FrameRows, b: FrameRows | undefined): number => {
    if (b === undefined) return usualMs;
    const frames = Math.abs(b.frame - a.frame);
    const halfMs = (Math.abs(b.ptsMs - a.ptsMs) / frames) * (Math.min(frames, step) / 2);
    return frames > step ? Math.min(halfMs, usualMs * 1.5) : halfMs;
  };
  let before: FrameRows | undefined;
  let now: FrameRows | undefined;
  for (const after of framesOf(run)) {
    if (now !== undefined) yield shown(now, before, after);
    before = now;
    now = after;
  }
  if (now !== undefined) yield shown(now, before, undefined);

  function shown(frame: FrameRows, previous?: FrameRows, next?: FrameRows): ShownFrame {
    return {
      rows: frame.rows,
      fromMs: frame.ptsMs - reachMs(frame, previous),
      toMs: frame.ptsMs + reachMs(frame, next),
    };
  }
}

function* framesOf(run: ExportRun): Iterable<FrameRows> {
  let current: FrameRows | undefined;
  for (const row of run.queries.detections.iterate(run.runId)) {
    if (current === undefined || row[0] !== current.frame) {
      if (current !== undefined) yield current;
      current = { frame: row[0], ptsMs: row[2] / 1000, rows: [] };
    }
    current.rows.push(row);
  }
  if (current !== undefined) yield current;
}
