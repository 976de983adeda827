import type { Engine } from './engine.ts';
import type { LiveCounts } from './live-counts.ts';

/** What counts is what was stored. False when the store is away: then what was told stands. Never rejects. */
export async function recountStored(
  engine: Pick<Engine, 'askStore' | 'log' | 'clock'>,
  sourceId: string,
  counts: LiveCounts,
): Promise<boolean> {
  const { log, clock } = engine;
  const range = { fromWallMs: counts.startedWallMs, toWallMs: clock.wallMs() };
  try {
    const stored = await engine.askStore('counts.get', { sourceId, ...range, intervalMs: null });
    counts.recount(stored.counts);
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
