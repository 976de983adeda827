import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../src-worker/capture/ffmpeg/binary.ts';
import { HttpCamera } from '../drivers/http-camera.ts';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { cameraClip } from '../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing } from '../drivers/rtsp-server.ts';
import { movingPhotograph } from '../fixtures/photograph.ts';

const missing = rtspMissing();
const folder = mkdtempSync(join(tmpdir(), 'ivis-live-kinds-'));
let window: IvisWindow | null = null;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  await window?.close();
  window = null;
  for (const end of ends.splice(0)) await end();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stateOf = (w: IvisWindow) => w.page.getByTestId('live-state').getAttribute('data-state');

/** ivis with one source that was tested in the add dialog and taken. */
async function openWith(address: string, data: string | null = null): Promise<IvisWindow> {
  window = await IvisWindow.open([], undefined, data);
  const { page } = window;
  await page.getByTestId('drop-target').waitFor();
  await page.keyboard.press('a');
  await page.getByTestId('address-field').fill(address);
  await page.getByTestId('title-field').fill('Camera');
  await page.getByTestId('test-button').click();
  await page.getByTestId('test-good').locator('img').waitFor({ timeout: 30_000 });
  await page.getByTestId('confirm-button').click();
  return window;
}

/** Writes a playlist of the last seconds, as an encoder at a camera does, until the test is over. */
async function broadcast(film: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  const hls = ['-f', 'hls', '-hls_time', '1', '-hls_list_size', '5', '-hls_flags', 'delete_segments'];
  const input = ['-v', 'error', '-re', '-stream_loop', '-1', '-i', film];
  const encoded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p'];
  const encoder: ChildProcess = spawn(findFfmpeg(), [...input, ...encoded, ...hls, join(to, 'live.m3u8')]);
  const over = new Promise((resolve) => encoder.once('exit', resolve));
  ends.push(() => {
    encoder.kill('SIGKILL');
    return over;
  });
}

describe('kinds and states of sources in the window', () => {
  it('plays HLS: tested, LIVE with boxes and counts, and lost when its server goes', {
    timeout: 90_000,
  }, async () => {
    const film = await movingPhotograph(join(folder, 'car.mp4'));
    const playlists = join(folder, 'hls');
    await broadcast(film.path, playlists);
    const camera = await HttpCamera.start({ folder: playlists });
    ends.push(() => camera.stop());
    await expect
      .poll(() => fetch(camera.url('/live.m3u8')).then(({ status }) => status), { timeout: 20_000 })
      .toBe(200);
    const w = await openWith(camera.url('/live.m3u8'));
    const { page } = w;
    await expect.poll(() => stateOf(w), { timeout: 30_000 }).toBe('LIVE');
    const counted = () => page.getByTestId('line-Line 1-forward').first().innerText();
    await expect.poll(() => counted().then(Number, () => 0), { timeout: 40_000 }).toBeGreaterThan(0);
    camera.stop();
    await expect.poll(() => stateOf(w), { timeout: 30_000 }).not.toBe('LIVE');
    await page.getByTestId('tile-cause').waitFor();
    // What the page says of a server that is gone is no complaint of its own.
    expect(w.complaints).toEqual([]);
  });

  it.skipIf(missing !== null)(
    'shows a frozen picture as FROZEN after the time that the settings say, and takes another time at once',
    { timeout: 90_000 },
    async () => {
      const still = await cameraClip(join(folder, 'still.h264'), { scene: 'still' });
      const server = await RtspServer.start({ mounts: [{ path: '/cam', file: still.path, fps: 25 }] });
      ends.push(() => server.kill());
      const data = mkdtempSync(join(tmpdir(), 'ivis-window-'));
      const settings = (frozenSeconds: number): void =>
        writeFileSync(join(data, 'settings.yaml'), `cameras:\n  frozenSeconds: ${frozenSeconds}\n`);
      settings(3);
      const w = await openWith(server.url('/cam'), data);
      const badge = w.page.getByTestId('tile-badge');
      await expect.poll(() => stateOf(w), { timeout: 30_000 }).toBe('FROZEN');
      await badge.waitFor();
      expect(await badge.innerText()).toMatch(/^FROZEN/);
      expect(Number(await w.page.getByTestId('gap-strip').getAttribute('data-gaps'))).toBeGreaterThan(0);
      settings(3000);
      await expect.poll(() => stateOf(w), { timeout: 20_000 }).toBe('LIVE');
      expect(await badge.count()).toBe(0);
      expect(w.complaints).toEqual([]);
    },
  );
});
