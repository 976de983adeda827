/**
 * Cold start of the app to the first picture with boxes, in a real window. Needs a display: `xvfb-run` where there is
 * none. `--json`: one JSON object as the last line. The peer in the same run is Electron's own bare start.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { electronBinary, electronEnvironment, electronFlags } from '../drivers/electron-binary.ts';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { movingPhotograph } from '../fixtures/photograph.ts';

const RUNS = 5;
const folder = mkdtempSync(join(tmpdir(), 'ivis-startup-'));

async function bareStartMs(): Promise<number> {
  const app = join(folder, 'bare.cjs');
  writeFileSync(
    app,
    "const {app,BrowserWindow}=require('electron');app.whenReady().then(()=>new BrowserWindow().loadURL('data:text/html,<p>bare'))",
  );
  const fromMs = performance.now();
  const electron = await _electron.launch({
    executablePath: electronBinary(),
    args: [...electronFlags(), '--disable-gpu', app],
    env: electronEnvironment(),
  });
  await (await electron.firstWindow()).getByText('bare').waitFor();
  const tookMs = performance.now() - fromMs;
  await electron.close();
  return tookMs;
}

async function firstBoxesMs(clip: string): Promise<{ windowMs: number; boxesMs: number }> {
  const fromMs = performance.now();
  const window = await IvisWindow.open(['--open', clip]);
  await window.page.getByText('ivis').first().waitFor();
  const windowMs = performance.now() - fromMs;
  await window.page.waitForFunction(
    () => Number(document.querySelector('[data-testid="picture"]')?.getAttribute('data-boxes') ?? 0) > 0,
    null,
    { timeout: 60_000, polling: 20 },
  );
  const boxesMs = performance.now() - fromMs;
  await window.close();
  return { windowMs, boxesMs };
}

const median = (values: readonly number[]): number =>
  Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);

try {
  const clip = await movingPhotograph(join(folder, 'car.mp4'));
  const bare: number[] = [];
  const shown: number[] = [];
  const boxes: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    bare.push(await bareStartMs());
    const { windowMs, boxesMs } = await firstBoxesMs(clip.path);
    shown.push(windowMs);
    boxes.push(boxesMs);
  }
  const figures = {
    bareElectronMs: median(bare),
    windowMs: median(shown),
    firstBoxesMs: median(boxes),
    runs: RUNS,
  };
  console.log(
    `cold start, median of ${RUNS}: bare Electron ${figures.bareElectronMs} ms, ivis window ${figures.windowMs} ms, first picture with boxes ${figures.firstBoxesMs} ms`,
  );
  if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
