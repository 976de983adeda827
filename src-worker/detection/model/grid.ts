/** Side lengths in tensor pixels of the cells of the three grids of the heads ivis reads. */
export const STRIDES = [8, 16, 32] as const;

/** Number of cells of the three grids over a tensor of this size. */
export function cellCount(tensorW: number, tensorH: number): number {
  return STRIDES.reduce(
    (sum, stride) => sum + Math.floor(tensorW / stride) * Math.floor(tensorH / stride),
    0,
  );
}
