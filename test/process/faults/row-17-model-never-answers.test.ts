import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { brokenInDatabase } from '../../drivers/invariants.ts';
import { keptLog } from '../../drivers/log-lines.ts';
import { brokenTellings } from '../../drivers/told-health.ts';
import { oneThing, tinySpec } from '../../unit/detection/model/model-fixture.ts';
import { silentOnnx } from '../../unit/detection/model/tiny-onnx.ts';
import { cameraWindowFault } from './camera-window.ts';
import { appWithModels, bundledModel, modelPath } from './own-app.ts';

const CAMERA = 'yard';
const LIMIT_MS = 300_000;
/** The app with a second model, `silent`, which answers bright pictures only. */
function appWithSilent(folder: string): string {
  const { spec, bytes } = bundledModel();
  const silent = silentOnnx({ inputShape: [1, 3, 32, 32], outputShape: [1, 5, 21], values: oneThing() });
  const file = 'silent.onnx';
  const app = appWithModels(folder, (models) => [...models, { ...tinySpec(silent), id: 'silent', file }]);
  writeFileSync(modelPath(app, spec.file), bytes);
  writeFileSync(modelPath(app, file), silent);
  return app;
}

cameraWindowFault('row 17: a model hangs', (stage) => {
  it(
    'a model that does not answer is ended, set aside in the end, and the camera is looked at again',
    async () => {
      const clip = await stage.clip('camera.h264', { scene: 'noisy' });
      const server = await stage.camera(clip, { fps: 5 });
      const rate = { targetFps: 5, floorFps: 1, priority: 1 };
      const place = { appFolder: appWithSilent(stage.at('app')), words: ['--model', 'silent'] };
      const beganWallMs = Date.now();
      const window = await stage.open([{ sourceId: CAMERA, url: server.url('/cam'), rate }], place);
      const frames = await window.until(
        'frames by another model',
        async (w) => {
          const progress = (await w.state())?.sources[0]?.progress;
          return (progress?.ledger.processed ?? 0) > 3 ? (progress ?? null) : null;
        },
        LIMIT_MS,
      );
      const wellWallMs = Date.now();
      const { dataFolder } = window.window;
      const log = keptLog(dataFolder);
      const ends = log.filter(
        ({ process, message }) => process === 'detection' && message === 'is unresponsive',
      );
      // Five restarts, then another way.
      expect(ends.map((line) => (line as { lastError?: unknown }).lastError)).toEqual(
        Array(6).fill('no progress for 10000 ms'),
      );
      expect(log.map(({ message }) => message).join('\n')).toContain('counts instead');
      // Every frame that it was given is accounted for, and none was looked at in vain.
      expect(frames.ledger.processed).toBeGreaterThan(3);
      const page = window.window.page;
      await page.getByTestId('page-health').click();
      await page.getByText('A detection model was set aside').first().waitFor();
      const about = ['worker:detection', 'model', `source:${CAMERA}`];
      // The model's own alarm stays: somebody has to look.
      const untilTold = brokenTellings(log, { atWallMs: beganWallMs, wellWallMs, about }, wellWallMs, {
        tellMs: 60_000,
        clearMs: 5000,
        alarmClearMs: 35_000,
      });
      expect(untilTold).toEqual([]);
      await window.window.quit();
      expect(brokenInDatabase(join(dataFolder, 'ivis.db'))).toEqual([]);
    },
    LIMIT_MS + 60_000,
  );
});
