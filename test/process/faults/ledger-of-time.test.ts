import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import type { LiveWindow } from '../../drivers/live-window.ts';
import { familyOf, lives, strike } from '../../drivers/process-tree.ts';
import { readGaps, readRunTimes } from '../../drivers/run-database.ts';
import { seenInGaps, unaccounted } from '../../drivers/time-ledger.ts';
import { CAMERA_FPS, cameraWindowFault, FEW_A_SECOND } from './camera-window.ts';

const [STRUCK, OTHER, ABSENT] = ['struck', 'other', 'absent'] as const;
/** Figures are told about once a second, on a machine that is shared a little later. */
const GRACE_MS = 5000;

cameraWindowFault('invariant 4: the ledger of time', (stage) => {
  it('every moment from start to stop has frames or is in a gap, whatever dies and whether or not it ever connects', {
    timeout: 240_000,
  }, async () => {
    const clip = await stage.clip('camera.h264');
    const mounts = [STRUCK, OTHER].map((name) => ({ path: `/${name}`, file: clip.path, fps: CAMERA_FPS }));
    const server = await stage.server({ mounts });
    const rate = FEW_A_SECOND;
    const good = [STRUCK, OTHER].map((sourceId) => ({ sourceId, url: server.url(`/${sourceId}`), rate }));
    const w = await stage.open([...good, { sourceId: ABSENT, url: 'rtsp://127.0.0.1:1/none', rate }]);
    const frames = async (sourceId: string): Promise<number> => (await w.story(sourceId)).frames.length;
    const watched = async (): Promise<void> => {
      for (const { sourceId } of good) {
        await w.untilState(sourceId, 'LIVE');
        const seen = await frames(sourceId);
        await w.until('more frames', async () => ((await frames(sourceId)) > seen + 3 ? true : null));
      }
    };
    await watched();
    process.kill((await w.capturePid(STRUCK)) ?? 0, 'SIGKILL');
    await w.until('the loss', async () => ((await w.source(STRUCK)).state === 'LIVE' ? null : true));
    await watched();
    const detection = (await w.state())?.processes.find(({ name }) => name === 'detection');
    process.kill(detection?.pid ?? 0, 'SIGKILL');
    const isAway = async (): Promise<true | null> =>
      (await w.source(OTHER)).fault?.kind === 'detection-away' ? true : null;
    await w.until('the word that nobody looks', isAway);
    await watched();
    const stories = new Map<string, readonly number[]>();
    for (const sourceId of [STRUCK, OTHER, ABSENT]) stories.set(sourceId, (await w.story(sourceId)).frames);
    const toMs = Date.now();
    await w.window.quit();

    const path = join(w.window.dataFolder, 'ivis.db');
    for (const [sourceId, seen] of stories) {
      const gaps = readGaps(path, sourceId);
      const runs = readRunTimes(path, sourceId);
      const fromMs = Math.min(...gaps.map(({ fromWallMs }) => fromWallMs));
      const told = gaps.map(
        ({ cause, fromWallMs, toWallMs }) => `${cause} ${fromWallMs - fromMs}-${(toWallMs ?? 0) - fromMs}`,
      );
      console.log(
        `${sourceId}: ${(toMs - fromMs) / 1000} s, ${seen.length} times frames, gaps ${told.join(', ')}`,
      );
      expect(gaps.filter(({ toWallMs }) => toWallMs === null)).toEqual([]);
      expect(fromMs).toBeLessThanOrEqual(runs[0]?.fromWallMs ?? 0);
      expect(unaccounted({ fromMs, toMs }, gaps, seen, GRACE_MS)).toEqual([]);
      expect(seenInGaps(gaps, seen, GRACE_MS)).toEqual([]);
      expect(runs.filter(({ status }) => status === 'running')).toEqual([]);
    }
    const causes = (sourceId: string): string[] => readGaps(path, sourceId).map(({ cause }) => cause);
    expect(causes(STRUCK)).toEqual(['connecting', 'capture-restart', 'detection-restart']);
    expect(causes(OTHER)).toEqual(['connecting', 'detection-restart']);
    // One after the other without a break: it was never seen.
    expect(causes(ABSENT)).toEqual(['connecting', 'lost', 'detection-restart', 'lost']);
    expect(stories.get(ABSENT)).toEqual([]);
    expect(
      unaccounted(
        { fromMs: readGaps(path, ABSENT)[0]?.fromWallMs ?? 0, toMs },
        readGaps(path, ABSENT),
        [],
        0,
      ),
    ).toEqual([]);
  });

  it('the time in which ivis itself was dead is one hole, and what it saw before is none', {
    timeout: 180_000,
  }, async () => {
    const server = await stage.camera(await stage.clip('camera.h264'));
    const camera = { sourceId: STRUCK, url: server.url('/cam'), rate: FEW_A_SECOND };
    let live = await stage.open([camera]);
    const data = live.window.dataFolder;
    const watched = async (w: LiveWindow): Promise<readonly number[]> => {
      await w.untilState(STRUCK, 'LIVE');
      return w.until('frames', async () => {
        const { frames } = await w.story(STRUCK);
        return frames.length > 5 ? frames : null;
      });
    };
    const before = await watched(live);
    const family = familyOf(live.mainPid);
    const diedMs = Date.now();
    strike(live.mainPid, 'SIGKILL');
    await until('everything of it to be gone', () => !family.some(lives), 8000);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    live = await stage.again(data);
    const after = await watched(live);
    const toMs = Date.now();
    await live.window.quit();

    const gaps = readGaps(join(data, 'ivis.db'), STRUCK);
    const dead = gaps.filter(({ cause }) => cause === 'ivis-restart');
    const fromMs = Math.min(...gaps.map((gap) => gap.fromWallMs));
    const told = gaps.map((gap) => `${gap.cause} ${gap.fromWallMs - diedMs}-${(gap.toWallMs ?? 0) - diedMs}`);
    console.log(`ivis died at 0: gaps ${told.join(', ')}`);
    expect(gaps.map(({ cause }) => cause)).toEqual(['connecting', ...dead.map(({ cause }) => cause)]);
    expect(Math.min(...dead.map((gap) => gap.fromWallMs))).toBeGreaterThan(diedMs - GRACE_MS);
    expect(Math.min(...dead.map((gap) => gap.fromWallMs))).toBeLessThan(diedMs + 1000);
    expect(unaccounted({ fromMs, toMs }, gaps, [...before, ...after], GRACE_MS)).toEqual([]);
    expect(seenInGaps(gaps, [...before, ...after], GRACE_MS)).toEqual([]);
  });
});
