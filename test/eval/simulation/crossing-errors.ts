import type { Crossing } from '../../../src-shared/domain/line.ts';
import { Analysis, type AnalysisOptions } from '../../../src-worker/detection/counting/analysis.ts';
import type { Manner } from './actor.ts';
import type { Scene, TrueCrossing } from './scene.ts';

export interface CrossingErrors {
  truth: number;
  missed: TrueCrossing[];
  extra: Crossing[];
}

/** A counted crossing is the true one when direction, time (1 s) and place (120 px) agree. */
const nearMs = 1000;
/** Who stops on the line crosses it at any moment until moving on. */
const nearStoppedMs = 5000;
const nearPx = 120;

/** Runs the whole analysis over a scene and compares: one missed and one extra are two errors. */
export function crossingErrors(scene: Scene, options: Partial<AnalysisOptions> = {}): CrossingErrors {
  return errorsOf(scene, countScene(scene, options));
}

/** Compares what was counted of a scene with its truth, crossing by crossing. */
export function errorsOf(scene: Scene, found: readonly Crossing[]): CrossingErrors {
  const counted = [...found];
  const missed: TrueCrossing[] = [];
  for (const truth of [...scene.truth, ...scene.unseen]) {
    const near = counted
      .map((crossing, i) => ({ i, crossing, gap: Math.abs(crossing.ptsMs - truth.ptsMs) }))
      .filter(
        ({ crossing, gap }) =>
          crossing.direction === truth.direction &&
          gap <= (truth.manner === 'stop-on-line' ? nearStoppedMs : nearMs),
      )
      .filter(({ crossing }) => Math.hypot(crossing.x - truth.x, crossing.y - truth.y) <= nearPx)
      .sort((a, b) => a.gap - b.gap)[0];
    if (near) counted.splice(near.i, 1);
    else if (scene.truth.includes(truth)) missed.push(truth);
  }
  return { truth: scene.truth.length, missed, extra: counted };
}

/** What two counts of one scene tell differently: crossings that only one of them has. */
export function crossingsThatDiffer(one: readonly Crossing[], other: readonly Crossing[]): number {
  const left = [...other];
  let alone = 0;
  for (const crossing of one) {
    const near = left
      .map((found, i) => ({ i, found, gap: Math.abs(found.ptsMs - crossing.ptsMs) }))
      .filter(({ found, gap }) => found.direction === crossing.direction && gap <= nearMs)
      .filter(({ found }) => Math.hypot(found.x - crossing.x, found.y - crossing.y) <= nearPx)
      .sort((a, b) => a.gap - b.gap)[0];
    if (near) left.splice(near.i, 1);
    else alone++;
  }
  return alone + left.length;
}

/** Crossings of a scene as the analysis counts them. */
export function countScene(scene: Scene, options: Partial<AnalysisOptions> = {}): Crossing[] {
  const analysis = new Analysis({ lines: [scene.line], zones: [], ...options });
  const counted = scene.frames.flatMap((frame) => analysis.step(frame).crossings);
  return [...counted, ...analysis.finish('source-ended').crossings];
}

/** Missed crossings by the manner of the actor. */
export function missedByManner(all: readonly CrossingErrors[]): Partial<Record<Manner, number>> {
  const byManner: Partial<Record<Manner, number>> = {};
  for (const { manner } of all.flatMap(({ missed }) => missed))
    byManner[manner] = (byManner[manner] ?? 0) + 1;
  return byManner;
}
