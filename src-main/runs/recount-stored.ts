import type { IntervalCount } from '#shared/contracts/main-store.contract.ts';
import type { Engine } from './engine.ts';
import type { LiveCounts } from './live-counts.ts';

/** What counts is what was stored. False when the store is away: then what was told stands. Never rejects. */
export async function recountStored(
  engine: Pick<Engine, 'askStore' | 'log' | 'clock'>,
  sourceId: string,
  counts: LiveCounts,
): Promise<boolean> {
  const { log, clock } = engine;
  const toWallMs = clock.wallMs();
  try {
    const rows: IntervalCount[] = [];
    for (const fromWallMs of counts.beginnings) {
      const order = { sourceId, fromWallMs, toWallMs, intervalMs: null };
      const stored = await engine.askStore('counts.get', order);
      rows.push(...stored.counts.filter(({ line }) => counts.begunWallMs(line) === fromWallMs));
    }
    counts.recount(rows);
    return true;
  } catch (thrown) {
    log.write({
      level: 'warn',
      process: 'main',
      pid: process.pid,
      sourceId,
      message: `counts of ${sourceId} could not be read back: ${String(thrown)}`,
      fields: {},
      wallMs: clock.wallMs(),
    });
    return false;
  }
}
