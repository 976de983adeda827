import { toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { Counting } from '#shared/domain/counting.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { ViewGap } from '#shared/domain/source.ts';
import { noteInLog } from '../logging/main-note.ts';
import type { Engine } from './engine.ts';
import type { StoredSum } from './live-counts.ts';

/** A database that cannot be asked yet is asked again. */
const EVERY_MS = 2000;
/** As far back as the window shows holes. */
const HOUR_MS = 3_600_000;

/** What an earlier ivis knew of a source when it ended. */
export interface StoredPast extends StoredSum {
  /** Of its last run: what is set otherwise by now counts from now on. */
  readonly settings: RunSettings | null;
  /** When its last run ended. */
  readonly endedWallMs: number | null;
  /** Of the last hour, oldest first. */
  readonly gaps: readonly ViewGap[];
}

interface Asking {
  /** Whether anybody still wants to know. */
  wanted(): boolean;
  refused(error: WireError): void;
}

/**
 * What an earlier ivis knew of a source; null when it is another database, or is not wanted any more. Asked for until the
 * database answers: without it no run begins either. Never rejects.
 */
export async function storedPast(
  engine: Pick<Engine, 'askStore' | 'log' | 'clock'>,
  sourceId: string,
  counting: Counting,
  { wanted, refused }: Asking,
): Promise<StoredPast | null> {
  while (wanted()) {
    try {
      return await readPast(engine, sourceId, counting);
    } catch (thrown) {
      if (!wanted()) break;
      refused(toWireError(thrown));
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
  return null;
}

/** What an earlier ivis had counted and missed; null when it is another database. Rejects while the database cannot be asked. */
async function readPast(
  engine: Pick<Engine, 'askStore' | 'log' | 'clock'>,
  sourceId: string,
  { runIds, lineRuns }: Counting,
): Promise<StoredPast | null> {
  const nowWallMs = engine.clock.wallMs();
  const order = { sourceId, runIds, lineRuns, beforeWallMs: nowWallMs };
  const { known, ...sum } = await engine.askStore('sum.get', order);
  if (!known) {
    const message = `the counts of ${sourceId} begin anew: the database does not know its runs`;
    noteInLog(engine, 'warn', message, { sourceId });
    return null;
  }
  const hour = { sourceId, fromWallMs: nowWallMs - HOUR_MS, toWallMs: nowWallMs };
  const { gaps } = await engine.askStore('gaps.list', hour);
  return {
    ...sum,
    gaps: gaps.map(({ cause, fromWallMs, toWallMs }) => ({
      cause,
      fromWallMs,
      toWallMs: toWallMs ?? sum.endedWallMs ?? fromWallMs,
    })),
  };
}
