import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { keptLog } from '../../drivers/log-lines.ts';
import { strike } from '../../drivers/process-tree.ts';
import { readDatabase } from '../../drivers/run-database.ts';
import { withOtherBytes } from '../../fixtures/onnx-bytes.ts';
import { analysisFolder } from './analysis-rig.ts';
import { appWithModels, bundledModel, modelPath, sha256Of } from './own-app.ts';
import { closeWhole, databaseOf, windowFault } from './window-rig.ts';

const { at, clip } = analysisFolder('set-aside');

/** The app with a second model, `other`, which is as good as the first one. */
function appWithOther(): string {
  const { spec, bytes } = bundledModel();
  const other = withOtherBytes(bytes);
  const file = 'other.onnx';
  const folder = appWithModels(at('app'), (models) => [
    ...models,
    { ...spec, id: 'other', file, sha256: sha256Of(other), bytes: other.length },
  ]);
  writeFileSync(modelPath(folder, spec.file), bytes);
  writeFileSync(modelPath(folder, file), other);
  return folder;
}

windowFault('row 18: detection keeps crashing with a model of its own', ({ open, dataFolder }) => {
  it('that model is set aside, ivis goes on with its own one, says so, and remembers it', async () => {
    const appFolder = appWithOther();
    const data = dataFolder();
    const place = { appFolder };
    const window = await open(['--model', 'other'], data, place);
    const struck = new Set<number>();
    const setAside = (): boolean => keptLog(data).some((line) => line.message.includes('counts instead'));
    await until('the model to be set aside', () => {
      const running = keptLog(data).filter(
        (line) => line.process === 'detection' && line.message === 'is running',
      );
      const pid = running.at(-1)?.pid ?? null;
      if (setAside()) return true;
      if (pid !== null && !struck.has(pid)) {
        struck.add(pid);
        strike(pid, 'SIGSEGV');
      }
      return null;
    });
    // Five restarts in a minute, then another way.
    expect(struck.size).toBe(6);
    const { page } = window;
    await page.getByText('Model ready').waitFor({ timeout: 60_000 });
    await page.getByTestId('page-health').click();
    const alarm = page.getByText('A detection model was set aside').first();
    await alarm.waitFor();
    expect(await page.getByText('yolo11n counts instead').first().isVisible()).toBe(true);
    const kept = JSON.parse(readFileSync(join(data, 'models-set-aside.json'), 'utf8'));
    expect(kept.models).toMatchObject([{ id: 'other', cause: 'crashed (SIGSEGV)' }]);
    await closeWhole(window);

    // The next start does not try it again, and counts truly with the other.
    const made = await clip();
    const next = await open(['--model', 'other', '--classes', 'car', '--open', made.path], data, place);
    await until(
      'the run to be whole',
      () => readDatabase(databaseOf(next)).runs.some((run) => run.status === 'complete'),
      90_000,
    );
    const { runs } = readDatabase(databaseOf(next));
    expect(runs.map(({ crossings, model_id }) => [crossings, model_id])).toEqual([
      [made.forward + made.backward, 'yolo11n'],
    ]);
    await closeWhole(next);
  });
});
