import type { Box } from '../../src-shared/domain/box.ts';

/** One row of a MOTChallenge text file. */
export interface MotBox {
  id: number;
  box: Box;
}

/** Boxes of a sequence by frame number. */
export type MotSequence = Map<number, MotBox[]>;

/**
 * Reads MOTChallenge 2D text: frame,id,left,top,width,height,confidence,... In a truth file rows of confidence 0
 * are marked as not to be judged and left out. Throws an Error that names the line of a row that is no such row
 * or repeats an id within a frame.
 */
export function parseMot(text: string, kind: 'truth' | 'result'): MotSequence {
  const sequence: MotSequence = new Map();
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === '') return;
    const [frame, id, left, top, width, height, confidence = 1] = line.split(/[,\s]+/).map(Number);
    if (frame === undefined || id === undefined || left === undefined || top === undefined)
      throw bad(i, line);
    if (width === undefined || height === undefined) throw bad(i, line);
    if (!Number.isFinite(frame + id + left + top + width + height)) throw bad(i, line);
    if (kind === 'truth' && confidence === 0) return;
    const boxes = sequence.get(frame) ?? [];
    if (boxes.some((other) => other.id === id))
      throw new Error(`line ${i + 1}: id ${id} twice in frame ${frame}`);
    boxes.push({ id, box: { x1: left, y1: top, x2: left + width, y2: top + height } });
    sequence.set(frame, boxes);
  });
  return sequence;
}

function bad(index: number, line: string): Error {
  return new Error(`line ${index + 1} is not a MOTChallenge row: ${line}`);
}
