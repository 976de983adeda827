import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { keptLog } from '../../drivers/log-lines.ts';
import { familyOf, lives, strike } from '../../drivers/process-tree.ts';
import { pidOf, windowFault } from './window-rig.ts';

windowFault('something goes wrong in main that nobody expected', ({ open, dataFolder }) => {
  it('ivis says what it was and starts again, instead of standing still behind a dialog', async () => {
    const data = dataFolder();
    const window = await open([], data);
    const mainPid = pidOf(window);
    const family = familyOf(mainPid);
    await window.app.evaluate(() => {
      setTimeout(() => {
        throw new Error('planted in main');
      });
    });
    await until('the old one to be gone', () => !family.some(lives), 20_000);
    const words = keptLog(data).find(({ message }) => message.startsWith('main ends'));
    expect(JSON.stringify(words)).toContain('planted in main');
    const next = await until('ivis to start again', () => {
      const pid = keptLog(data).find((line) => line.process === 'main' && line.pid !== mainPid)?.pid;
      return keptLog(data).filter(({ message }) => message === 'model loaded').length > 1 ? pid : null;
    });
    // It counts as a quick end: three of them, and the next start is a safe one.
    expect(JSON.parse(readFileSync(join(data, 'start.json'), 'utf8'))).toMatchObject({ quickEnds: 1 });
    const processes = familyOf(next);
    strike(next, 'SIGTERM');
    await until('it to end in order', () => !processes.some(lives), 20_000);
  });
});
