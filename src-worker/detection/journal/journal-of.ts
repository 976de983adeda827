import type { JournalPlace } from '#shared/domain/journal.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { Detector } from '../model/detector.ts';
import { DetectionJournal } from './detection-journal.ts';
import { journalKey } from './journal-key.ts';

/** The journal of a run; undefined for one that has none. `failed`: no more is kept. */
export function journalOf(
  place: JournalPlace | undefined,
  settings: RunSettings,
  { spec, loaded }: Detector,
  monoMs: () => number,
  failed: (why: string) => void,
): DetectionJournal | undefined {
  if (place === undefined) return undefined;
  const { labels } = spec;
  const key = journalKey(place.film, loaded, settings);
  return new DetectionJournal({ path: place.path, key, labels, monoMs, failed });
}
