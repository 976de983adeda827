import { z } from 'zod';

/** Axis-aligned box in pixels of the source picture, x to the right, y down; x2 > x1 and y2 > y1. */
export const boxSchema = z
  .object({ x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() })
  .refine((b) => b.x2 > b.x1 && b.y2 > b.y1, { message: 'box needs x2 > x1 and y2 > y1' });
export type Box = z.infer<typeof boxSchema>;

/** Box cut to the picture, or null when nothing of it (or no finite number) is left inside. */
export function clampBox(box: Box, width: number, height: number): Box | null {
  const x1 = Math.max(0, box.x1);
  const y1 = Math.max(0, box.y1);
  const x2 = Math.min(width, box.x2);
  const y2 = Math.min(height, box.y2);
  return x2 > x1 && y2 > y1 && Number.isFinite(x1 + y1 + x2 + y2) ? { x1, y1, x2, y2 } : null;
}

/** Area in square pixels. */
export function boxArea(box: Box): number {
  return (box.x2 - box.x1) * (box.y2 - box.y1);
}

/** Intersection over union, 0..1. */
export function boxIou(a: Box, b: Box): number {
  const w = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const h = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  if (w <= 0 || h <= 0) return 0;
  const inter = w * h;
  return inter / (boxArea(a) + boxArea(b) - inter);
}
