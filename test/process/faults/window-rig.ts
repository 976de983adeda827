import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { Display, displayMissing } from '../../drivers/display.ts';
import { type Broken, brokenInDatabase, brokenLeftOvers } from '../../drivers/invariants.ts';
import { until } from '../../drivers/ivis-command.ts';
import { IvisWindow, type WindowPlace } from '../../drivers/ivis-window.ts';
import { familyOf } from '../../drivers/process-tree.ts';

export interface WindowStage {
  /** Resolves when the model is loaded. */
  open(words?: readonly string[], data?: string | null, place?: WindowPlace): Promise<IvisWindow>;
  /** A new data folder, for a window that is to find something in it. */
  dataFolder(): string;
}

/** A row of the fault table that needs the window; skipped, with a word, where none can be opened. */
export function windowFault(name: string, body: (stage: WindowStage) => void): void {
  const missing = displayMissing();
  const title = missing === null ? name : `${name} (skipped: ${missing})`;
  describe.skipIf(missing !== null)(title, { timeout: 120_000 }, () => {
    const windows: IvisWindow[] = [];
    let display: Display | null = null;
    beforeAll(async () => {
      display = await Display.open();
    });
    afterEach(async () => {
      for (const window of windows.splice(0)) await window.close().catch(() => {});
    });
    afterAll(() => display?.close());
    body({
      open: async (words = [], data = null, place = {}) => {
        const window = await IvisWindow.open(words, undefined, data, place);
        windows.push(window);
        await window.page.getByText('Model ready').waitFor({ timeout: 60_000 });
        return window;
      },
      dataFolder: () => mkdtempSync(join(tmpdir(), 'ivis-window-')),
    });
  });
}

export const pidOf = (window: IvisWindow): number => window.app.process().pid ?? -1;

export const databaseOf = (window: IvisWindow): string => join(window.dataFolder, 'ivis.db');

/** Frames looked at so far by the first source, as the window's state has it. */
export async function framesOf(window: IvisWindow): Promise<number> {
  const ledger = await window.page.evaluate(() => {
    const shown = document.querySelector<HTMLElement>('[data-testid="ledger"]');
    return shown?.innerText ?? '';
  });
  return Number(/Processed\s+([\d\s,.]+)/.exec(ledger)?.[1]?.replace(/\D/g, '') ?? 0);
}

/** Closes the window as a person does, and checks what it leaves. */
export async function closeWhole(window: IvisWindow): Promise<void> {
  const pid = pidOf(window);
  const family = familyOf(pid);
  await window.quit();
  const left = (): Broken[] => brokenLeftOvers(pid, family);
  await until('its processes to be gone', () => left().length === 0, 8000).catch(() => {});
  expect([...left(), ...brokenInDatabase(databaseOf(window))]).toEqual([]);
}

/** True where a folder can be made read-only for root too. */
export function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

export function mount(folder: string, options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'ivis-test', folder]);
}

export function unmount(folder: string): void {
  execFileSync('umount', ['-l', folder]);
}

/**
 * What a script says in the page that is there now, which may be another than the driver's; null while it does not
 * answer: a script that was sent to a page that fell is never answered.
 */
export function inPage({ app }: IvisWindow, script: string): Promise<unknown> {
  const answer = app.evaluate(({ BrowserWindow }, text) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined || contents.isCrashed() || contents.isLoading()) return null;
    return contents.executeJavaScript(text) as Promise<unknown>;
  }, script);
  const silence = new Promise<null>((resolve) => setTimeout(resolve, 1000, null));
  return Promise.race([answer.catch(() => null), silence]);
}
