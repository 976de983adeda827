import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { keptLog } from '../../drivers/log-lines.ts';
import { familyOf, type KnownProcess, lives, strike } from '../../drivers/process-tree.ts';
import { readDatabase } from '../../drivers/run-database.ts';
import { analysisFolder } from './analysis-rig.ts';
import { closeWhole, databaseOf, pidOf, windowFault } from './window-rig.ts';

const { clip } = analysisFolder('graphics');
/** OpenGL by the processor: a graphics process as a card has it, where there is none. */
const graphics = ['--use-gl=angle', '--use-angle=swiftshader'];

function wordsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** The graphics process below main; null while there is none. */
const graphicsOf = (mainPid: number): KnownProcess | null =>
  familyOf(mainPid).find(({ pid, state }) => state !== 'Z' && wordsOf(pid).includes('--type=gpu-process')) ??
  null;

windowFault('row 34: the graphics process is gone', ({ open, dataFolder }) => {
  it('once: there is another, and counting never stops', async () => {
    const made = await clip();
    const window = await open(['--open', made.path], dataFolder(), { graphics });
    const mainPid = pidOf(window);
    const first = await until('a graphics process', () => graphicsOf(mainPid));
    expect(strike(first.pid, 'SIGKILL')).toBe(true);
    const next = await until('another one', () => {
      const now = graphicsOf(mainPid);
      return now !== null && now.pid !== first.pid ? now : null;
    });
    expect(lives(next)).toBe(true);
    await until(
      'the run to be whole',
      () => readDatabase(databaseOf(window)).runs.some((run) => run.status === 'complete'),
      90_000,
    );
    const { runs } = readDatabase(databaseOf(window));
    expect(runs.map((run) => [run.status, run.attempt, run.crossings])).toEqual([
      ['complete', 1, made.forward + made.backward],
    ]);
    expect(JSON.parse(readFileSync(join(window.dataFolder, 'start.json'), 'utf8')).softwareGraphics).toBe(
      false,
    );
    await closeWhole(window);
  });

  it('again and again: ivis starts anew without hardware acceleration', async () => {
    const data = dataFolder();
    const window = await open([], data, { graphics });
    const mainPid = pidOf(window);
    const family = familyOf(mainPid);
    let last = -1;
    for (let n = 0; n < 3; n++) {
      const now = await until('a graphics process', () => {
        const found = graphicsOf(mainPid);
        return found !== null && found.pid !== last ? found : null;
      });
      last = now.pid;
      strike(now.pid, 'SIGKILL');
    }
    // Its own log tells who it is: a main process hides its environment.
    const next = await until(
      'ivis to start again',
      () => keptLog(data).find(({ process, pid }) => process === 'main' && pid !== mainPid)?.pid,
      60_000,
    );
    await until('its model', () => keptLog(data).filter(({ message }) => message === 'model loaded')[1]);
    const messages = keptLog(data).map(({ message }) => message);
    expect(messages.filter((message) => message.startsWith('the graphics process ended'))).toHaveLength(3);
    expect(messages.join('\n')).toContain('ivis starts again without hardware acceleration');
    await until('the old one to be gone', () => !family.some(lives), 10_000);
    const marker = JSON.parse(readFileSync(join(data, 'start.json'), 'utf8'));
    expect(marker).toMatchObject({ softwareGraphics: true, quickEnds: 0 });
    const processes = familyOf(next);
    strike(next, 'SIGTERM');
    await until('it to end in order', () => !processes.some(lives), 20_000);

    // It stays so, and says so, until a person wants it otherwise.
    const again = await open([], data, { graphics });
    const notice = again.page.getByTestId('start-notice');
    expect(await notice.getAttribute('data-kind')).toBe('software-graphics');
    expect(await again.app.evaluate(({ app }) => app.isHardwareAccelerationEnabled())).toBe(false);
    await closeWhole(again);
  });

  it('again and again without acceleration: it is always started anew, and ivis goes on', async () => {
    const made = await clip();
    const data = dataFolder();
    const marker = { version: 1, starting: false, quickEnds: 0, softwareGraphics: true };
    writeFileSync(join(data, 'start.json'), JSON.stringify(marker));
    const window = await open(['--open', made.path], data);
    const mainPid = pidOf(window);
    let last = -1;
    for (let n = 0; n < 6; n++) {
      const now = await until('a graphics process', () => {
        const found = graphicsOf(mainPid);
        return found !== null && found.pid !== last ? found : null;
      });
      last = now.pid;
      strike(now.pid, 'SIGKILL');
    }
    await until(
      'the run to be whole',
      () => readDatabase(databaseOf(window)).runs.some((run) => run.status === 'complete'),
      90_000,
    );
    expect(
      readDatabase(databaseOf(window)).runs.map(({ attempt, crossings }) => [attempt, crossings]),
    ).toEqual([[1, made.forward + made.backward]]);
    await window.page.getByTestId('page-health').click();
    await window.page.getByText('Detection process').first().waitFor();
    await closeWhole(window);
  });
});
