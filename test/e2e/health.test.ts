import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { movingPhotograph, type PhotographClip } from '../fixtures/photograph.ts';
import { readExposition } from '../unit/main/metrics/exposition.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-e2e-health-'));
let clip: PhotographClip;
let window: IvisWindow | null = null;
beforeAll(async () => {
  clip = await movingPhotograph(join(folder, 'car to and fro.mp4'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  await window?.close();
  window = null;
});

const settingsOf = (w: IvisWindow): string => join(w.dataFolder, 'settings.yaml');
const open = async (words: readonly string[] = []): Promise<IvisWindow> => {
  window = await IvisWindow.open(words);
  await window.page.getByText('Model ready').waitFor({ timeout: 60_000 });
  return window;
};
const severityOf = (w: IvisWindow, id: string) =>
  w.page.getByTestId(`component-${id}`).getAttribute('data-severity', { timeout: 10_000 });
/** Switches the pages for other programs on by hand, on any free port, and gives their address. */
const openPages = async (w: IvisWindow, more = ''): Promise<string> => {
  writeFileSync(settingsOf(w), `interfaces: { enabled: true, port: 0 }\n${more}`);
  await w.page.getByTestId('page-health').click();
  const urls = await w.page.getByTestId('interface-urls').innerText({ timeout: 15_000 });
  return /http:\/\/127\.0\.0\.1:\d+/.exec(urls)?.[0] ?? '';
};

describe('the health page', () => {
  it('shows every part, stage and process of a running analysis, and writes it down without secrets', async () => {
    const w = await open(['--open', clip.path]);
    const { page } = w;
    await page.getByTestId('source-state').first().waitFor();
    await page.getByTestId('page-health').click();
    await page.getByTestId('stage-strip').waitFor({ timeout: 30_000 });
    for (const stage of ['grab', 'decode', 'read', 'preprocess', 'infer', 'track', 'store', 'paint']) {
      expect(await page.getByTestId(`stage-${stage}`).count()).toBe(1);
    }
    await expect
      .poll(() => page.getByTestId('stage-infer').innerText(), { timeout: 30_000 })
      .toMatch(/median\s*[\d.]+ ms[\s\S]*95 %\s*[\d.]+ ms/);
    for (const id of ['main', 'worker:store', 'worker:detection', 'model', 'store']) {
      expect(await severityOf(w, id)).toBe('ok');
    }
    const table = await page.getByTestId('process-table').innerText();
    for (const part of ['Main', 'Window', 'Database', 'Detection']) expect(table).toContain(part);
    await expect
      .poll(async () => Number(await page.getByTestId('charts').getAttribute('data-points')), {
        timeout: 40_000,
      })
      .toBeGreaterThan(0);

    const saved = join(folder, 'diagnostics.zip');
    await w.app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, saved);
    await page.getByTestId('save-diagnostics').click();
    await page.getByTestId('toast').first().waitFor();
    expect(readFileSync(saved).subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
    expect(w.complaints).toEqual([]);
  });

  it('takes an edit of the settings at once, and answers a mistake with line and field', async () => {
    const w = await open();
    await w.page.getByTestId('page-health').click();
    writeFileSync(settingsOf(w), 'limits:\n  memoryPercent: { warn: 1, critical: 100 }\n');
    await expect.poll(() => severityOf(w, 'memory'), { timeout: 10_000 }).toBe('warn');
    writeFileSync(settingsOf(w), 'limits:\n  memoryPercent: { warn: lots, critical: 100 }\n');
    const problem = w.page.getByTestId('component-settings');
    await problem.waitFor({ timeout: 10_000 });
    expect(await problem.innerText()).toMatch(/line 2, limits\.memoryPercent\.warn/);
    // The last good settings hold.
    expect(await severityOf(w, 'memory')).toBe('warn');
    writeFileSync(settingsOf(w), 'limits:\n  memoryPercent: { warn: 99, critical: 100 }\n');
    await expect.poll(() => severityOf(w, 'memory'), { timeout: 10_000 }).toBe('ok');
    await expect.poll(() => problem.count(), { timeout: 10_000 }).toBe(0);
  });

  it('greys and says since when, once nobody tells it anything, and comes back by itself', async () => {
    const w = await open();
    const { page } = w;
    await page.getByTestId('page-health').click();
    const health = page.getByTestId('health-page');
    await expect.poll(() => health.getAttribute('data-stale'), { timeout: 10_000 }).toBe('false');
    // Main lives on and hears nothing of the page any more: what it would tell does not come.
    await w.app.evaluate(({ ipcMain, BrowserWindow }) => {
      const heard = ipcMain.listeners('ui-main');
      ipcMain.removeAllListeners('ui-main');
      Object.assign(globalThis, { heardBefore: heard });
      for (const { webContents } of BrowserWindow.getAllWindows()) webContents.postMessage = () => {};
    });
    await expect.poll(() => health.getAttribute('data-stale'), { timeout: 20_000 }).toBe('true');
    expect(await page.getByTestId('health-headline').innerText()).toMatch(
      /Not known: nothing was heard for \d[\s\S]*was true at \d\d:\d\d:\d\d/,
    );
    const opacity = await health
      .locator('.health-columns')
      .first()
      .evaluate((part) => getComputedStyle(part).opacity);
    expect(Number(opacity)).toBeLessThan(0.7);
    await page.getByText(/Not known: ivis has said nothing for/).waitFor({ timeout: 10_000 });
    expect(await page.locator('.app').getAttribute('data-silent')).toBe('true');
    await w.app.evaluate(({ ipcMain, BrowserWindow }) => {
      for (const { webContents } of BrowserWindow.getAllWindows())
        Reflect.deleteProperty(webContents, 'postMessage');
      const { heardBefore } = globalThis as unknown as { heardBefore: ((...words: unknown[]) => void)[] };
      for (const hear of heardBefore) ipcMain.on('ui-main', hear);
    });
    await expect.poll(() => health.getAttribute('data-stale'), { timeout: 20_000 }).toBe('false');
    await expect
      .poll(() => page.locator('.app').getAttribute('data-silent'), { timeout: 10_000 })
      .toBe('false');
  });

  it('says which process died, and that it is back', async () => {
    const w = await open();
    const { page } = w;
    await page.getByTestId('page-health').click();
    const row = page.locator('tr[data-process=detection]');
    const pid = Number((await row.innerText()).match(/\b\d{2,}\b/)?.[0]);
    process.kill(pid, 'SIGKILL');
    await expect
      .poll(async () => Number((await row.locator('td').last().innerText()).trim()), { timeout: 30_000 })
      .toBe(1);
    await expect.poll(() => severityOf(w, 'worker:detection'), { timeout: 60_000 }).toBe('ok');
    await page.getByTestId('page-log').click();
    await page.getByTestId('log-search').fill('health: Detection process');
    await expect.poll(() => page.getByTestId('log-line').count(), { timeout: 10_000 }).toBeGreaterThan(1);
  });
});

describe('the log page', () => {
  it('shows lines as they come and finds them by level, process and word; its level changes at once', async () => {
    const w = await open();
    const { page } = w;
    await page.getByTestId('page-log').click();
    await page.getByTestId('log-line').first().waitFor();
    await page.getByTestId('log-process').selectOption('detection');
    await page.getByTestId('log-search').fill('MODEL loaded');
    await expect.poll(() => page.getByTestId('log-line').count(), { timeout: 10_000 }).toBe(1);
    await page.getByTestId('log-search').fill('no such words');
    await page.getByText('No line fits').waitFor();
    await page.getByTestId('log-level').selectOption('debug');
    await expect
      .poll(() => readFileSync(settingsOf(w), 'utf8'), { timeout: 10_000 })
      .toContain('level: debug');
    expect(readFileSync(settingsOf(w), 'utf8')).toContain('# debug, info, warn or error');
    expect(w.complaints).toEqual([]);
  });
});

describe('the pages for other programs', () => {
  it('are off until they are switched on, tell the truth about a run, and close again', async () => {
    const w = await open(['--open', clip.path]);
    const url = await openPages(w, 'perception: { enabled: true }\n');
    const page = async (path: string): Promise<Response> => fetch(`${url}${path}`);
    expect(await (await page('/healthz')).json()).toMatchObject({ status: 'ok', service: 'ivis' });
    expect(await (await page('/readyz')).json()).toEqual({ ready: true, reasons: [] });
    const perception = async (): Promise<string> => (await page('/api/perception/tracks')).text();
    await expect.poll(perception, { timeout: 30_000 }).toMatch(/"label":"car"/);
    expect(await (await page('/api/perception/timeline/predictions')).text()).toMatch(/"horizonMs":2000/);
    await w.page.getByTestId('page-watch').click();
    await expect
      .poll(() => w.page.getByTestId('source-state').first().innerText(), { timeout: 60_000 })
      .toMatch(/finished/i);
    const frames = async (): Promise<number | undefined> =>
      readExposition(await (await page('/metrics')).text()).get('infer_frames_total')?.samples[0]?.value;
    await expect.poll(frames, { timeout: 10_000 }).toBe(clip.frames);
    // The process that read the file takes a moment to leave after its last frame.
    const alive = async () =>
      readExposition(await (await page('/metrics')).text()).get('worker_alive')?.samples;
    await expect.poll(alive, { timeout: 10_000 }).toEqual([]);
    const families = readExposition(await (await page('/metrics')).text());
    expect(families.get('infer_latency_ms')?.samples.find(({ labels }) => labels.le === '+Inf')?.value).toBe(
      clip.frames,
    );
    expect(
      families.get('infer_events_total')?.samples.find(({ labels }) => labels.type === 'crossing')?.value,
    ).toBe(clip.forward + clip.backward);
    writeFileSync(settingsOf(w), 'interfaces: { enabled: false }\n');
    await expect
      .poll(
        () =>
          page('/healthz').then(
            () => 'open',
            () => 'shut',
          ),
        { timeout: 10_000 },
      )
      .toBe('shut');
  });

  it('stay off with a word when their port is taken, and the rest of ivis runs', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    try {
      const w = await open();
      writeFileSync(settingsOf(w), `interfaces: { enabled: true, port: ${port} }\n`);
      await w.page.getByTestId('page-health').click();
      const part = w.page.getByTestId('component-interfaces');
      await part.waitFor({ timeout: 15_000 });
      expect(await part.innerText()).toMatch(/used by another program/);
      expect(await severityOf(w, 'worker:detection')).toBe('ok');
    } finally {
      await new Promise((resolve) => taken.close(resolve));
    }
  });
});
