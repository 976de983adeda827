import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { brokenInDatabase } from '../../drivers/invariants.ts';
import { until } from '../../drivers/ivis-command.ts';
import { type KeptLine, keptLog } from '../../drivers/log-lines.ts';
import { familyOf, type KnownProcess, lives, strike } from '../../drivers/process-tree.ts';
import { analysisFolder } from './analysis-rig.ts';
import { databaseOf, framesOf, pidOf, windowFault } from './window-rig.ts';

const { clip } = analysisFolder('shutdown');
/** The limit of the whole drain and what a crowded machine needs besides. */
const ALL_MS = 60_000;

const fromMain = (data: string): string[] =>
  keptLog(data)
    .filter((line: KeptLine) => line.process === 'main')
    .map(({ message }) => message);

/** Where these words come first in the log, in the order asked for. */
function placesOf(lines: readonly string[], words: readonly string[]): number[] {
  return words.map((word) => lines.findIndex((line) => line.startsWith(word)));
}

async function gone(family: readonly KnownProcess[]): Promise<void> {
  await until('every process to be gone', () => !family.some(lives), ALL_MS);
}

windowFault('kvs-infer B8: ivis is asked to end', ({ open }) => {
  it('says each step in its order with its time, and the final counters', async () => {
    const window = await open(['--open', (await clip()).path]);
    await until('frames', async () => (await framesOf(window)) > 20, 60_000);
    const family = familyOf(pidOf(window));
    strike(pidOf(window), 'SIGTERM');
    await gone(family);
    const lines = fromMain(window.dataFolder);
    const places = placesOf(lines, [
      'asked to end by SIGTERM',
      'shutting down',
      'shutdown: keep the list of sources: done',
      'shutdown: stop sources: done',
      'shutdown: stop capture: done',
      'shutdown: flush rows: done',
      'final counters of file-',
      'final counters of the database',
      'shutdown: close the database: done',
      'shutdown: mark the end: done',
      'shutdown complete',
    ]);
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    const steps = keptLog(window.dataFolder).filter(({ message }) => message.startsWith('shutdown: '));
    expect(steps.every(({ tookMs }) => typeof tookMs === 'number')).toBe(true);
    const counters = keptLog(window.dataFolder).find(({ message }) => message.includes('of the database'));
    expect(Number(counters?.batchesWritten)).toBeGreaterThan(0);
    expect(brokenInDatabase(databaseOf(window))).toEqual([]);
  });

  it('ends at once when it is asked again, though a worker stands still', async () => {
    const window = await open(['--open', (await clip()).path]);
    await until('frames', async () => (await framesOf(window)) > 20, 60_000);
    const mainPid = pidOf(window);
    const family = familyOf(mainPid);
    const exit = new Promise<number | null>((done) => window.app.process().once('exit', done));
    const detection = keptLog(window.dataFolder).find(({ message }) => message === 'model loaded')?.pid;
    strike(detection ?? -1, 'SIGSTOP');
    strike(mainPid, 'SIGTERM');
    await until('the end to be begun', () => fromMain(window.dataFolder).includes('shutting down'));
    strike(mainPid, 'SIGTERM');
    await gone(family);
    expect(await exit).toBe(130);
    const lines = fromMain(window.dataFolder);
    expect(lines).toContain('ivis ends at once: asked again by SIGTERM');
    expect(lines.filter((line) => line.startsWith('shutdown complete'))).toEqual([]);
  });

  it('ends within its limit though the database takes nothing, and loses nothing that was acknowledged', async () => {
    const window = await open(['--open', (await clip()).path]);
    await until('frames', async () => (await framesOf(window)) > 20, 60_000);
    const other = new Database(databaseOf(window));
    other.pragma('busy_timeout = 20000');
    const batches = other.prepare('SELECT count(*) FROM row_batch').pluck();
    await until('rows to be stored', () => Number(batches.get()) > 0, 60_000);
    other.exec('BEGIN IMMEDIATE');
    try {
      const family = familyOf(pidOf(window));
      strike(pidOf(window), 'SIGTERM');
      await gone(family);
      const stored = batches.get();
      const lines = keptLog(window.dataFolder);
      const counters = lines.find(({ message }) => message === 'final counters of the database');
      expect(Number(counters?.batchesWritten)).toBeGreaterThan(0);
      expect(Number(stored)).toBeGreaterThanOrEqual(Number(counters?.batchesWritten));
      const words = lines.map(({ message }) => message);
      expect(
        words.filter((word) => word.startsWith('shutdown complete, but for: stop sources')),
      ).toHaveLength(1);
    } finally {
      other.exec('ROLLBACK');
      other.close();
    }
  });
});
