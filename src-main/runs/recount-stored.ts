import { noteInLog } from '../logging/main-note.ts';
import type { Engine } from './engine.ts';
import type { LiveCounts } from './live-counts.ts';

/** What counts is what was stored of the runs that are over. False when the store is away: then what was told stands. Never rejects. */
export async function recountStored(
  engine: Pick<Engine, 'askStore' | 'log' | 'clock'>,
  over: {
    readonly sourceId: string;
    readonly runIds: readonly number[];
    readonly lineRuns: Readonly<Record<string, number>>;
  },
  counts: LiveCounts,
): Promise<boolean> {
  const { sourceId } = over;
  const filter = { line: null, direction: null, label: null };
  try {
    const { runIds, lineRuns } = over;
    const order = { runIds: [...runIds], lineRuns: { ...lineRuns }, filter, offset: 0, limit: 1 };
    counts.recount((await engine.askStore('crossings.list', order)).counts);
    return true;
  } catch (thrown) {
    noteInLog(engine, 'warn', `counts of ${sourceId} could not be read back: ${String(thrown)}`, {
      sourceId,
    });
    return false;
  }
}
