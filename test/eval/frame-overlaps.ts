import { boxIou } from '../../src-shared/domain/box.ts';
import type { MotSequence } from './mot-file.ts';

/** Truth and result of one frame, ids as indices from 0, with the IoU of each pair. */
export interface FrameOverlaps {
  truth: number[];
  result: number[];
  /** iou[t][r] of the t-th truth and the r-th result of this frame. */
  iou: number[][];
}

export interface SequenceOverlaps {
  frames: FrameOverlaps[];
  /** Boxes of each truth id and each result id. */
  truthBoxes: number[];
  resultBoxes: number[];
}

/** Pairs two sequences frame by frame, in the order of the frame numbers of either. */
export function overlapsOf(truth: MotSequence, result: MotSequence): SequenceOverlaps {
  const [truthIndex, resultIndex] = [indexer(), indexer()];
  const numbers = [...new Set([...truth.keys(), ...result.keys()])].sort((a, b) => a - b);
  const frames = numbers.map((number): FrameOverlaps => {
    const [t, r] = [truth.get(number) ?? [], result.get(number) ?? []];
    return {
      truth: t.map(({ id }) => truthIndex.of(id)),
      result: r.map(({ id }) => resultIndex.of(id)),
      iou: t.map((a) => r.map((b) => boxIou(a.box, b.box))),
    };
  });
  return { frames, truthBoxes: truthIndex.counts, resultBoxes: resultIndex.counts };
}

/** Gives ids numbers from 0 in the order they appear and counts them. */
function indexer(): { of(id: number): number; counts: number[] } {
  const numbers = new Map<number, number>();
  const counts: number[] = [];
  return {
    counts,
    of(id) {
      const index = numbers.get(id) ?? numbers.size;
      numbers.set(id, index);
      counts[index] = (counts[index] ?? 0) + 1;
      return index;
    },
  };
}
