import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { readLooks } from '../drivers/run-database.ts';
import { temporaryFolder } from '../fixtures/ffmpeg.ts';
import { movingPhotograph, type PhotographClip, SPARSE_FPS } from '../fixtures/photograph.ts';
import { appWithModels, bundledModel, modelPath } from '../process/faults/own-app.ts';
import { tinyLookOnnx } from '../unit/detection/model/tiny-onnx.ts';

const { folder, remove } = temporaryFolder('e2e-looks');
let clip: PhotographClip;
let window: IvisWindow;

const textOf = (id: string): Promise<string> => window.page.getByTestId(id).first().innerText();
const ended = () =>
  expect
    .poll(() => window.page.getByTestId('source-state').first().getAttribute('data-state'), {
      timeout: 60_000,
    })
    .toBe('ENDED');

beforeAll(async () => {
  clip = await movingPhotograph(join(folder, 'car.mp4'), { fps: SPARSE_FPS });
  const { spec, bytes } = bundledModel();
  const appFolder = appWithModels(join(folder, 'app'), (models) => [...models]);
  writeFileSync(modelPath(appFolder, spec.file), bytes);
  mkdirSync(modelPath(appFolder, 'looks'));
  writeFileSync(modelPath(appFolder, 'looks/colours.onnx'), tinyLookOnnx());
  window = await IvisWindow.open([], undefined, null, { appFolder });
  await window.drop([clip.path]);
});
afterAll(async () => {
  await window.close();
  remove();
});

it('a look model that was installed can be chosen for a source, and its next run is with it', async () => {
  const { page } = window;
  await ended();
  await page.getByTestId('tuning-summary').click();
  const looks = page.getByTestId('tuning-looks');
  expect(await looks.locator('option').allInnerTexts()).toEqual([
    'Their boxes alone',
    'Looks, by colours.onnx',
  ]);
  await looks.selectOption('colours.onnx');
  await page.getByTestId('apply-tuning').click();
  await page.getByTestId('apply-tuning').waitFor({ state: 'detached' });
  await expect.poll(() => textOf('tuning-summary')).toMatch(/looks by colours\.onnx/);
  await page.getByTestId('start-button').click();
  await expect
    .poll(() => page.getByTestId('source-state').first().getAttribute('data-state'))
    .not.toBe('ENDED');
  await ended();
  // Looks are of persons, of whom there is none: nothing is kept, and all is counted.
  expect(readLooks(join(window.dataFolder, 'ivis.db'), 2)).toEqual([]);
  expect(window.complaints).toEqual([]);
});
