import { NamedError } from '#shared/contracts/wire-error.ts';
import type { Candidates } from './candidates.ts';
import type { Decoder } from './decoder.ts';
import { cellCount, STRIDES } from './grid.ts';

const isScore = (value: number): boolean => value >= -0.001 && value <= 1.001;

/**
 * The head of YOLOX (Ge et al., 2021, arXiv 2107.08430) as exported without its own decoding: output
 * [1, cells, 5 + classes], per cell x and y offset in cells, log width and log height in cells, objectness and one
 * score per class, cells of stride 8, then 16, then 32, each grid row by row. Confidence = objectness * class score.
 */
export const yoloxDecoder: Decoder = {
  channels: (classes) => 5 + classes,

  outputShape(classes, tensorW, tensorH) {
    return [1, cellCount(tensorW, tensorH), 5 + classes];
  },

  decode(output, classes, tensorW, tensorH, minScore, into) {
    into.clear();
    const channels = 5 + classes;
    const cells = cellCount(tensorW, tensorH);
    if (output.length !== channels * cells) {
      throw new NamedError('model-failed', `output of ${output.length} values, not ${channels * cells}`);
    }
    let at = 0;
    for (const stride of STRIDES) {
      const columns = Math.floor(tensorW / stride);
      const rows = Math.floor(tensorH / stride);
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < columns; x++, at += channels) {
          // No class can lift a product above its objectness: most cells end here.
          const objectness = output[at + 4] as number;
          if (!isScore(objectness)) {
            throw new NamedError('model-failed', `objectness ${objectness} is not in 0..1`);
          }
          if (objectness >= minScore) addCell(output, at, x, y, stride, objectness, classes, minScore, into);
        }
      }
    }
  },
};

function addCell(
  output: Float32Array,
  at: number,
  x: number,
  y: number,
  stride: number,
  objectness: number,
  classes: number,
  minScore: number,
  into: Candidates,
): void {
  let best = 0;
  let bestClass = 0;
  for (let c = 0; c < classes; c++) {
    const score = output[at + 5 + c] as number;
    if (!isScore(score)) throw new NamedError('model-failed', `score ${score} of class ${c} is not in 0..1`);
    if (score > best) {
      best = score;
      bestClass = c;
    }
  }
  const score = Math.min(1, objectness * best);
  if (score < minScore) return;
  const cx = ((output[at] as number) + x) * stride;
  const cy = ((output[at + 1] as number) + y) * stride;
  const w = Math.exp(output[at + 2] as number) * stride;
  const h = Math.exp(output[at + 3] as number) * stride;
  if (!Number.isFinite(cx + cy + w + h)) {
    throw new NamedError('model-failed', `box of cell ${x},${y} is not finite: ${cx} ${cy} ${w} ${h}`);
  }
  if (w > 0 && h > 0) into.add(cx, cy, w, h, score, bestClass);
}
