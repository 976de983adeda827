import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { LiveWindow } from '../../drivers/live-window.ts';
import { type KeptLine, keptLog } from '../../drivers/log-lines.ts';
import { cameraClip } from '../../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing } from '../../drivers/rtsp-server.ts';
import { readDatabase } from '../../drivers/run-database.ts';
import { analysisFolder } from './analysis-rig.ts';
import { closeWhole, databaseOf, inPage, windowFault } from './window-rig.ts';

const { at, clip } = analysisFolder('memory-limit');

const overLimit = (line: KeptLine): boolean => /memory: \d+ MB, allowed are/.test(JSON.stringify(line));

const PRESS_OPEN = `(() => {
  const button = document.querySelector('[data-testid=open-button]');
  button?.click();
  return button !== null;
})()`;

windowFault('a process that holds more memory than it may', ({ open, dataFolder }) => {
  it.each(['detection', 'store', 'page'] as const)('%s begins anew in order, and says why', async (kind) => {
    const data = dataFolder();
    const settings = join(data, 'settings.yaml');
    writeFileSync(settings, 'logging: { level: info }\n');
    const window = await open([], data);
    const before = keptLog(data).length;
    // Less than any of them needs; the settings file is read while ivis runs.
    writeFileSync(settings, `limits: { processMemoryMb: { ${kind}: 64 } }\n`);
    const told = await until(
      'the limit to be told',
      () => keptLog(data).slice(before).find(overLimit),
      30_000,
    );
    writeFileSync(settings, 'logging: { level: info }\n');
    expect(JSON.stringify(told)).toContain('allowed are 64 MB');
    const name = kind === 'page' ? 'main' : kind;
    expect(told.process).toBe(name);
    const log = () => keptLog(data).slice(before);
    if (kind !== 'page') {
      const again = (line: KeptLine): boolean => line.process === kind && line.message === 'is running';
      await until('it to run again', () => log().some(again), 60_000);
      // In order: it was asked, and it ended by itself.
      expect(log().filter((line) => line.process === kind && line.message === 'is draining')).toHaveLength(1);
      expect(log().some((line) => line.message === 'is unresponsive')).toBe(false);
    }
    // Everything works with the new one: a film is counted.
    const made = await clip();
    await window.answerDialogs([made.path]);
    await expect.poll(() => inPage(window, PRESS_OPEN), { timeout: 20_000 }).toBe(true);
    await until(
      'the run to be whole',
      () => readDatabase(databaseOf(window)).runs.some((run) => run.status === 'complete'),
      90_000,
    );
    expect(readDatabase(databaseOf(window)).runs.map((run) => run.attempt)).toEqual([1]);
    await closeWhole(window);
  });
});

const LOW = 'limits: { processMemoryMb: { capture: 64 } }\n';
const USUAL = 'logging: { level: info }\n';

windowFault('a capture process that holds more memory than it may', ({ open, dataFolder }) => {
  it('of a file: the film is analysed anew, and counted once', async () => {
    const data = dataFolder();
    const settings = join(data, 'settings.yaml');
    writeFileSync(settings, LOW);
    const made = await clip();
    const window = await open(['--open', made.path, '--classes', 'car'], data);
    await until('the limit to be told', () => keptLog(data).find(overLimit), 60_000);
    writeFileSync(settings, USUAL);
    const runs = () => readDatabase(databaseOf(window)).runs;
    await until('the run to be whole', () => runs().some(({ status }) => status === 'complete'), 90_000);
    expect(runs().at(-1)).toMatchObject({ status: 'complete', crossings: made.forward + made.backward });
    expect(runs().at(-1)?.attempt).toBeGreaterThan(1);
    await closeWhole(window);
  });

  const missing = rtspMissing();
  it.skipIf(missing !== null)(
    'of a camera: it is LIVE again by itself, with a gap that says why',
    async () => {
      const camera = await cameraClip(at('camera.h264'));
      const mounts = [{ path: '/cam', file: camera.path, fps: camera.fps }];
      const server = await RtspServer.start({ mounts });
      const rate = { targetFps: 3, floorFps: 1, priority: 1 };
      const live = await LiveWindow.open([{ sourceId: 'cam', url: server.url('/cam'), rate }]);
      const { window } = live;
      try {
        await live.untilState('cam', 'LIVE');
        const first = (await live.source('cam')).runId;
        const settings = join(window.dataFolder, 'settings.yaml');
        writeFileSync(settings, LOW);
        await until('the limit to be told', () => keptLog(window.dataFolder).find(overLimit), 60_000);
        writeFileSync(settings, USUAL);
        await live.until('another run', async () =>
          (await live.source('cam')).runId === first ? null : true,
        );
        await live.untilState('cam', 'LIVE');
        const gaps = (await live.source('cam')).live?.gaps ?? [];
        expect(gaps.map(({ cause }) => cause)).toContain('capture-restart');
        await closeWhole(window);
      } finally {
        await window.close().catch(() => {});
        await server.kill();
      }
    },
  );
});
