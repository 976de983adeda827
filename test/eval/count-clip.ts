import { Analysis, type AnalysisOptions } from '../../src-worker/detection/counting/analysis.ts';
import type { ClipVariant } from './clip-variants.ts';
import { lineOf } from './counting-truth.ts';

/** Machine against truth for one line in one direction. */
export interface LineResult {
  clip: string;
  line: string;
  direction: 'forward' | 'backward';
  counted: number;
  truth: number;
}

/** Counts the lines of a clip from its detections, each line with its own classes as a run of its own. */
export function countClip(
  { dump, truth }: ClipVariant,
  options: Partial<AnalysisOptions> = {},
): LineResult[] {
  const { clip, lastFrame = Number.POSITIVE_INFINITY } = truth;
  const { width, height } = dump;
  return truth.lines.flatMap((line) => {
    const analysis = new Analysis({ lines: [lineOf(line)], zones: [], classes: line.classes, ...options });
    for (const frame of dump.frames) if (frame.frame <= lastFrame) analysis.step({ ...frame, width, height });
    analysis.finish('source-ended');
    const counts = analysis.counts().lines[line.name];
    return (['forward', 'backward'] as const).map((direction) => {
      const counted = counts?.[direction].total ?? 0;
      return { clip, line: line.name, direction, counted, truth: line[direction] };
    });
  });
}
