import type { Box } from '#shared/domain/box.ts';

export function centreX(box: Box): number {
  return (box.x1 + box.x2) / 2;
}

export function centreY(box: Box): number {
  return (box.y1 + box.y2) / 2;
}

/** The box `share` of the way from a to b. */
export function mixed(a: Box, b: Box, share: number): Box {
  const mix = (from: number, to: number): number => from + (to - from) * share;
  return { x1: mix(a.x1, b.x1), y1: mix(a.y1, b.y1), x2: mix(a.x2, b.x2), y2: mix(a.y2, b.y2) };
}

export function shifted(box: Box, dx: number, dy: number): Box {
  return { x1: box.x1 + dx, y1: box.y1 + dy, x2: box.x2 + dx, y2: box.y2 + dy };
}
