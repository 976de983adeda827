import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { IntervalMs } from '#shared/domain/count-interval.ts';
import type { RunStatus } from '#shared/domain/run.ts';
import { CountReader, type CountsOverTime } from '../../../src-worker/store/count-reader.ts';
import { type OpenFixture, openFixture, temporaryFolder, WALL_MS } from './store-fixture.ts';

export const MINUTE_MS = 60_000;
/** Nobody corrected it. */
export const unsaid = { wrong: 0, missed: 0 };
/** A whole hour. */
export const HOUR = Math.floor(WALL_MS / 3_600_000) * 3_600_000;
export const at = (minutes: number): number => HOUR + minutes * MINUTE_MS;
export const total = ({ counts }: CountsOverTime): number =>
  counts.reduce((sum, { count }) => sum + count, 0);

export interface CountedStore extends Omit<OpenFixture, 'reader'> {
  readonly folder: string;
  readonly counts: CountReader;
  /** What the reader takes for now; an hour after `HOUR` at first. */
  nowMs: number;
  end(runId: number, status: Exclude<RunStatus, 'running'>, endedWallMs: number): void;
  ask(fromMinute: number, toMinute: number, intervalMs: IntervalMs): CountsOverTime;
  /** Goes on in another file, with another clock of the store. */
  elsewhere(file: string, wallMs: () => number): void;
}

/** A new store for each test of the file that calls this, with a reader of its counts. */
export function countedStore(): CountedStore {
  const kept = {} as CountedStore;
  const open = (file: string, wallMs?: () => number): void => {
    const { reader: _runs, ...fixture } = openFixture(join(kept.folder, file), wallMs);
    Object.assign(kept, fixture, { counts: new CountReader(fixture.store.db, () => kept.nowMs) });
  };
  let remove: () => void;
  beforeEach(() => {
    const made = temporaryFolder();
    remove = made.remove;
    const end: CountedStore['end'] = (runId, status, endedWallMs) =>
      kept.runs.end({ runId, status, endedWallMs, ledger: null, counts: null, model: null, error: null });
    const ask: CountedStore['ask'] = (fromMinute, toMinute, intervalMs) =>
      kept.counts.ofSource('street', { from: at(fromMinute), to: at(toMinute) }, intervalMs);
    const elsewhere: CountedStore['elsewhere'] = (file, wallMs) => {
      kept.store.db.close();
      open(file, wallMs);
    };
    Object.assign(kept, { folder: made.folder, nowMs: HOUR + 3_600_000, end, ask, elsewhere });
    open('ivis.db');
  });
  afterEach(() => {
    kept.store.db.close();
    remove();
  });
  return kept;
}
