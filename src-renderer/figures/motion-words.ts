import type { RunProgress } from '#shared/domain/run.ts';
import { lengthWords } from './live-words.ts';

/** Shorter stretches are not told when they are over. */
const WORTH_MS = 1000;

/** That counts may be too low because looks come or came too rarely, and what it takes; null when they are not. */
export function motionWords({
  motion,
  tooRareMs = 0,
}: Pick<RunProgress, 'motion' | 'tooRareMs'>): string | null {
  if (motion == null || !motion.tooRare) {
    if (tooRareMs < WORTH_MS) return null;
    return `Counts may be too low: for ${lengthWords(tooRareMs)} looks came too rarely for what moves here, so some of it was missed.`;
  }
  const step = motion.stepShare.toFixed(1);
  const since = tooRareMs < WORTH_MS ? '' : ` It has been so for ${lengthWords(tooRareMs)}.`;
  const needed = motion.neededFps.toFixed(motion.neededFps < 10 ? 1 : 0);
  return `Counts may be too low: what moves here goes ${step} of its own length from one look to the next, so some of it is missed. It takes at least ${needed} looks a second.${since}`;
}
