import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { brokenInDatabase } from '../../drivers/invariants.ts';
import { until } from '../../drivers/ivis-command.ts';
import { familyOf, lives, strike } from '../../drivers/process-tree.ts';
import { analysisFolder } from './analysis-rig.ts';
import { fill } from './full-disk.ts';
import {
  canMount,
  closeWhole,
  databaseOf,
  framesOf,
  mount,
  pidOf,
  unmount,
  windowFault,
} from './window-rig.ts';

const { clip } = analysisFolder('quit-on-full-disk');
/** The limit of the whole drain and what a crowded machine needs besides. */
const ALL_MS = 60_000;

windowFault('row 21: ivis is asked to end while its disk is full', ({ open, dataFolder }) => {
  it.skipIf(!canMount())(
    'ends within its limit, keeps what was acknowledged and its lists whole',
    async () => {
      const data = dataFolder();
      mount(data, 'size=96m');
      try {
        const window = await open(['--open', (await clip()).path], data);
        await until('frames', async () => (await framesOf(window)) > 20, 60_000);
        const batches = (): number => {
          const db = new Database(databaseOf(window), { readonly: true });
          try {
            return Number(db.prepare('SELECT count(*) FROM row_batch').pluck().get());
          } finally {
            db.close();
          }
        };
        await until('rows to be stored', () => batches() > 0, 60_000);
        const filler = fill(data);
        const stored = batches();
        const family = familyOf(pidOf(window));
        const exit = new Promise<number | null>((done) => window.app.process().once('exit', done));
        strike(pidOf(window), 'SIGTERM');
        await until('every process to be gone', () => !family.some(lives), ALL_MS);
        expect(await exit).toBe(0);
        rmSync(filler);
        expect(batches()).toBeGreaterThanOrEqual(stored);
        // That its run is over could not be written any more.
        expect(brokenInDatabase(databaseOf(window), { ended: false })).toEqual([]);
        const kept: unknown = JSON.parse(readFileSync(join(data, 'sources.json'), 'utf8'));
        expect(kept).toMatchObject({ sources: [{ input: { kind: 'file' } }] });
        // Healed: the same folder opens, with its source and what was counted.
        const again = await open([], data);
        await again.page.locator('.source-list').getByText('car.mp4').first().waitFor({ timeout: 20_000 });
        await closeWhole(again);
      } finally {
        unmount(data);
      }
    },
  );
});
