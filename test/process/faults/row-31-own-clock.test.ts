import { join } from 'node:path';
import { expect, it } from 'vitest';
import { brokenInDatabase } from '../../drivers/invariants.ts';
import { readGaps } from '../../drivers/run-database.ts';
import { SetClock, settingMissing } from '../../drivers/set-clock.ts';
import { cameraWindowFault, looksFurther } from './camera-window.ts';

const CAMERA = 'yard';
const HOUR_S = 3600;
const missing = settingMissing();

const title = 'row 31: the clock that the whole program reads is set';

cameraWindowFault(missing === null ? title : `${title} (skipped: ${missing})`, (stage) => {
  it.skipIf(missing !== null)(
    'an hour on and back again: noted each time; no process, state or count minds',
    { timeout: 240_000 },
    async () => {
      const server = await stage.camera(await stage.clip('camera.h264'));
      const clock = new SetClock(stage.at('clock'));
      const live = await stage.open([{ sourceId: CAMERA, url: server.url('/cam') }], { env: clock.env });
      const { window } = live;
      const database = join(window.dataFolder, 'ivis.db');
      await live.untilState(CAMERA, 'LIVE', 90_000);
      const further = () => looksFurther(live, CAMERA, 20);
      const noted = () => readGaps(database, CAMERA).filter(({ cause }) => cause === 'clock-jump');
      await further();
      const pids = (await live.state())?.processes.map(({ pid }) => pid);
      const aheadMs = async (): Promise<number> => (await window.app.evaluate(() => Date.now())) - Date.now();
      for (const [n, seconds] of [HOUR_S, 0].entries()) {
        clock.set(seconds);
        // Each process reads it anew within a second.
        const near = async () => (Math.abs((await aheadMs()) - seconds * 1000) < 2000 ? true : null);
        await live.until('the clock of main to be set', near, 20_000);
        await live.until('the note', async () => (noted().length > n ? true : null), 60_000);
        await further();
      }
      expect((await live.state())?.processes.map(({ pid }) => pid)).toEqual(pids);
      const { states } = await live.story(CAMERA);
      expect(states.map(({ state }) => state).slice(-2)).toEqual(['CONNECTING', 'LIVE']);
      const { ledger } = (await live.source(CAMERA)).progress ?? {};
      await window.quit();
      const [on, back] = noted();
      expect(noted()).toHaveLength(2);
      for (const note of [on, back]) expect(note?.toWallMs).toBe(note?.fromWallMs);
      expect(readGaps(database, CAMERA).filter(({ cause }) => cause !== 'clock-jump')).toMatchObject([
        { cause: 'connecting' },
      ]);
      expect(ledger?.dropped.gap ?? 0).toBe(0);
      expect(brokenInDatabase(database)).toEqual([]);
    },
  );
});
