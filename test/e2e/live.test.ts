import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ledgerCloses, ledgerSchema } from '#shared/domain/drop-reason.ts';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { cameraClip, cameraFilm } from '../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing } from '../drivers/rtsp-server.ts';
import { readDatabase, readGaps, readRunTimes, readSources } from '../drivers/run-database.ts';
import { movingPhotograph } from '../fixtures/photograph.ts';

const missing = rtspMissing();
const folder = mkdtempSync(join(tmpdir(), 'ivis-live-'));
let cars: string;
let window: IvisWindow | null = null;
const servers: RtspServer[] = [];
beforeAll(async () => {
  if (missing !== null) return;
  const clip = await movingPhotograph(join(folder, 'car.mp4'));
  cars = await cameraFilm(join(folder, 'car.h264'), clip.path);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  await window?.close();
  window = null;
  await Promise.all(servers.splice(0).map((server) => server.kill()));
});

async function serve(order: Parameters<typeof RtspServer.start>[0]): Promise<RtspServer> {
  const server = await RtspServer.start(order);
  servers.push(server);
  return server;
}

async function openWith(address: string, title: string): Promise<IvisWindow> {
  window = await IvisWindow.open();
  const { page } = window;
  await page.getByTestId('drop-target').waitFor();
  await page.keyboard.press('a');
  await page.getByTestId('address-field').fill(address);
  await page.getByTestId('title-field').fill(title);
  await page.getByTestId('test-button').click();
  await page.getByTestId('test-good').waitFor({ timeout: 30_000 });
  return window;
}

const stateOf = (w: IvisWindow) => w.page.getByTestId('live-state').getAttribute('data-state');

async function countIn(w: IvisWindow): Promise<number> {
  return Number(await w.page.getByTestId('line-Line 1-forward').first().innerText());
}

const gapsOf = (w: IvisWindow) => w.page.getByTestId('gap-strip').getAttribute('data-gaps');

async function pidOf(w: IvisWindow, name: string): Promise<number> {
  const chip = w.page.locator(`.process[data-process=${name}][data-state=running]`);
  return Number((await chip.first().innerText()).match(/pid (\d+)/)?.[1] ?? Number.NaN);
}

