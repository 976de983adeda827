import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { Display, displayMissing } from '../../drivers/display.ts';
import type { WindowPlace } from '../../drivers/ivis-window.ts';
import { type LiveCamera, LiveWindow } from '../../drivers/live-window.ts';
import { rtspMissing } from '../../drivers/rtsp-server.ts';
import { type CameraStage, cameraStage } from './live-fixture.ts';

/** Pictures a second that its cameras send unless a test says otherwise. */
export const CAMERA_FPS = 10;

/** Pictures looked at per second where a test does not depend on how many. */
export const FEW_A_SECOND = { targetFps: 4, floorFps: 1, priority: 1 };

/** Cameras and the window that goes on with them; all of it ends with the test, its data folder with it. */
export interface CameraWindowStage extends CameraStage {
  /** As LiveWindow.open. */
  open(
    cameras: readonly LiveCamera[],
    place?: WindowPlace,
    prepare?: (dataFolder: string) => void,
  ): Promise<LiveWindow>;
  /** Opens ivis where it was before, after it was closed. */
  again(dataFolder: string, place?: WindowPlace): Promise<LiveWindow>;
}

/** A row of the fault table that needs cameras in a window; skipped, with a word, where a part of that is missing. */
export function cameraWindowFault(name: string, body: (stage: CameraWindowStage) => void): void {
  const missing = rtspMissing() ?? displayMissing();
  const title = missing === null ? name : `${name} (skipped: ${missing})`;
  describe.skipIf(missing !== null)(title, () => {
    let display: Display | null = null;
    const windows: LiveWindow[] = [];
    const kept = (live: LiveWindow): LiveWindow => {
      windows.push(live);
      return live;
    };
    beforeAll(async () => {
      display = await Display.open();
    });
    afterAll(() => display?.close());
    const cameras = cameraStage('camera-window');
    // Registered last, so it runs first: the window ends before its cameras do.
    afterEach(async () => {
      for (const { window } of windows.splice(0)) {
        await window.close().catch(() => {});
        rmSync(window.dataFolder, { recursive: true, force: true });
      }
    }, 60_000);
    body({
      ...cameras,
      camera: (clip, more) => cameras.camera(clip, { fps: CAMERA_FPS, ...more }),
      open: async (...order) => kept(await LiveWindow.open(...order)),
      again: async (...order) => kept(await LiveWindow.again(...order)),
    });
  });
}

/** How many frames of it were looked at in this run; 0 before the first is told. */
export const processedOf = async (live: LiveWindow, sourceId: string): Promise<number> =>
  (await live.source(sourceId)).progress?.ledger.processed ?? 0;

/** Waits until so many more of its frames were looked at. */
export async function looksFurther(
  live: LiveWindow,
  sourceId: string,
  more: number,
  limitMs?: number,
): Promise<void> {
  const wanted = (await processedOf(live, sourceId)) + more;
  const enough = async () => ((await processedOf(live, sourceId)) >= wanted ? true : null);
  await live.until(`${wanted} frames of ${sourceId}`, enough, limitMs);
}
