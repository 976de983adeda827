import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ringsOf, until } from '../../drivers/ivis-command.ts';
import type { LiveWindow } from '../../drivers/live-window.ts';
import { familyOf, type KnownProcess, lives, lookUp, programOf } from '../../drivers/process-tree.ts';
import { readDatabase } from '../../drivers/run-database.ts';
import { CAMERA_FPS, cameraWindowFault, FEW_A_SECOND, processedOf } from './camera-window.ts';

const KILLS = Number(process.env.IVIS_KILLS ?? 10);
/** So many are left to heal by themselves; for the others the operator does not wait until the delays have grown. */
const SELF_HEALED = Math.min(KILLS, 2);
/** The store and the window tell figures about once a second; a machine that is shared may be late with that. */
const LONGEST_STOP_MS = 5000;
const [STRUCK, OTHER] = ['struck', 'other'] as const;

const ffmpegsOf = (pid: number): KnownProcess[] =>
  familyOf(pid).filter((each) => programOf(each.pid) === 'ffmpeg');

/** As the operator: stops the source and starts it again. */
async function beginAnew({ window }: LiveWindow): Promise<void> {
  await window.page.getByTestId('stop-button').click();
  await window.page.getByTestId('start-button').click();
}

cameraWindowFault(`a capture process killed ${KILLS} times`, (stage) => {
  it('takes nothing of the other source, leaves no ffmpeg and no ring, and is live again', {
    timeout: 60_000 + KILLS * 15_000,
  }, async () => {
    const clip = await stage.clip('camera.h264');
    const mounts = [STRUCK, OTHER].map((name) => ({ path: `/${name}`, file: clip.path, fps: CAMERA_FPS }));
    const server = await stage.server({ mounts });
    const cameras = [STRUCK, OTHER].map((sourceId) => ({
      sourceId,
      url: server.url(`/${sourceId}`),
      rate: FEW_A_SECOND,
    }));
    const w = await stage.open(cameras);
    for (const { sourceId } of cameras) await w.untilState(sourceId, 'LIVE');
    const counted = (sourceId: string) => processedOf(w, sourceId);
    await w.until('counts', async () => ((await counted(OTHER)) > 0 ? true : null));
    await w.window.page.getByTestId(`source-${STRUCK}`).click();

    const { mainPid } = w;
    const before = await w.source(OTHER);
    const ringsBefore = ringsOf(mainPid).length;
    const otherPid = await w.capturePid(OTHER);
    const killed: number[] = [];
    const gone: KnownProcess[] = [];
    await w.mark();
    for (let n = 0; n < KILLS; n++) {
      const pid = await w.until('a capture process', async () => {
        const found = await w.capturePid(STRUCK);
        return found === null || killed.includes(found) ? null : found;
      });
      await w.untilState(STRUCK, 'LIVE', 30_000);
      const own = ffmpegsOf(pid);
      expect(own).toHaveLength(1);
      const capture = lookUp(pid);
      if (capture !== null) gone.push(capture);
      process.kill(pid, 'SIGKILL');
      killed.push(pid);
      gone.push(...own);
      await w.until(
        'the loss',
        async () => ((await w.source(STRUCK)).state === 'LIVE' ? null : true),
        15_000,
      );
      await w.until('the end of its ffmpeg', async () => (own.some(lives) ? null : true), 10_000);
      if (n + 1 === SELF_HEALED) {
        await w.untilState(STRUCK, 'LIVE', 30_000);
        const { live: told } = await w.source(STRUCK);
        expect(told?.gaps.filter(({ cause }) => cause === 'capture-restart')).toHaveLength(SELF_HEALED);
        expect(told?.runs).toBe(SELF_HEALED + 1);
      }
      if (n >= SELF_HEALED) await beginAnew(w);
    }
    await w.untilState(STRUCK, 'LIVE', 30_000);
    const again = await counted(STRUCK);
    await w.until('its counts', async () => ((await counted(STRUCK)) > again ? true : null));

    const [after, story] = [await w.source(OTHER), await w.story(OTHER)];
    const frames = (after.progress?.ledger.processed ?? 0) - (before.progress?.ledger.processed ?? 0);
    console.log(
      `${KILLS} kills: the other source took ${frames} frames, its longest stop was ${Math.round(story.longestStopMs)} ms`,
    );
    expect(await w.capturePid(OTHER)).toBe(otherPid);
    expect(story.states.at(-1)?.state).toBe('LIVE');
    expect(story.states.filter(({ state }) => state === 'LIVE')).toHaveLength(1);
    expect(after.live?.gaps).toEqual(before.live?.gaps);
    expect(after.live?.runs).toBe(1);
    expect(frames).toBeGreaterThan(KILLS);
    expect(story.longestStopMs).toBeLessThan(LONGEST_STOP_MS);
    // One ffmpeg and one ring for each of the two, as before.
    const family = familyOf(mainPid);
    expect(ffmpegsOf(mainPid)).toHaveLength(2);
    expect(ringsOf(mainPid)).toHaveLength(ringsBefore);
    expect(gone).toHaveLength(2 * KILLS);
    expect(gone.filter(lives)).toEqual([]);

    await w.window.quit();
    const { runs, integrity } = readDatabase(join(w.window.dataFolder, 'ivis.db'));
    expect(integrity).toBe('ok');
    expect(runs.filter(({ status }) => status === 'running')).toEqual([]);
    expect(runs.filter(({ status }) => status === 'failed').length).toBeGreaterThanOrEqual(SELF_HEALED);
    // Chromium's own processes are a moment behind main.
    await until('every process to be gone', () => !family.some(lives), 5000);
    expect(ringsOf(mainPid)).toEqual([]);
  });
});
