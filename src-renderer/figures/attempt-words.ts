import type { SourceView } from '#shared/domain/source.ts';
import { isGoingOn } from './run-figures.ts';
import { countWords } from './words.ts';

/** That the analysis of a file was cut off before, and what it need not do again; null where there is nothing to say. */
export function attemptWords(source: SourceView): string | null {
  const { attempt, progress, live } = source;
  if (live !== null) return null;
  const takenOver = progress?.takenOver ?? 0;
  const words = [
    ...(attempt > 1 && isGoingOn(source) ? [`Goes on after a fault · attempt ${attempt}`] : []),
    ...(takenOver > 0 ? [`${countWords(takenOver)} frames were looked at before`] : []),
  ];
  return words.length === 0 ? null : words.join(' · ');
}
