import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { readDatabase } from '../drivers/run-database.ts';
import { textClip } from '../fixtures/clips.ts';
import { movingPhotograph, type PhotographClip } from '../fixtures/photograph.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-e2e-'));
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

const numberIn = async (w: IvisWindow, id: string): Promise<number> =>
  Number((await w.page.getByTestId(id).first().innerText()).match(/\d+/)?.[0] ?? 'NaN');

describe('the window', () => {
  it('greets a newcomer with what to do, and with a model that is ready', async () => {
    window = await IvisWindow.open();
    await window.page.getByTestId('drop-target').waitFor();
    await window.page.getByText('Model ready').waitFor();
    expect(await window.page.getByTestId('open-button').first().isEnabled()).toBe(true);
    expect(window.complaints).toEqual([]);
  });

  it('analyses a dropped file, shows the count rising, and exports what the database holds', async () => {
    window = await IvisWindow.open();
    const { page } = window;
    await window.drop([clip.path]);
    const forward = page.getByTestId('line-Line 1-forward').first();
    await forward.waitFor();
    // Nothing was counted yet: that is no number.
    expect(await forward.innerText()).toMatch(/^[–0]$/);
    await expect
      .poll(() => numberIn(window as IvisWindow, 'line-Line 1-forward'), { timeout: 60_000 })
      .toBe(clip.forward);
    // Boxes are drawn on the very picture they belong to.
    const picture = page.getByTestId('picture').first();
    await expect
      .poll(async () => Number(await picture.getAttribute('data-boxes')), { timeout: 20_000 })
      .toBeGreaterThan(0);
    await expect
      .poll(() => page.getByTestId('source-state').first().innerText(), { timeout: 60_000 })
      .toMatch(/finished|complete|analysed|ended/i);
    expect(await numberIn(window, 'line-Line 1-forward')).toBe(clip.forward);
    expect(await numberIn(window, 'line-Line 1-backward')).toBe(clip.backward);

    await window.answerDialogs([folder]);
    await page.getByTestId('export-button').first().click();
    await page.getByTestId('toast').first().waitFor();
    const written = readdirSync(folder).find((name) => name.startsWith('car to and fro-run-'));
    const crossings = readFileSync(join(folder, written ?? '', 'crossings.csv'), 'utf8')
      .trim()
      .split(/\r?\n/);
    const { runs } = readDatabase(join(window.dataFolder, 'ivis.db'));
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ status: 'complete', crossings: clip.forward + clip.backward });
    expect(crossings).toHaveLength(1 + (runs[0]?.crossings ?? -1));
    const detections = readFileSync(join(folder, written ?? '', 'detections.csv'), 'utf8')
      .trim()
      .split(/\r?\n/);
    expect(detections.length - 1).toBeGreaterThan(clip.frames * 0.9);
    expect(window.complaints).toEqual([]);
  });

  it('says in plain words what is wrong with a file, and goes on with the others', async () => {
    window = await IvisWindow.open();
    const { page } = window;
    const text = await textClip(join(folder, 'shopping.mp4'));
    await window.drop([text, clip.path]);
    await page.getByTestId('fault').first().waitFor();
    expect(await page.getByTestId('fault').first().innerText()).toMatch(/not a video/i);
    await page.getByText('car to and fro.mp4').first().click();
    await expect
      .poll(() => numberIn(window as IvisWindow, 'line-Line 1-forward'), { timeout: 60_000 })
      .toBe(clip.forward);
    // Mended, it is begun as a new one is: with a line to count over.
    copyFileSync(clip.path, text);
    await page.getByText('shopping.mp4').first().click();
    await page.getByTestId('start-button').click();
    await expect
      .poll(() => numberIn(window as IvisWindow, 'line-Line 1-forward'), { timeout: 60_000 })
      .toBe(clip.forward);
  });

  it('opens files by the native dialog', async () => {
    window = await IvisWindow.open();
    await window.answerDialogs([clip.path]);
    await window.page.getByTestId('open-button').first().click();
    await window.page.getByText('car to and fro.mp4').first().waitFor();
  });
});

describe('the page', () => {
  it('is locked away from the machine', async () => {
    window = await IvisWindow.open();
    const { page, app } = window;
    const seen = await page.evaluate(() => ({
      process: typeof Reflect.get(globalThis, 'process'),
      require: typeof Reflect.get(globalThis, 'require'),
      ivis: Object.keys(Reflect.get(globalThis, 'ivis') ?? {}).sort(),
      origin: location.origin,
    }));
    expect(seen).toEqual({
      process: 'undefined',
      require: 'undefined',
      ivis: ['listen', 'pathOfFile', 'post'],
      origin: 'app://ivis',
    });
    const preferences = await app.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((contents) => {
        // Not in the types, but what Electron really applied.
        const read: unknown = Reflect.get(contents, 'getLastWebPreferences');
        return typeof read === 'function' ? read.call(contents) : null;
      }),
    );
    expect(preferences).toHaveLength(1);
    expect(preferences[0]).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
    });
    // Of its own menu, Electron would reload the page and open the developer tools.
    if (process.platform !== 'darwin')
      expect(await app.evaluate(({ Menu }) => Menu.getApplicationMenu())).toBeNull();
  });

  it('cannot navigate, open windows, run foreign script or read files', async () => {
    window = await IvisWindow.open();
    const { page, app } = window;
    const refused = await page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        violations.push(event.violatedDirective),
      );
      const script = document.createElement('script');
      script.textContent = 'window.planted = true';
      document.head.append(script);
      const fetched = await Promise.allSettled(
        ['file:///etc/passwd', 'https://example.com/', 'app://other/index.html'].map((url) => fetch(url)),
      );
      const paths = ['../../package.json', '%2e%2e/%2e%2e/package.json', 'index.html%00.js', '/etc/passwd'];
      const escapes = await Promise.all(
        paths.map(async (path) => (await fetch(`app://ivis/${path}`)).status),
      );
      const opened = globalThis.open('https://example.com/');
      location.href = 'https://example.com/';
      await new Promise((resolve) => setTimeout(resolve, 300));
      return {
        planted: 'planted' in globalThis,
        fetched: fetched.map((each) => each.status),
        escapes,
        opened: opened === null,
        violations: violations.length,
        origin: location.origin,
      };
    });
    expect(refused).toMatchObject({
      planted: false,
      fetched: ['rejected', 'rejected', 'rejected'],
      escapes: [404, 404, 404, 404],
      opened: true,
      origin: 'app://ivis',
    });
    expect(refused.violations).toBeGreaterThan(0);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('may send rubbish to main without harm', async () => {
    window = await IvisWindow.open();
    const { page } = window;
    await page.evaluate(() => {
      const ivis = Reflect.get(globalThis, 'ivis');
      for (const rubbish of [
        null,
        7,
        'x',
        [],
        {},
        { v: 1, link: 'ui-main', kind: 'request', seq: 1, name: 'sources.add', body: { paths: [3] } },
      ]) {
        ivis.post(rubbish);
      }
      ivis.post({ v: 1, link: 'ui-main', kind: 'request', seq: Number.NaN, name: '__proto__', body: {} });
    });
    await window.drop([clip.path]);
    await page.getByText('car to and fro.mp4').first().waitFor();
  });
});
