import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { readDatabase } from '../drivers/run-database.ts';
import { movingPhotograph, type PhotographClip } from '../fixtures/photograph.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-sources-'));
let clip: PhotographClip;
let window: IvisWindow | null = null;
beforeAll(async () => {
  clip = await movingPhotograph(join(folder, 'car.mp4'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  await window?.close();
  window = null;
});

/** Nothing listens on this port: the kernel refuses at once. */
const DEAD = 'rtsp://127.0.0.1:1/stream1';

async function addCamera(w: IvisWindow, address: string, title: string): Promise<void> {
  const { page } = w;
  await page.keyboard.press('a');
  await page.getByTestId('address-field').fill(address);
  await page.getByTestId('title-field').fill(title);
  await page.getByTestId('confirm-button').click();
  await page.getByTestId('add-dialog').waitFor({ state: 'detached' });
}

/** Every file under a folder, as bytes. */
function filesUnder(path: string): { path: string; bytes: Buffer }[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: file, bytes: readFileSync(file) }));
}

/** Paths of files that hold any of these texts, as UTF-8 or as UTF-16. */
function filesWith(path: string, texts: readonly string[]): string[] {
  const needles = texts.flatMap((text) => [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')]);
  return filesUnder(path)
    .filter(({ bytes }) => needles.some((needle) => bytes.includes(needle)))
    .map((file) => file.path);
}

/** Command lines of every process of this machine. */
function commandLines(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
}

describe('a camera that does not exist', () => {
  it('is named by its cause, tried again with a countdown, and stops when told to', async () => {
    window = await IvisWindow.open();
    const { page } = window;
    await page.getByTestId('drop-target').waitFor();
    await addCamera(window, DEAD, 'North gate');
    await page.getByText('The camera does not answer').first().waitFor();
    await expect
      .poll(() => page.getByTestId('live-state').getAttribute('data-state'), { timeout: 15_000 })
      .toBe('RETRYING');
    const next = page.getByTestId('next-try').first();
    await expect.poll(() => next.innerText(), { timeout: 15_000 }).toMatch(/^Next try in [3-9] s$/);
    const first = Number((await next.innerText()).match(/\d+/)?.[0]);
    await expect
      .poll(async () => Number((await next.innerText()).match(/\d+/)?.[0] ?? 0), { timeout: 15_000 })
      .toBeLessThan(first);
    // The run is one run: a camera's troubles make no new rows.
    const { runs } = readDatabase(join(window.dataFolder, 'ivis.db'));
    expect(runs).toHaveLength(1);
    expect(runs[0]?.status).toBe('running');
    await page.getByTestId('stop-button').click();
    await expect
      .poll(() => page.getByTestId('live-state').getAttribute('data-state'), { timeout: 15_000 })
      .toBe('STOPPED');
    expect(readDatabase(join(window.dataFolder, 'ivis.db')).runs[0]?.status).toBe('stopped');
    expect(window.complaints).toEqual([]);
  });

  it('is refused by its cause in the dialog before it is added', async () => {
    window = await IvisWindow.open();
    const { page } = window;
    await page.getByTestId('empty-add-button').click();
    // Asked for too early: the field says what is missing.
    await page.getByTestId('test-button').click();
    await page.getByText('An address is needed.').waitFor();
    await page.getByTestId('address-field').fill(DEAD);
    await page.getByTestId('test-button').click();
    await page.getByTestId('test-bad').waitFor({ timeout: 30_000 });
    expect(await page.getByTestId('test-bad').innerText()).toMatch(/does not answer/);
    await page.keyboard.press('Escape');
    await page.getByTestId('add-dialog').waitFor({ state: 'detached' });
    await page.getByTestId('drop-target').waitFor();
    expect(window.complaints).toEqual([]);
  });
});

describe('the list of sources', () => {
  it('is there again after ivis was closed: cameras go on, files show what they counted', async () => {
    window = await IvisWindow.open();
    await window.page.getByTestId('drop-target').waitFor();
    await window.drop([clip.path]);
    const counted = window.page.getByTestId('line-Line 1-forward').first();
    await expect
      .poll(() => window?.page.getByTestId('source-state').first().getAttribute('data-state'), {
        timeout: 90_000,
      })
      .toBe('ENDED');
    expect(await counted.innerText()).toBe(String(clip.forward));
    await addCamera(window, DEAD, 'مدخل المبنى');
    await window.page.getByTestId('next-try').first().waitFor();
    const { dataFolder } = window;
    await window.quit();

    window = await IvisWindow.open([], { width: 1366, height: 768 }, dataFolder);
    const { page } = window;
    const states = page.getByTestId('source-state');
    await expect.poll(() => states.count()).toBe(2);
    expect(await states.first().getAttribute('data-state')).toBe('ENDED');
    expect(await page.getByTestId('line-Line 1-forward').first().innerText()).toBe(String(clip.forward));
    await expect.poll(() => states.nth(1).getAttribute('data-state'), { timeout: 30_000 }).toBe('RETRYING');
    await page.getByText('مدخل المبنى').first().waitFor();
    // The file was not analysed again; the camera has a second run.
    const { runs } = readDatabase(join(dataFolder, 'ivis.db'));
    expect(runs.map((run) => run.status)).toEqual(['complete', 'stopped', 'running']);
  });
});

describe('a password', () => {
  it('pasted with an address is in no file, no command line and no state of the page', async () => {
    window = await IvisWindow.open();
    const { page } = window;
    await page.getByTestId('drop-target').waitFor();
    const password = 'Zq7-planted:pass/9';
    const secrets = [password, encodeURIComponent(password), 'Zq7-planted'];
    await page.keyboard.press('a');
    await page.getByTestId('address-field').fill(DEAD.replace('//', `//operator:${password}@`));
    // Taken apart at once.
    expect(await page.getByTestId('address-field').inputValue()).toBe(DEAD);
    expect(await page.getByTestId('user-field').inputValue()).toBe('operator');
    expect(await page.getByTestId('password-field').getAttribute('type')).toBe('password');
    await page.getByTestId('unprotected').waitFor();
    await page.getByTestId('test-button').click();
    await page.getByTestId('test-bad').waitFor({ timeout: 30_000 });
    await page.getByTestId('confirm-button').click();
    // The first try waits for the model too, and the state tells where it hangs when it never comes.
    const state = async (): Promise<string> =>
      (await page.getByTestId('source-state').first().getAttribute('data-state')) ?? '';
    await expect.poll(state, { timeout: 60_000 }).toBe('RETRYING');
    await page.getByTestId('next-try').first().waitFor({ timeout: 10_000 });
    expect(commandLines()).not.toContain('Zq7-planted');
    expect(await page.content()).not.toContain('Zq7-planted');
    const { dataFolder } = window;
    await window.quit();
    expect(filesWith(dataFolder, secrets)).toEqual([]);
    expect(filesWith(dataFolder, ['stream1']).length).toBeGreaterThan(0);
    window = await IvisWindow.open([], { width: 1366, height: 768 }, dataFolder);
    await window.page.getByText('needs its user and password again').first().waitFor();
    await window.page.getByTestId('edit-button').first().click();
    // It was for that session only: it is asked for again, and nothing pretends to know it.
    expect(await window.page.getByTestId('password-field').inputValue()).toBe('');
  });
});

describe('a watched folder', () => {
  it('has its videos analysed once each, those there and those that come', async () => {
    const watched = join(folder, 'recorder');
    mkdirSync(watched);
    copyFileSync(clip.path, join(watched, 'first.mp4'));
    window = await IvisWindow.open();
    const { page } = window;
    await page.getByTestId('drop-target').waitFor();
    await window.answerDialogs([watched]);
    await page.keyboard.press('a');
    await page.getByText('Watched folder').click();
    await page.getByTestId('pick-button').click();
    await expect.poll(() => page.getByTestId('add-dialog').innerText()).toContain(watched);
    await page.getByTestId('confirm-button').click();
    await page.getByText('first.mp4').first().waitFor({ timeout: 20_000 });
    await expect
      .poll(() => page.getByTestId('source-state').first().getAttribute('data-state'), { timeout: 90_000 })
      .toBe('ENDED');
    expect(await page.getByTestId('line-Line 1-forward').first().innerText()).toBe(String(clip.forward));
    copyFileSync(clip.path, join(watched, 'the same again.mp4'));
    await expect
      .poll(() => page.getByTestId('folder-words').innerText(), { timeout: 20_000 })
      .toBe('1 taken · 1 known already');
    expect(await page.getByTestId('source-state').count()).toBe(1);
    expect(readDatabase(join(window.dataFolder, 'ivis.db')).runs).toHaveLength(1);
  });
});

describe('many files', () => {
  it('wait their turn and are named as waiting', async () => {
    window = await IvisWindow.open();
    const { page } = window;
    await page.getByTestId('drop-target').waitFor();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => join(folder, `${name}.mp4`));
    for (const name of names) copyFileSync(clip.path, name);
    await window.drop(names);
    const queued = page.locator('[data-testid=source-state][data-state=QUEUED]');
    await expect.poll(() => queued.count(), { timeout: 60_000 }).toBe(2);
    expect(await queued.first().innerText()).toBe('Waiting its turn');
    await page.locator('[data-testid=source-state][data-state=QUEUED]').last().click();
    await page.getByTestId('stop-button').click();
    await expect.poll(() => queued.count(), { timeout: 60_000 }).toBeLessThan(2);
    expect(window.complaints).toEqual([]);
  });
});
