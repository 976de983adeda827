import { expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { familyOf } from '../../drivers/process-tree.ts';
import { readDatabase } from '../../drivers/run-database.ts';
import { analysisFolder } from './analysis-rig.ts';
import { closeWhole, databaseOf, pidOf, windowFault } from './window-rig.ts';

const { clip } = analysisFolder('page-dies');

windowFault("row 33: the window's process crashes", ({ open }) => {
  it('is back by itself while reading, counting and storing go on', async () => {
    const made = await clip();
    const window = await open(['--open', made.path]);
    const { page, app } = window;
    await page.getByTestId('source-state').first().waitFor();
    const workers = familyOf(pidOf(window)).map(({ pid }) => pid);
    const crashed = page.waitForEvent('crash');
    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
    });
    await crashed;
    const beganMs = performance.now();
    const back = (): Promise<boolean> =>
      app.evaluate(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        if (contents === undefined || contents.isCrashed()) return false;
        return contents.executeJavaScript(`document.querySelector('[data-testid=source-state]') !== null`);
      });
    await expect.poll(() => back().catch(() => false), { timeout: 20_000 }).toBe(true);
    console.log(`the page was back after ${((performance.now() - beganMs) / 1000).toFixed(2)} s`);
    await until(
      'the run to be whole',
      () => readDatabase(databaseOf(window)).runs.some((run) => run.status === 'complete'),
      90_000,
    );
    const { runs } = readDatabase(databaseOf(window));
    // One run, never begun anew: nobody but the page was disturbed.
    expect(runs.map((run) => [run.status, run.attempt])).toEqual([['complete', 1]]);
    expect(runs[0]?.crossings).toBe(made.forward + made.backward);
    expect(workers.length).toBeGreaterThan(3);
    await closeWhole(window);
  });
});
