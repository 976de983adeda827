import type { Motion } from '#shared/domain/motion.ts';

/** That counts may be too low because looks come too rarely, and what it takes; null when they are not. */
export function motionWords(motion: Motion | null | undefined): string | null {
  if (motion == null || !motion.tooRare) return null;
  const step = motion.stepShare.toFixed(1);
  const needed = motion.neededFps.toFixed(motion.neededFps < 10 ? 1 : 0);
  return `Counts may be too low: what moves here goes ${step} of its own length from one look to the next, so some of it is missed. It takes at least ${needed} looks a second.`;
}
