import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { keptLog } from '../../drivers/log-lines.ts';
import { strike } from '../../drivers/process-tree.ts';
import { closeWhole, windowFault } from './window-rig.ts';

windowFault('the database process keeps ending', ({ open }) => {
  it('nothing says that rows are taken, until it is tried again a minute later and lives', async () => {
    const window = await open();
    const { page, dataFolder } = window;
    await page.getByTestId('page-health').click();
    writeFileSync(join(dataFolder, 'settings.yaml'), 'interfaces: { enabled: true, port: 0 }\n');
    const urls = page.getByTestId('interface-urls');
    await expect.poll(() => urls.innerText(), { timeout: 15_000 }).toMatch(/http:/);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(await urls.innerText())?.[0] ?? '';
    const readiness = async (): Promise<unknown> => (await fetch(`${url}/readyz`)).json();
    const component = page.getByTestId('component-store');
    const severity = (): Promise<string | null> => component.getAttribute('data-severity');
    await expect.poll(readiness, { timeout: 30_000 }).toEqual({ ready: true, reasons: [] });
    await expect.poll(severity, { timeout: 10_000 }).toBe('ok');

    const struck = new Set<number>();
    const lines = (message: string) =>
      keptLog(dataFolder).filter((line) => line.process === 'store' && line.message === message);
    await until(
      'the process to be given up',
      () => {
        const pid = lines('is running').at(-1)?.pid ?? null;
        if (pid !== null && !struck.has(pid)) {
          struck.add(pid);
          strike(pid, 'SIGKILL');
        }
        return lines('is failed').length > 0;
      },
      120_000,
    );
    expect(struck.size).toBe(6);
    expect(await readiness()).toEqual({ ready: false, reasons: ['the database takes no rows'] });
    await expect.poll(severity, { timeout: 10_000 }).toBe('critical');
    expect(await component.innerText()).toMatch(/its process is down/);

    // Nobody ends it any more: its next trial heals.
    await expect.poll(readiness, { timeout: 120_000 }).toEqual({ ready: true, reasons: [] });
    await expect.poll(severity, { timeout: 10_000 }).toBe('ok');
    await closeWhole(window);
  }, 360_000);
});
