import { Analysis, type AnalysisOptions } from '../../src-worker/detection/counting/analysis.ts';
import type { ClipVariant } from './clip-variants.ts';
import { classesOf, lineOf, type TruthClip } from './counting-truth.ts';

/** Machine against truth for one line in one direction. */
export interface LineResult {
  clip: string;
  line: string;
  direction: 'forward' | 'backward';
  counted: number;
  truth: number;
}

/** What of a counted crossing the comparison needs. */
export interface CountedCrossing {
  line: string;
  direction: string;
  label: string;
  frame: number;
}

/** Counts the lines of a clip from its detections, as one run with the classes of all its lines. */
export function countClip(
  { dump, truth }: ClipVariant,
  options: Partial<AnalysisOptions> = {},
): LineResult[] {
  const { width, height } = dump;
  const lines = truth.lines.map(lineOf);
  const analysis = new Analysis({ lines, zones: [], classes: classesOf(truth), ...options });
  const crossings = dump.frames.flatMap((frame) => analysis.step({ ...frame, width, height }).crossings);
  return compareCrossings(truth, [...crossings, ...analysis.finish('source-ended').crossings]);
}

/** Crossings of each line by its own classes, up to the last frame the truth covers, against the truth. */
export function compareCrossings(truth: TruthClip, crossings: readonly CountedCrossing[]): LineResult[] {
  const { clip, lastFrame = Number.POSITIVE_INFINITY } = truth;
  return truth.lines.flatMap((line) => {
    const own = crossings.filter(
      (one) => one.line === line.name && one.frame <= lastFrame && line.classes.includes(one.label),
    );
    return (['forward', 'backward'] as const).map((direction) => {
      const counted = own.filter((one) => one.direction === direction).length;
      return { clip, line: line.name, direction, counted, truth: line[direction] };
    });
  });
}
