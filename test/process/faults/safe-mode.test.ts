import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { IvisWindow } from '../../drivers/ivis-window.ts';
import { keptLog } from '../../drivers/log-lines.ts';
import { familyOf, lives, lookUp, strike } from '../../drivers/process-tree.ts';
import { writeSources } from '../../soak/sources.ts';
import { analysisFolder } from './analysis-rig.ts';
import { pidOf, windowFault } from './window-rig.ts';

const { clip } = analysisFolder('safe-mode');
/** Nobody listens there. */
const CAMERA = 'rtsp://127.0.0.1:9/cam';

interface Marker {
  readonly starting: boolean;
  readonly quickEnds: number;
}
const markerOf = (data: string): Marker => JSON.parse(readFileSync(join(data, 'start.json'), 'utf8'));
const wantedOf = (data: string): boolean[] =>
  JSON.parse(readFileSync(join(data, 'sources.json'), 'utf8')).sources.map(
    ({ wanted }: { wanted: boolean }) => wanted,
  );

/** Starts ivis and kills main as soon as its window is there. */
async function crashAtStart(data: string): Promise<void> {
  const window = await IvisWindow.open([], undefined, data);
  const pid = pidOf(window);
  const family = familyOf(pid);
  strike(pid, 'SIGKILL');
  await until('everything of it to be gone', () => !family.some(lives), 8000);
}

windowFault('after three starts that ended at once', ({ open, dataFolder }) => {
  it('ivis starts in safe mode, says so, and goes on as always when asked', async () => {
    const data = dataFolder();
    writeSources(data, await clip(), 1, [CAMERA]);
    for (let n = 0; n < 3; n++) {
      await crashAtStart(data);
      expect(markerOf(data)).toMatchObject({ starting: true, quickEnds: n });
    }
    const window = await open([], data);
    const { page, app } = window;
    const notice = page.getByTestId('start-notice');
    await notice.waitFor();
    expect(await notice.getAttribute('data-kind')).toBe('safe');
    expect(await notice.innerText()).toContain('ivis ended 3 times');
    expect(await app.evaluate(({ app }) => app.isHardwareAccelerationEnabled())).toBe(false);
    // The camera is wanted, and is left alone all the same: nobody reads it.
    const log = keptLog(data);
    const safeFrom = log.findLastIndex((line) => line.message.startsWith('safe mode'));
    expect(safeFrom).toBeGreaterThan(0);
    expect(log.slice(safeFrom).filter(({ sourceId }) => sourceId?.startsWith('rtsp') === true)).toEqual([]);
    expect(wantedOf(data)).toEqual([false, true]);

    const linesBefore = keptLog(data).length;
    await page.getByTestId('start-normally').click();
    const next = await until(
      'ivis to start again',
      () => {
        // Its camera is tried again: that is a usual start.
        const captures = keptLog(data)
          .slice(linesBefore)
          .filter((line) => line.process === 'capture' && line.message === 'is running');
        return captures.at(-1)?.pid;
      },
      60_000,
    );
    const parent = parentOf(next);
    expect(markerOf(data)).toMatchObject({ starting: true, quickEnds: 0 });
    const family = familyOf(parent);
    strike(parent, 'SIGTERM');
    await until('it to end in order', () => !family.some(lives), 20_000);
    expect(markerOf(data)).toMatchObject({ starting: false, quickEnds: 0 });
    expect(wantedOf(data)).toEqual([false, true]);
  });
});

const parentOf = (pid: number): number => lookUp(pid)?.parent ?? -1;
