import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../drivers/electron-binary.ts';
import { LiveWindow } from '../drivers/live-window.ts';
import { cameraFilm } from '../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing } from '../drivers/rtsp-server.ts';
import { temporaryFolder } from '../fixtures/ffmpeg.ts';

const film = join(root, '..', 'shared', 'media', 'pets-s2l1.avi');
const skipped = rtspMissing() ?? (existsSync(film) ? null : `there is no ${film}`);
const { folder, remove } = temporaryFolder('too-rare');
let server: RtspServer;
let live: LiveWindow | null = null;

beforeAll(async () => {
  if (skipped !== null) return;
  const stream = await cameraFilm(join(folder, 'people.h264'), film);
  server = await RtspServer.start({ mounts: [{ path: '/cam', file: stream, fps: 10 }] });
}, 60_000);
afterAll(async () => {
  await server?.kill();
  remove();
});
afterEach(() => live?.window.close());

/** A look a second at people who walk. */
const rate = { targetFps: 1, floorFps: 1, priority: 5 };
const line = {
  name: 'Line 1',
  points: [
    { x: 384, y: 0 },
    { x: 384, y: 576 },
  ],
};
const noteOf = ({ window }: LiveWindow): Promise<string> =>
  window.page
    .getByTestId('motion-note')
    .first()
    .innerText({ timeout: 1000 })
    .catch(() => '');

describe.skipIf(skipped !== null)(
  `a camera that is looked at too rarely${skipped ? `: ${skipped}` : ''}`,
  () => {
    it('says so above its counts and in its minutes, also after ivis was opened again, and in its files', async () => {
      live = await LiveWindow.open([
        { sourceId: 'cam', url: server.url('/cam'), rate, settings: { lines: [line], classes: ['person'] } },
      ]);
      const { window } = live;
      await expect
        .poll(() => noteOf(live as LiveWindow), { timeout: 120_000 })
        .toMatch(/^Counts may be too low: .* at least \d\.\d looks a second\. It has been so for \d+ s\.$/);
      await window.page.getByTestId('interval-gap').first().waitFor();
      // The minutes are counted anew each second.
      await expect
        .poll(() => window.page.locator('.interval-note').innerText(), { timeout: 10_000 })
        .toMatch(/looked at too rarely for \d+ s/);
      const before = (await live.source('cam')).progress?.tooRareMs ?? 0;
      const { dataFolder } = window;
      await window.quit();

      // What was counted then is part of the sum on show, so it is said of the sum.
      live = await LiveWindow.again(dataFolder);
      await live.untilState('cam', 'LIVE');
      await expect
        .poll(() => noteOf(live as LiveWindow), { timeout: 30_000 })
        .toMatch(/^Counts may be too low: for \d+ s looks came too rarely/);
      expect((await live.source('cam')).progress?.tooRareMs).toBeGreaterThanOrEqual(before - 1000);
      await live.window.page.getByTestId('stop-button').click();
      await live.untilState('cam', 'STOPPED', 20_000);

      await live.window.answerDialogs([folder]);
      await live.window.page.getByTestId('export-button').click();
      await live.window.page.getByTestId('toast').first().waitFor();
      const out = join(folder, readdirSync(folder).find((name) => name.startsWith('cam-run')) ?? '');
      const [, ...rows] = readFileSync(join(out, 'count-intervals.csv'), 'utf8').trim().split('\r\n');
      const forward = rows
        .map((row) => row.split(','))
        .filter(([, , , direction]) => direction === 'forward');
      const tooRareMs = forward.reduce((sum, row) => sum + Number(row.at(-1)), 0);
      // Each class has a row of its own with the time of the whole interval.
      expect(tooRareMs).toBeGreaterThan(before / 2);
      expect(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')).tooRareMs).toBeGreaterThan(
        before / 2,
      );
      rmSync(out, { recursive: true });
      expect(live.window.complaints).toEqual([]);
    }, 240_000);
  },
);
