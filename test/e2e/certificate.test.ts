import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { cameraClip } from '../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing } from '../drivers/rtsp-server.ts';
import { TlsFront } from '../drivers/tls-front.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe.skipIf(rtspMissing() !== null)('a camera with a certificate nobody signed', () => {
  it('is named by that, accepted by its fingerprint in the dialog, and kept with the source', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ivis-certificate-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const clip = await cameraClip(join(folder, 'camera.h264'));
    const server = await RtspServer.start({ mounts: [{ path: '/cam', file: clip.path, fps: clip.fps }] });
    closers.push(() => server.kill());
    const front = await TlsFront.start(server.port);
    closers.push(() => front.stop());
    const window = await IvisWindow.open();
    closers.push(() => window.close());
    const { page } = window;
    const stateOf = () => page.getByTestId('live-state').getAttribute('data-state');
    await page.getByTestId('drop-target').waitFor();

    // Added without looking: it says why there is no picture, and does not go on by itself.
    await page.keyboard.press('a');
    await page.getByTestId('address-field').fill(`rtsps://127.0.0.1:${front.port}/cam`);
    await page.getByTestId('title-field').fill('North gate');
    await page.getByTestId('confirm-button').click();
    await expect.poll(stateOf, { timeout: 30_000 }).toBe('FAULTED');
    await page.getByText('The certificate of the camera is not trusted').first().waitFor();

    // Edited: "Test" shows the fingerprint, which is the camera's own.
    await page.getByTestId('edit-button').click();
    await page.getByTestId('test-button').click();
    const shown = page.getByTestId('fingerprint');
    await shown.waitFor({ timeout: 30_000 });
    const { fingerprint256 } = new X509Certificate(front.certificate.cert);
    expect(await shown.getAttribute('data-fingerprint')).toBe(fingerprint256);
    expect((await shown.innerText()).replace(/\s+/g, ':')).toBe(fingerprint256);
    await page.getByTestId('accept-certificate').click();
    await page.getByTestId('test-good').waitFor({ timeout: 30_000 });
    await page.getByTestId('confirm-button').click();
    await expect.poll(stateOf, { timeout: 30_000 }).toBe('LIVE');
    await expect
      .poll(() => readFileSync(join(window.dataFolder, 'sources.json'), 'utf8'), { timeout: 10_000 })
      .toContain(fingerprint256);
    expect(window.complaints).toEqual([]);
  });
});
