import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { LiveWindow } from '../../drivers/live-window.ts';
import { familyOf, programOf, strike } from '../../drivers/process-tree.ts';
import { readGaps, readRunTimes } from '../../drivers/run-database.ts';
import { seenInGaps, unaccounted } from '../../drivers/time-ledger.ts';
import { type CameraWindowStage, cameraWindowFault, FEW_A_SECOND } from './camera-window.ts';

/** Longer than any limit on signs of life of a worker process. */
const STOPPED_MS = 20_000;
/** The window is told of frames once a second; a machine that is shared may be some seconds late with that. */
const GRACE_MS = 5000;
const [AWAKE, LOST] = ['awake', 'lost'] as const;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A camera that is LIVE, and one that is not there and whose tries have become rare. */
async function opened(stage: CameraWindowStage): Promise<LiveWindow> {
  const server = await stage.camera(await stage.clip('camera.h264'));
  const rate = FEW_A_SECOND;
  const live = await stage.open([
    { sourceId: AWAKE, url: server.url('/cam'), rate },
    { sourceId: LOST, url: 'rtsp://127.0.0.1:1/none', rate },
  ]);
  await live.untilState(AWAKE, 'LIVE');
  await moreFrames(live);
  return live;
}

async function moreFrames(w: LiveWindow): Promise<void> {
  const seen = (await w.story(AWAKE)).frames.length;
  await w.until('more frames', async () => ((await w.story(AWAKE)).frames.length > seen + 3 ? true : null));
}

/** What is in the database when the operator closed ivis: one gap of sleep, every moment accounted for, nothing died. */
async function accounted(w: LiveWindow, fromMs: number, toMs: number): Promise<void> {
  const { frames } = await w.story(AWAKE);
  const endMs = Date.now();
  const restarts = (await w.state())?.processes.map((each) => each.restarts) ?? [];
  expect(restarts.every((n) => n === 0)).toBe(true);
  expect(restarts.length).toBeGreaterThan(2);
  const lost = await w.source(LOST);
  await w.window.quit();
  const path = join(w.window.dataFolder, 'ivis.db');
  const gaps = readGaps(path, AWAKE);
  console.log(
    gaps
      .map((gap) => `${gap.cause} ${gap.fromWallMs - fromMs} to ${(gap.toWallMs ?? 0) - fromMs} ms`)
      .join(', '),
  );
  expect(gaps.map(({ cause }) => cause)).toEqual(['connecting', 'suspended']);
  const [connecting, slept] = gaps;
  // From the last picture before to the first one after.
  expect(slept?.fromWallMs).toBeGreaterThan(fromMs - GRACE_MS);
  expect(slept?.fromWallMs).toBeLessThan(fromMs + GRACE_MS);
  expect(slept?.toWallMs).toBeGreaterThan(toMs);
  expect(unaccounted({ fromMs: connecting?.fromWallMs ?? 0, toMs: endMs }, gaps, frames, GRACE_MS)).toEqual(
    [],
  );
  expect(seenInGaps(gaps, frames, GRACE_MS)).toEqual([]);
  for (const sourceId of [AWAKE, LOST]) expect(readRunTimes(path, sourceId)).toHaveLength(1);
  expect(lost.live?.runs).toBe(1);
}

cameraWindowFault('row 32: sleep and resume', (stage) => {
  it('announced: the camera is let go of, and connected at once when the computer wakes', {
    timeout: 180_000,
  }, async () => {
    const w = await opened(stage);
    const electron = async (event: 'suspend' | 'resume'): Promise<void> => {
      await w.window.app.evaluate(({ powerMonitor }, name) => powerMonitor.emit(name), event);
    };
    const fromMs = Date.now();
    await electron('suspend');
    await w.until('no camera', async () => ((await w.source(AWAKE)).state === 'LIVE' ? null : true));
    const own = (): number => familyOf(w.mainPid).filter(({ pid }) => programOf(pid) === 'ffmpeg').length;
    await w.until('no ffmpeg', async () => (own() === 0 ? true : null));
    // While it sleeps nothing is tried, however short the waits are.
    const tries = (await w.source(LOST)).live?.status.attempt;
    await wait(5000);
    expect((await w.source(AWAKE)).state).not.toBe('LIVE');
    expect((await w.source(AWAKE)).fault?.kind).toBe('computer-slept');
    expect((await w.source(LOST)).live?.status.attempt).toBe(tries);
    const toMs = Date.now();
    await electron('resume');
    await w.untilState(AWAKE, 'LIVE', 30_000);
    await w.until('another try', async () => {
      const { status } = (await w.source(LOST)).live ?? {};
      return (status?.attempt ?? 0) > (tries ?? 0) ? true : null;
    });
    await moreFrames(w);
    await accounted(w, fromMs, toMs);
  });

  it(`not announced: every process stands still for ${STOPPED_MS / 1000} s, and none is taken for hung`, {
    timeout: 240_000,
  }, async () => {
    const w = await opened(stage);
    const family = familyOf(w.mainPid);
    const fromMs = Date.now();
    for (const { pid } of family) strike(pid, 'SIGSTOP');
    await wait(STOPPED_MS);
    const toMs = Date.now();
    for (const { pid } of family) strike(pid, 'SIGCONT');
    await w.until('the gap', async () => {
      const { live } = await w.source(AWAKE);
      return live?.gaps.some(({ cause, toWallMs }) => cause === 'suspended' && toWallMs !== null)
        ? true
        : null;
    });
    await w.untilState(AWAKE, 'LIVE', 30_000);
    await moreFrames(w);
    await accounted(w, fromMs, toMs);
  });
});
