import { afterEach, describe, expect, it } from 'vitest';
import type { Crossing } from '#shared/domain/line.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import { LiveWindow } from '../drivers/live-window.ts';
import { writePast } from '../fixtures/camera-past.ts';

/** Nothing listens on this port: the kernel refuses at once. */
const DEAD = 'rtsp://127.0.0.1:1/stream1';
const MINUTE_MS = 60_000;
const lines = ['Line 1', 'Line 2'].map((name) => ({
  name,
  points: [
    { x: 0, y: 9 },
    { x: 99, y: 9 },
  ],
}));
const settings: RunSettings = {
  ...{ mode: 'live', lines, zones: [], classes: [], confidence: null, every: null, fps: null },
  keepRawDetections: false,
};

const midnightBefore = (days: number): number => {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days).getTime();
};
/** Yesterday, so many minutes after midnight. */
const at = (minutes: number): number => midnightBefore(1) + minutes * MINUTE_MS;
const crossed = (minutes: number, more: Partial<Crossing> = {}) => ({
  ...{ line: 'Line 1', direction: 'forward' as const, label: 'car', wallMs: at(minutes) },
  ...more,
});

let live: LiveWindow;
afterEach(() => live.window.close());

describe('counts by the hour', () => {
  it('are those of the day, of each line and class, with what was not watched, and of four weeks', async () => {
    live = await LiveWindow.open([{ sourceId: 'cam', url: DEAD, settings: { lines } }], {}, (data) =>
      writePast(data, [
        {
          ...{ sourceId: 'cam', settings, fromWallMs: at(7 * 60), toWallMs: at(10 * 60) },
          crossings: [
            ...[485, 490, 500, 505].map((minutes) => crossed(minutes)),
            crossed(510, { label: 'bus' }),
            crossed(520, { direction: 'backward' }),
            crossed(525, { line: 'Line 2' }),
            crossed(550),
          ],
          gaps: [
            { number: 0, cause: 'black', fromWallMs: at(435), toWallMs: at(437), fromPtsMs: 0, toPtsMs: 1 },
          ],
          tooRare: [{ number: 0, fromWallMs: at(545), toWallMs: at(555), fromPtsMs: 0, toPtsMs: 600_000 }],
        },
        {
          ...{
            sourceId: 'cam',
            settings,
            fromWallMs: midnightBefore(5),
            toWallMs: midnightBefore(5) + 60_000,
          },
          crossings: [crossed(0, { wallMs: midnightBefore(5) + 1000 })],
        },
      ]),
    );
    const { page } = live.window;
    await page.getByTestId('hours-button').waitFor({ timeout: 60_000 });
    await page.keyboard.press('h');
    const sums = async (): Promise<string[]> =>
      Promise.all(['forward', 'backward'].map((way) => page.getByTestId(`hours-${way}`).innerText()));
    await page.getByTestId('hours-table').waitFor();
    // Today nothing was seen: the camera is not there.
    expect(await sums()).toEqual(['0', '0']);
    await page.keyboard.press('PageUp');
    await expect.poll(sums).toEqual(['6', '1']);
    const rows = page.getByTestId('hours-table').locator('tbody tr');
    const row = async (hour: number): Promise<string[]> =>
      (await rows.nth(hour).innerText()).split('\t').map((cell) => cell.trim());
    expect(await rows.count()).toBe(24);
    expect(await row(8)).toEqual(['08:00 – 09:00', '5', '1', '6', '']);
    // What nobody watched is no 0.
    expect(await row(3)).toEqual(['03:00 – 04:00', '–', '–', '–', 'not watched']);
    expect(await row(7)).toEqual(['07:00 – 08:00', '0', '0', '0', 'not watched for 2 min (Black picture)']);
    expect((await row(9)).at(-1)).toBe('looked at too rarely for 10 min');
    const plot = page.getByTestId('hours-plot');
    await plot.getByRole('button').nth(8).hover();
    expect(await page.getByTestId('hours-words').innerText()).toBe(
      '08:00 – 09:00 · forward 5 (car 4, bus 1) · backward 1 (car 1)',
    );
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => page.getByTestId('hours-words').innerText())
      .toContain('09:00 – 10:00 · forward 1');

    await page.getByLabel('Class').selectOption('bus');
    await expect.poll(sums).toEqual(['1', '0']);
    await page.getByLabel('Class').selectOption('');
    await page.getByLabel('Line').selectOption('Line 2');
    await expect.poll(sums).toEqual(['1', '0']);
    await page.getByLabel('Line').selectOption('Line 1');
    await page.getByText('15 min').click();
    await expect.poll(() => rows.count()).toBe(96);
    expect(await plot.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    expect(await row(33)).toEqual(['08:15 – 08:30', '2', '0', '2', '']);
    // Four weeks, by the day.
    await page.getByText('Days').click();
    await expect.poll(() => rows.count()).toBe(28);
    await expect.poll(sums).toEqual(['7', '1']);
    await page.keyboard.press('Escape');
    await page.getByTestId('hours-table').waitFor({ state: 'detached' });
    expect(live.window.complaints).toEqual([]);
  }, 120_000);
});
