import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { type KeptLine, keptLog } from '../../drivers/log-lines.ts';
import { readDatabase } from '../../drivers/run-database.ts';
import { analysisFolder } from './analysis-rig.ts';
import { closeWhole, databaseOf, inPage, windowFault } from './window-rig.ts';

const { clip } = analysisFolder('memory-limit');

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
