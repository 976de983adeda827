import { NamedError } from '#shared/contracts/wire-error.ts';
import type { Decoder } from './decoder.ts';
import { cellCount } from './grid.ts';

let best = new Float32Array(0);
let bestClass = new Uint16Array(0);

/**
 * The anchor-free head of YOLO11 (the same as YOLOv8, Ultralytics): output [1, 4 + classes, cells], first centre
 * x, centre y, width and height in tensor pixels, then one score 0..1 per class, each value a row over all cells.
 */
export const yolo11Decoder: Decoder = {
  channels: (classes) => 4 + classes,

  outputShape(classes, tensorW, tensorH) {
    return [1, 4 + classes, cellCount(tensorW, tensorH)];
  },

  decode(output, classes, tensorW, tensorH, minScore, into) {
    into.clear();
    const cells = cellCount(tensorW, tensorH);
    if (output.length !== (4 + classes) * cells) {
      throw new NamedError('model-failed', `output of ${output.length} values, not ${(4 + classes) * cells}`);
    }
    if (best.length < cells) {
      best = new Float32Array(cells);
      bestClass = new Uint16Array(cells);
    }
    best.fill(0, 0, cells);
    // Row by row, as the values lie in memory. One comparison rejects nearly all of them; NaN fails it too and so
    // lands where it is looked at.
    for (let c = 0; c < classes; c++) {
      const row = (4 + c) * cells;
      for (let i = 0; i < cells; i++) {
        const score = output[row + i] as number;
        if (score < minScore && score >= -0.001) continue;
        if (!(score >= -0.001 && score <= 1.001)) {
          throw new NamedError('model-failed', `score ${score} of class ${c} in cell ${i} is not in 0..1`);
        }
        if (score > (best[i] as number)) {
          best[i] = score;
          bestClass[i] = c;
        }
      }
    }
    for (let i = 0; i < cells; i++) {
      const score = best[i] as number;
      if (score === 0) continue;
      const cx = output[i] as number;
      const cy = output[cells + i] as number;
      const w = output[2 * cells + i] as number;
      const h = output[3 * cells + i] as number;
      if (!Number.isFinite(cx + cy + w + h)) {
        throw new NamedError('model-failed', `box of cell ${i} is not finite: ${cx} ${cy} ${w} ${h}`);
      }
      if (w > 0 && h > 0) into.add(cx, cy, w, h, Math.min(1, score), bestClass[i] as number);
    }
  },
};
