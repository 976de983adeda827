import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Display, displayMissing } from '../../drivers/display.ts';
import { until } from '../../drivers/ivis-command.ts';
import { LiveWindow } from '../../drivers/live-window.ts';
import { familyOf, lives, strike } from '../../drivers/process-tree.ts';
import { cameraClip } from '../../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing } from '../../drivers/rtsp-server.ts';
import { readGaps, readRunTimes } from '../../drivers/run-database.ts';
import { seenInGaps, unaccounted } from '../../drivers/time-ledger.ts';

const [STRUCK, OTHER, ABSENT] = ['struck', 'other', 'absent'] as const;
/** Figures are told about once a second, on a machine that is shared a little later. */
const GRACE_MS = 5000;

const missing = rtspMissing() ?? displayMissing();
const folder = mkdtempSync(join(tmpdir(), 'ivis-ledger-of-time-'));
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
  rmSync(folder, { recursive: true, force: true });
});

const title = 'invariant 4: the ledger of time';
describe.skipIf(missing !== null)(missing === null ? title : `${title} (skipped: ${missing})`, () => {
  it('every moment from start to stop has frames or is in a gap, whatever dies and whether or not it ever connects', {
    timeout: 240_000,
  }, async () => {
    const clip = await cameraClip(join(folder, 'camera.h264'));
    const mounts = [STRUCK, OTHER].map((name) => ({ path: `/${name}`, file: clip.path, fps: 10 }));
    server = await RtspServer.start({ mounts });
    const rate = { targetFps: 4, floorFps: 1, priority: 1 };
    const good = [STRUCK, OTHER].map((sourceId) => ({
      sourceId,
      url: server?.url(`/${sourceId}`) ?? '',
      rate,
    }));
    live = await LiveWindow.open([...good, { sourceId: ABSENT, url: 'rtsp://127.0.0.1:1/none', rate }]);
    const w = live;
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
    rmSync(w.window.dataFolder, { recursive: true, force: true });
    live = null;
  });

  it('the time in which ivis itself was dead is one hole, and what it saw before is none', {
    timeout: 180_000,
  }, async () => {
    const clip = await cameraClip(join(folder, 'camera.h264'));
    server = await RtspServer.start({ mounts: [{ path: '/cam', file: clip.path, fps: 10 }] });
    const rate = { targetFps: 4, floorFps: 1, priority: 1 };
    live = await LiveWindow.open([{ sourceId: STRUCK, url: server.url('/cam'), rate }]);
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
    live = await LiveWindow.again(data);
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
    rmSync(data, { recursive: true, force: true });
    live = null;
  });
});
