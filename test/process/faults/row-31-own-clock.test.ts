import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Display, displayMissing } from '../../drivers/display.ts';
import { brokenInDatabase } from '../../drivers/invariants.ts';
import { LiveWindow } from '../../drivers/live-window.ts';
import { cameraClip } from '../../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing } from '../../drivers/rtsp-server.ts';
import { readGaps } from '../../drivers/run-database.ts';
import { SetClock, settingMissing } from '../../drivers/set-clock.ts';
import { temporaryFolder } from '../../fixtures/ffmpeg.ts';

const missing = settingMissing() ?? rtspMissing() ?? displayMissing();
const { folder, remove } = temporaryFolder('own-clock');
let display: Display | null = null;
let server: RtspServer | null = null;
let live: LiveWindow | null = null;
beforeAll(async () => {
  if (missing === null) display = await Display.open();
});
afterEach(async () => {
  await live?.window.close().catch(() => {});
  await server?.kill();
});
afterAll(() => {
  display?.close();
  remove();
});

const HOUR_S = 3600;
const title = 'row 31: the clock that the whole program reads is set';

describe.skipIf(missing !== null)(missing === null ? title : `${title} (skipped: ${missing})`, () => {
  it('an hour on and back again: noted each time; no process, state or count minds', {
    timeout: 240_000,
  }, async () => {
    const clip = await cameraClip(join(folder, 'camera.h264'));
    server = await RtspServer.start({ mounts: [{ path: '/camera', file: clip.path, fps: 10 }] });
    const clock = new SetClock(join(folder, 'clock'));
    live = await LiveWindow.open([{ sourceId: 'camera', url: server.url('/camera') }], { env: clock.env });
    const { window } = live;
    const database = join(window.dataFolder, 'ivis.db');
    await live.untilState('camera', 'LIVE', 90_000);
    const processed = async (): Promise<number> =>
      (await live?.source('camera'))?.progress?.ledger.processed ?? 0;
    const further = async (more: number): Promise<void> => {
      const wanted = (await processed()) + more;
      await live?.until(
        `${wanted} frames`,
        async () => ((await processed()) >= wanted ? true : null),
        60_000,
      );
    };
    const noted = () => readGaps(database, 'camera').filter(({ cause }) => cause === 'clock-jump');
    await further(20);
    const pids = (await live.state())?.processes.map(({ pid }) => pid);
    const aheadMs = async (): Promise<number> => (await window.app.evaluate(() => Date.now())) - Date.now();
    for (const [n, seconds] of [HOUR_S, 0].entries()) {
      clock.set(seconds);
      // Each process reads it anew within a second.
      const near = async () => (Math.abs((await aheadMs()) - seconds * 1000) < 2000 ? true : null);
      await live.until('the clock of main to be set', near, 20_000);
      await live.until('the note', async () => (noted().length > n ? true : null), 60_000);
      await further(20);
    }
    expect((await live.state())?.processes.map(({ pid }) => pid)).toEqual(pids);
    const { states } = await live.story('camera');
    expect(states.map(({ state }) => state).slice(-2)).toEqual(['CONNECTING', 'LIVE']);
    const { ledger } = (await live.source('camera')).progress ?? {};
    await window.quit();
    live = null;
    const [on, back] = noted();
    expect(noted()).toHaveLength(2);
    for (const note of [on, back]) expect(note?.toWallMs).toBe(note?.fromWallMs);
    expect(readGaps(database, 'camera').filter(({ cause }) => cause !== 'clock-jump')).toMatchObject([
      { cause: 'connecting' },
    ]);
    expect(ledger?.dropped.gap ?? 0).toBe(0);
    expect(brokenInDatabase(database)).toEqual([]);
    rmSync(window.dataFolder, { recursive: true, force: true });
  });
});