describe.skipIf(missing !== null)('a camera in the window', () => {
  it('is tested, counted, and keeps its counts over the death of its process', async () => {
    const server = await serve({ mounts: [{ path: '/cam', file: cars, fps: 25 }] });
    const w = await openWith(server.url('/cam'), 'North gate');
    const { page } = w;
    expect(await page.getByTestId('test-good').innerText()).toMatch(/640 × 360[\s\S]*h264[\s\S]*ffmpeg/);
    await page.getByTestId('test-good').locator('img').waitFor();
    await page.getByTestId('confirm-button').click();
    await expect.poll(() => stateOf(w), { timeout: 30_000 }).toBe('LIVE');
    await expect.poll(() => countIn(w).catch(() => 0), { timeout: 60_000 }).toBeGreaterThan(0);

    const before = await countIn(w);
    process.kill(await pidOf(w, 'capture'), 'SIGKILL');
    await expect.poll(() => stateOf(w), { timeout: 15_000 }).not.toBe('LIVE');
    expect(await countIn(w)).toBeGreaterThanOrEqual(before);
    await expect.poll(() => stateOf(w), { timeout: 30_000 }).toBe('LIVE');
    await expect.poll(() => countIn(w), { timeout: 60_000 }).toBeGreaterThan(before);
    await page.getByText('Video reading was started again').first().waitFor();
    expect(Number(await page.getByTestId('gap-strip').getAttribute('data-gaps'))).toBeGreaterThan(1);

    await page.getByTestId('stop-button').click();
    await expect.poll(() => stateOf(w), { timeout: 20_000 }).toBe('STOPPED');
    // What the window says is what the database holds, over the runs since the first line was laid.
    const shown = (await countIn(w)) + Number(await page.getByTestId('line-Line 1-backward').innerText());
    const { runs, integrity } = readDatabase(join(w.dataFolder, 'ivis.db'));
    expect(integrity).toBe('ok');
    expect(runs.map((run) => run.status).slice(-2)).toEqual(['failed', 'stopped']);
    expect(runs.reduce((sum, run) => sum + run.crossings, 0)).toBe(shown);
    expect(w.complaints).toEqual([]);
  });

  it('shows what is stored when detection died, and goes on from there', async () => {
    const server = await serve({ mounts: [{ path: '/cam', file: cars, fps: 25 }] });
    const w = await openWith(server.url('/cam'), 'North gate');
    const { page } = w;
    await page.getByTestId('confirm-button').click();
    await expect.poll(() => countIn(w).catch(() => 0), { timeout: 60_000 }).toBeGreaterThan(0);
    const paused = page.getByText('Counting paused');
    process.kill(await pidOf(w, 'detection'), 'SIGKILL');
    await paused.first().waitFor({ timeout: 15_000 });
    // The camera itself is well: its picture goes on.
    expect(await stateOf(w)).toBe('LIVE');
    await expect.poll(() => page.locator('.tile').first().getAttribute('data-stale')).toBe('false');
    await expect.poll(() => paused.count(), { timeout: 60_000 }).toBe(0);
    expect(await stateOf(w)).toBe('LIVE');
    await page.getByText('Detection was started again').first().waitFor();
    const before = await countIn(w);
    await expect.poll(() => countIn(w), { timeout: 60_000 }).toBeGreaterThan(before);
    await page.getByTestId('stop-button').click();
    await expect.poll(() => stateOf(w), { timeout: 20_000 }).toBe('STOPPED');
    const shown = (await countIn(w)) + Number(await page.getByTestId('line-Line 1-backward').innerText());
    const { runs } = readDatabase(join(w.dataFolder, 'ivis.db'));
    expect(runs.reduce((sum, run) => sum + run.crossings, 0)).toBe(shown);
    expect(w.complaints).toEqual([]);
  });

  it('shows a black picture as black, a lost one as old, and is live again by itself', async () => {
    const clip = await cameraClip(join(folder, 'night.h264'), { scene: 'black' });
    const moving = await cameraClip(join(folder, 'day.h264'));
    const mounts = [{ path: '/cam', file: clip.path, fps: 25 }];
    const server = await serve({ mounts });
    const w = await openWith(server.url('/cam'), 'Loading bay');
    const { page } = w;
    await page.getByTestId('confirm-button').click();
    await page.getByTestId('tile-badge').waitFor({ timeout: 30_000 });
    expect(await page.getByTestId('tile-badge').innerText()).toMatch(/^BLACK/);
    // Its process works though nothing is analysed: it is not taken for one that hangs.
    const pid = await pidOf(w, 'capture');
    await expect
      .poll(() => page.getByTestId('tile-badge').innerText(), { timeout: 30_000 })
      .toMatch(/\((1[7-9]|2\d) s\)/);
    expect(await pidOf(w, 'capture')).toBe(pid);
    await server.kill();
    await page.getByTestId('tile-cause').waitFor({ timeout: 20_000 });
    await expect
      .poll(() => page.locator('.tile').first().getAttribute('data-stale'), { timeout: 10_000 })
      .toBe('true');
    await serve({ mounts: [{ path: '/cam', file: moving.path, fps: 25 }], port: server.port });
    await expect.poll(() => stateOf(w), { timeout: 40_000 }).toBe('LIVE');
    await expect.poll(() => page.getByTestId('tile-cause').count()).toBe(0);
    await expect
      .poll(() => page.locator('.tile').first().getAttribute('data-stale'), { timeout: 10_000 })
      .toBe('false');
    await page.getByTestId('interval-gap').first().waitFor();
    expect(w.complaints).toEqual([]);
  });

  it('takes a mask and a line drawn on its picture without connecting anew, and keeps what still is true', async () => {
    const server = await serve({ mounts: [{ path: '/cam', file: cars, fps: 25 }] });
    const w = await openWith(server.url('/cam'), 'Yard');
    const { page } = w;
    await page.getByTestId('confirm-button').click();
    await expect.poll(() => stateOf(w), { timeout: 30_000 }).toBe('LIVE');
    // Its first line was laid over it already, in the middle of its picture.
    await expect.poll(() => countIn(w).catch(() => -1), { timeout: 30_000 }).toBeGreaterThan(0);
    const [capture, gaps] = [await pidOf(w, 'capture'), await gapsOf(w)];
    await page.getByTestId('draw-exclude-button').click();
    const overlay = page.getByTestId('overlay').first();
    const bounds = await overlay.boundingBox();
    if (bounds === null) throw new Error('the picture has no place');
    const at = (x: number, y: number) => ({ x: bounds.width * x, y: bounds.height * y });
    for (const corner of [at(0.2, 0.3), at(0.8, 0.3), at(0.8, 0.7)])
      await overlay.click({ position: corner });
    await page.keyboard.press('Enter');
    await page.getByText('Never inside area 1').waitFor();
    await expect.poll(() => stateOf(w), { timeout: 30_000 }).toBe('LIVE');
    await page.getByRole('button', { name: 'Remove: Never inside area 1' }).click();
    await page.getByText('The whole picture is looked at.').waitFor();
    await expect.poll(() => countIn(w).catch(() => 0), { timeout: 60_000 }).toBeGreaterThan(0);
    // Another line leaves the count of the first as it is, and begins its own.
    const before = await countIn(w);
    await page.getByTestId('draw-line-button').click();
    for (const corner of [at(0.35, 0.1), at(0.35, 0.9)]) await overlay.click({ position: corner });
    await page.getByTestId('line-Line 2-forward').waitFor();
    expect(await countIn(w)).toBeGreaterThanOrEqual(before);
    await page.getByTestId('line-Line 2-since').waitFor();
    await expect.poll(() => countIn(w), { timeout: 60_000 }).toBeGreaterThan(before);
    expect(await pidOf(w, 'capture')).toBe(capture);
    expect(await gapsOf(w)).toBe(gaps);
    await page.getByTestId('stop-button').click();
    await expect.poll(() => stateOf(w), { timeout: 20_000 }).toBe('STOPPED');
    // One run row for each set of settings, each whole, and nothing but the first connecting between them.
    const path = join(w.dataFolder, 'ivis.db');
    const { runs } = readDatabase(path);
    expect(runs.map(({ status, attempt }) => [status, attempt])).toEqual(
      Array.from({ length: 5 }, () => ['stopped', 1]),
    );
    for (const run of runs) {
      const ledger = ledgerSchema.parse(JSON.parse(run.ledger_json ?? 'null'));
      expect(ledgerCloses(ledger)).toBe(true);
      expect(ledger.inFlight).toBe(0);
      expect(run.batchHoles ?? 0).toBe(0);
    }
    const [sourceId] = readSources(path);
    expect(new Set(readGaps(path, sourceId ?? '').map(({ cause }) => cause))).toEqual(
      new Set(['connecting']),
    );
    const times = readRunTimes(path, sourceId ?? '');
    for (const [n, { fromWallMs }] of times.entries())
      if (n > 0) expect(Math.abs(fromWallMs - (times[n - 1]?.toWallMs ?? 0))).toBeLessThan(2000);
    expect(w.complaints).toEqual([]);
  });
});
