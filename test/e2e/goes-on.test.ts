import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { readDatabase } from '../drivers/run-database.ts';
import { temporaryFolder } from '../fixtures/ffmpeg.ts';
import { movingPhotograph, type PhotographClip } from '../fixtures/photograph.ts';

const { folder, remove } = temporaryFolder('goes-on');
let clip: PhotographClip;
let window: IvisWindow | null = null;
beforeAll(async () => {
  clip = await movingPhotograph(join(folder, 'car.mp4'), { cycles: 2 });
});
afterAll(remove);
afterEach(async () => {
  await window?.close();
  window = null;
});

/** What was seen, on the disk: bytes of all journals. */
function journalBytes(dataFolder: string): number {
  try {
    const journals = join(dataFolder, 'journals');
    return readdirSync(journals).reduce((sum, name) => sum + statSync(join(journals, name)).size, 0);
  } catch {
    return 0;
  }
}

const stateOf = (w: IvisWindow): Promise<string | null> =>
  w.page.getByTestId('source-state').first().getAttribute('data-state');

/** A window whose analysis has got somewhere. */
async function analysing(): Promise<IvisWindow> {
  const opened = await IvisWindow.open();
  await opened.page.getByTestId('drop-target').waitFor();
  await opened.drop([clip.path]);
  await expect.poll(() => journalBytes(opened.dataFolder), { timeout: 60_000 }).toBeGreaterThan(1000);
  expect(await stateOf(opened)).toBe('LIVE');
  return opened;
}

/** Opened again, it goes on by itself and ends as if nothing had been. */
async function goesOn(dataFolder: string): Promise<void> {
  window = await IvisWindow.open([], { width: 1366, height: 768 }, dataFolder);
  const { page } = window;
  await expect
    .poll(() => page.getByTestId('source-attempt').innerText(), { timeout: 60_000 })
    .toMatch(/^\d+ frames were looked at before$/);
  await expect.poll(() => stateOf(window as IvisWindow), { timeout: 90_000 }).toBe('ENDED');
  expect(await page.getByTestId('line-Line 1-forward').first().innerText()).toBe(String(clip.forward));
  expect(await page.getByTestId('line-Line 1-backward').first().innerText()).toBe(String(clip.backward));
  expect(window.complaints).toEqual([]);
}

describe('an analysis that is going on when ivis ends', () => {
  it('goes on by itself after ivis was killed', async () => {
    window = await analysing();
    const { dataFolder, app } = window;
    process.kill(app.process().pid ?? -1, 'SIGKILL');
    await app.waitForEvent('close');
    window = null;
    await goesOn(dataFolder);
    const statuses = readDatabase(join(dataFolder, 'ivis.db')).runs.map(({ status }) => status);
    expect(statuses).toHaveLength(2);
    expect(statuses[1]).toBe('complete');
    expect(statuses[0]).not.toBe('complete');
  });

  it('goes on by itself after ivis was closed', async () => {
    window = await analysing();
    const { dataFolder } = window;
    await window.quit();
    window = null;
    await goesOn(dataFolder);
    expect(readDatabase(join(dataFolder, 'ivis.db')).runs.map(({ status }) => status)).toEqual([
      'stopped',
      'complete',
    ]);
  });

  it('does not, if it was stopped by hand; and what was seen leaves with its source', async () => {
    window = await analysing();
    const { dataFolder } = window;
    await window.page.getByTestId('stop-button').click();
    await expect.poll(() => stateOf(window as IvisWindow), { timeout: 20_000 }).toBe('STOPPED');
    await window.quit();
    window = await IvisWindow.open([], { width: 1366, height: 768 }, dataFolder);
    const { page } = window;
    await expect.poll(() => stateOf(window as IvisWindow)).toBe('STOPPED');
    expect(journalBytes(dataFolder)).toBeGreaterThan(1000);
    await page.getByTestId('remove-button').click();
    await page.getByTestId('confirm-remove').click();
    await expect.poll(() => journalBytes(dataFolder), { timeout: 10_000 }).toBe(0);
    expect(window.complaints).toEqual([]);
  });
});
