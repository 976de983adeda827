import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { IvisWindow } from './ivis-window.ts';
import { unpack } from './unpack.ts';

const urlSchema = z.string().regex(/^http:\/\//);

/** Everything a running ivis tells outsiders: its pages for other programs and the files of its diagnostics. */
export async function tellingsOf(window: IvisWindow): Promise<string[]> {
  const { page, app, dataFolder } = window;
  writeFileSync(
    join(dataFolder, 'settings.yaml'),
    'interfaces: { enabled: true, port: 0 }\nperception: { enabled: true }\n',
  );
  await page.getByTestId('page-health').click();
  const url = await page
    .getByText(/^http:\/\/127\.0\.0\.1:\d+/)
    .first()
    .innerText({ timeout: 20_000 });
  const base = urlSchema.parse(url).replace(/\/+$/, '');
  const pages = await Promise.all(
    ['/metrics', '/healthz', '/readyz', '/api/perception/detections', '/api/perception/tracks'].map(
      async (path) => (await fetch(`${base}${path}`)).text(),
    ),
  );
  const path = join(dataFolder, 'diagnostics.zip');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, path);
  await page.getByTestId('save-diagnostics').click();
  await page.getByText('written to').first().waitFor({ timeout: 30_000 });
  const files = [...unpack(readFileSync(path))].map(([name, bytes]) => `${name}\n${bytes.toString('utf8')}`);
  return [...pages, ...files];
}
