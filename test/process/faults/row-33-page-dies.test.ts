import { expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import type { IvisWindow } from '../../drivers/ivis-window.ts';
import { keptLog } from '../../drivers/log-lines.ts';
import { familyOf } from '../../drivers/process-tree.ts';
import { readDatabase } from '../../drivers/run-database.ts';
import { analysisFolder } from './analysis-rig.ts';
import { closeWhole, databaseOf, inPage, pidOf, windowFault } from './window-rig.ts';

const { clip } = analysisFolder('page-dies');

/** Whether the page that is there now shows its sources. */
const showsSources = async (window: IvisWindow): Promise<boolean> =>
  (await inPage(window, `document.querySelector('[data-testid=source-state]') !== null`)) === true;

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
    await expect.poll(() => showsSources(window), { timeout: 20_000 }).toBe(true);
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

windowFault("row 33: the window's process crashes again and again", ({ open }) => {
  it('gives way to words without script at its third fall, and is tried again a minute later', async () => {
    const window = await open();
    const { app, dataFolder } = window;
    const falls = (): number =>
      keptLog(dataFolder).filter(({ message }) => message.startsWith("the window's process ended")).length;
    for (let fall = 1; fall <= 3; fall++) {
      await expect
        .poll(() => inPage(window, "document.querySelector('[data-testid=page-health]') !== null"), {
          timeout: 30_000,
        })
        .toBe(true);
      await app.evaluate(({ BrowserWindow }) => {
        BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
      });
      await until('the fall to be told', () => falls() === fall, 20_000);
    }
    const words = (): Promise<unknown> => inPage(window, 'document.body.innerText');
    await expect.poll(words, { timeout: 30_000 }).toMatch(/The window keeps failing[\s\S]*go on/);
    expect(await inPage(window, 'document.scripts.length')).toBe(0);
    await expect.poll(words, { timeout: 100_000 }).toMatch(/Model ready/);
    expect(falls()).toBe(3);
    await closeWhole(window);
  }, 300_000);
});

const momentOf = (data: string, words: string): number | null => {
  const line = keptLog(data).find(({ message }) => message.includes(words));
  return line === undefined ? null : Date.parse(line.time);
};

windowFault("row 33: the window's process hangs", ({ open }) => {
  it('is noticed without a key or the mouse, and back within three seconds; counting never stops', async () => {
    const made = await clip();
    const window = await open(['--open', made.path]);
    const { app, dataFolder } = window;
    await window.page.getByTestId('source-state').first().waitFor();
    const hungMs = Date.now();
    // Nobody waits for its answer: there is none.
    await app.evaluate(({ BrowserWindow }) => {
      void BrowserWindow.getAllWindows()[0]
        ?.webContents.executeJavaScript('for (;;) {}')
        .catch(() => {});
    });
    const foundMs = await until('the hang to be noticed', () => momentOf(dataFolder, 'it hangs'), 40_000);
    await expect.poll(() => showsSources(window), { timeout: 20_000 }).toBe(true);
    const backMs = Date.now();
    const goneMs = momentOf(dataFolder, "the window's process ended");
    expect(goneMs).not.toBeNull();
    const s = (ms: number): string => (ms / 1000).toFixed(2);
    console.log(`noticed after ${s(foundMs - hungMs)} s, back ${s(backMs - foundMs)} s later`);
    // By the program's own timers: 100 ms after its end the page is loaded anew.
    expect((goneMs ?? 0) - foundMs).toBeLessThan(3000);
    await until(
      'the run to be whole',
      () => readDatabase(databaseOf(window)).runs.some((run) => run.status === 'complete'),
      90_000,
    );
    const { runs } = readDatabase(databaseOf(window));
    expect(runs.map((run) => [run.status, run.attempt])).toEqual([['complete', 1]]);
    expect(runs[0]?.crossings).toBe(made.forward + made.backward);
    await closeWhole(window);
  });
});
