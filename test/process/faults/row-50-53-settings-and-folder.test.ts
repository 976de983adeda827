import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { electronBinary, electronEnvironment, electronFlags, root } from '../../drivers/electron-binary.ts';
import type { IvisWindow } from '../../drivers/ivis-window.ts';
import { readDatabase } from '../../drivers/run-database.ts';
import { canMount, closeWhole, databaseOf, mount, unmount, windowFault } from './window-rig.ts';

const settingsOf = (window: IvisWindow): string => join(window.dataFolder, 'settings.yaml');
const component = (window: IvisWindow, id: string) => window.page.getByTestId(`component-${id}`);

windowFault('row 50: the settings are rubbish or half written', ({ open }) => {
  it('keeps what held, says where the mistake is, and takes the file when it is right', async () => {
    const window = await open();
    await window.page.getByTestId('page-health').click();
    const severity = (id: string) => component(window, id).getAttribute('data-severity', { timeout: 10_000 });
    writeFileSync(settingsOf(window), 'limits:\n  memoryPercent: { warn: 1, critical: 100 }\n');
    await expect.poll(() => severity('memory'), { timeout: 15_000 }).toBe('warn');
    for (const text of ['limits:\n  memoryPercent: { warn: 9', '\0\0\0\0', 'limits: 3\n']) {
      writeFileSync(settingsOf(window), text);
      await component(window, 'settings').waitFor({ timeout: 15_000 });
      expect(await component(window, 'settings').innerText()).toMatch(/line \d/);
      expect(await severity('memory')).toBe('warn');
    }
    writeFileSync(settingsOf(window), 'limits:\n  memoryPercent: { warn: 99, critical: 100 }\n');
    await expect.poll(() => severity('memory'), { timeout: 15_000 }).toBe('ok');
    await closeWhole(window);
  });
});

windowFault('row 51: ivis is started twice', ({ open }) => {
  it('leaves the database to the first, which comes to the front', async () => {
    const window = await open();
    const runs = readDatabase(databaseOf(window)).runs.length;
    const said = await new Promise<string>((resolve) => {
      const words = [...electronFlags(), '--log-level=3', '--disable-gpu', root];
      const env = electronEnvironment({ IVIS_DATA_DIR: window.dataFolder });
      const second = spawn(electronBinary(), words, { env, stdio: ['ignore', 'ignore', 'pipe'] });
      let text = '';
      second.stderr.setEncoding('utf8').on('data', (data: string) => {
        text += data;
      });
      second.on('close', (code) => resolve(`${code} ${text}`));
    });
    expect(said).toMatch(/^0 [\s\S]*ivis is open already/);
    expect(await window.page.getByText('Model ready').count()).toBeGreaterThan(0);
    expect(readDatabase(databaseOf(window)).runs).toHaveLength(runs);
    await closeWhole(window);
  });
});

windowFault('row 53: the port for other programs is taken', ({ open }) => {
  it('warns and goes on; a free port is taken at once', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const window = await open();
    await window.page.getByTestId('page-health').click();
    writeFileSync(settingsOf(window), `interfaces: { enabled: true, port: ${port} }\n`);
    await expect
      .poll(() => window.page.getByTestId('health-page').innerText(), { timeout: 15_000 })
      .toMatch(/port \d+ is used by another program/);
    other.close();
    writeFileSync(settingsOf(window), 'interfaces: { enabled: true, port: 0 }\n');
    await expect
      .poll(() => window.page.getByTestId('interface-urls').innerText(), { timeout: 15_000 })
      .toMatch(/http:\/\/127\.0\.0\.1:\d+/);
    await closeWhole(window);
  });
});

const readOnly = canMount() ? '' : ' (cannot be tried: it needs root)';
windowFault(`row 52: the data folder is read-only${readOnly}`, ({ open, dataFolder }) => {
  it.skipIf(!canMount())('opens all the same and names the folder, and writes when it may', async () => {
    const folder = dataFolder();
    mount(folder, 'size=64m');
    try {
      const before = await open([], folder);
      await before.quit();
      const settings = readFileSync(join(folder, 'settings.yaml'), 'utf8');
      execFileSync('chmod', ['-R', 'a-w', folder]);
      execFileSync('mount', ['-o', 'remount,ro', folder]);
      const window = await open([], folder);
      await window.page.getByTestId('page-health').click();
      await expect
        .poll(() => component(window, 'store').getAttribute('data-severity'), { timeout: 20_000 })
        .toBe('critical');
      expect(await component(window, 'store').innerText()).toMatch(/cannot be written/);
      await window.quit();
      execFileSync('mount', ['-o', 'remount,rw', folder]);
      expect(readFileSync(join(folder, 'settings.yaml'), 'utf8')).toBe(settings);
      expect(existsSync(join(folder, 'ivis.db'))).toBe(true);
      await closeWhole(await open([], folder));
    } finally {
      unmount(folder);
    }
  });
});
