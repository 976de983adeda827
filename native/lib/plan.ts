/**
 * How a frame becomes a tensor: the source rectangle (pixels of the picture) is scaled into the destination rectangle
 * of a tensorW x tensorH tensor, float32, NCHW. Bilinear with pixel centres at one half; shrinking by more than 2
 * takes the mean of the covered samples. A value is (rgb * scale - mean) / std with rgb in 0..255; `pad` (0..255) goes
 * through the same formula and fills what the picture does not cover.
 */
export interface TensorPlan {
  srcX: number;
  srcY: number;
  srcW: number;
  srcH: number;
  dstX: number;
  dstY: number;
  dstW: number;
  dstH: number;
  tensorW: number;
  tensorH: number;
  pad: number;
  order: 'rgb' | 'bgr';
  /** Multiplied in, e.g. 1/255. */
  scale: number;
  mean: [number, number, number];
  std: [number, number, number];
  matrix: 'bt601' | 'bt709';
  /** tensorW * tensorH bytes: where one is 0 the tensor gets the pad value instead of the picture. */
  mask?: Uint8Array | undefined;
}

/** Numbers of a plan in the order the addon reads them, written into `out`. */
export function planNumbers(plan: TensorPlan, out: Float64Array): Float64Array {
  out[0] = plan.srcX;
  out[1] = plan.srcY;
  out[2] = plan.srcW;
  out[3] = plan.srcH;
  out[4] = plan.dstX;
  out[5] = plan.dstY;
  out[6] = plan.dstW;
  out[7] = plan.dstH;
  out[8] = plan.tensorW;
  out[9] = plan.tensorH;
  out[10] = plan.pad;
  out[11] = plan.order === 'bgr' ? 1 : 0;
  out[12] = plan.scale;
  out.set(plan.mean, 13);
  out.set(plan.std, 16);
  out[19] = plan.matrix === 'bt709' ? 1 : 0;
  return out;
}

export const PLAN_NUMBERS = 20;
