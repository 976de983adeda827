import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IvisWindow } from '../drivers/ivis-window.ts';

let window: IvisWindow;
beforeAll(async () => {
  window = await IvisWindow.open();
  const { page } = window;
  await page.getByTestId('drop-target').waitFor();
  await page.keyboard.press('a');
  // Nothing listens on this port: what the keys do needs no picture.
  await page.getByTestId('address-field').fill('rtsp://127.0.0.1:1/stream1');
  await page.getByTestId('confirm-button').click();
  await page.getByTestId('remove-button').waitFor();
});
afterAll(() => window.close());

describe('the keyboard', () => {
  it('reaches every page, and the shortcuts on each', async () => {
    const { page } = window;
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await page.keyboard.press('Control+2');
    await page.getByTestId('health-page').waitFor();
    await page.keyboard.press('?');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+3');
    await page.getByTestId('log-page').waitFor();
    // While somebody writes, a digit with Ctrl is still a page and a letter is a letter.
    await page.getByTestId('log-search').click();
    await page.keyboard.press('a');
    expect(await page.getByTestId('log-search').inputValue()).toBe('a');
    await page.keyboard.press('Control+1');
    await page.getByTestId('picture').first().waitFor();
    expect(window.complaints).toEqual([]);
  });

  it('keeps its letters after a checkbox was pressed', async () => {
    const { page } = window;
    await page.getByTestId('tuning-summary').click();
    await page.getByTestId('tuning-camera').check();
    await page.keyboard.press('a');
    await page.getByTestId('add-dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('add-dialog').waitFor({ state: 'detached' });
    expect(window.complaints).toEqual([]);
  });
});

describe('the removal of a source', () => {
  it('is asked for first, and not done when it is not meant', async () => {
    const { page } = window;
    await page.getByTestId('remove-button').click();
    await page.getByRole('dialog', { name: 'Remove this source?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('confirm-remove').waitFor({ state: 'detached' });
    expect(await page.getByTestId('source-state').count()).toBe(1);
    await page.getByTestId('remove-button').click();
    await page.getByTestId('confirm-remove').click();
    await page.getByTestId('drop-target').waitFor();
    expect(window.complaints).toEqual([]);
  });
});
