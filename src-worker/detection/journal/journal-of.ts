import type { RequestBody } from '#shared/contracts/contract.ts';
import type { mainDetection } from '#shared/contracts/main-detection.contract.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { Detector } from '../model/detector.ts';
import { DetectionJournal } from './detection-journal.ts';
import { journalKey } from './journal-key.ts';

/** Where the journal of a film lies, and which film it is. */
export type JournalOrder = NonNullable<RequestBody<typeof mainDetection, 'source.attach'>['journal']>;

/** The journal of a run; undefined for one that has none. `failed`: no more is kept. */
export function journalOf(
  order: JournalOrder | undefined,
  settings: RunSettings,
  { spec, loaded }: Detector,
  monoMs: () => number,
  failed: (why: string) => void,
): DetectionJournal | undefined {
  // Pictures that come when they come are not the same ones the next time.
  if (order === undefined || settings.mode !== 'analyse') return undefined;
  const { labels } = spec;
  const key = journalKey(order.film, loaded, settings);
  return new DetectionJournal({ path: order.path, key, labels, monoMs, failed });
}
