import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { clickPicture } from '../drivers/picture-hand.ts';
import { movingPhotograph, type PhotographClip } from '../fixtures/photograph.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-e2e-shapes-'));
let clip: PhotographClip;
let window: IvisWindow;

const textOf = (id: string): Promise<string> => window.page.getByTestId(id).first().innerText();
const stateOf = () => window.page.getByTestId('source-state').first().getAttribute('data-state');
const ended = () => expect.poll(stateOf, { timeout: 60_000 }).toBe('ENDED');
const draw = async (tool: string, points: { x: number; y: number }[]): Promise<void> => {
  await window.page.getByTestId(`draw-${tool}-button`).first().click();
  await clickPicture(window.page, clip, points);
};

// The car goes from x = 135 to 503 and back, its wheels at about y = 280.
beforeAll(async () => {
  clip = await movingPhotograph(join(folder, 'car.mp4'));
  window = await IvisWindow.open();
  await window.drop([clip.path]);
});
afterAll(async () => {
  await window.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('shapes drawn on the picture', () => {
  it('are gates, a zone with its limit, and a rectangle on the ground with its metres', async () => {
    const { page } = window;
    await ended();
    await draw('gate', [
      { x: 230, y: 150 },
      { x: 230, y: 340 },
    ]);
    await page.getByText('Gate 1').first().waitFor();
    // Drawn upwards: in is to the left.
    await draw('gate', [
      { x: 410, y: 340 },
      { x: 410, y: 150 },
    ]);
    await page.getByText('in is to the left').waitFor();
    await draw('zone', [
      { x: 270, y: 170 },
      { x: 620, y: 170 },
      { x: 620, y: 345 },
      { x: 270, y: 345 },
    ]);
    await page.keyboard.press('Enter');
    await page.getByTestId('loiter-Zone 1').fill('2');
    await page.getByTestId('loiter-Zone 1').press('Enter');
    await draw('ground', [
      { x: 60, y: 320 },
      { x: 580, y: 320 },
      { x: 580, y: 240 },
      { x: 60, y: 240 },
    ]);
    // Without its lengths it changes nothing.
    await page.getByTestId('ground-a').fill('soon');
    await page.getByTestId('apply-ground').click();
    expect(await page.getByText('Metres from 0.1 to 1000').count()).toBe(2);
    await page.getByTestId('ground-a').fill('26');
    await page.getByTestId('ground-b').fill('4');
    await page.getByTestId('apply-ground').click();
    await page.getByTestId('apply-ground').waitFor({ state: 'detached' });
    expect(window.complaints).toEqual([]);
  });

  it('give movements, speeds with their uncertainty, stays and loitering when it runs again', async () => {
    const { page } = window;
    await page.getByTestId('start-button').click();
    await expect.poll(stateOf, { timeout: 20_000 }).not.toBe('ENDED');
    await ended();
    expect(await textOf('moved-Gate 1-Gate 2')).toBe('1');
    expect(await textOf('moved-Gate 2-Gate 1')).toBe('1');
    expect(await textOf('moved-Gate 1-Gate 1')).toBe('0');
    expect(await textOf('moved-unknown-unknown')).toBe('');
    // 736 pixels in 6 s at 20 pixels a metre are 22 km/h.
    await expect
      .poll(() => textOf('speed-Line 1-forward'), { timeout: 10_000 })
      .toMatch(/^2[0-4] ±\d+ km\/h/);
    for (const [what, value] of Object.entries({
      inside: '0',
      most: '1',
      came: '1',
      left: '1',
      loitered: '1',
    })) {
      expect(await textOf(`zone-Zone 1-${what}`), what).toBe(value);
    }
    await page.getByTestId('open-zone-Zone 1').click();
    await page.getByTestId('visit-row').waitFor();
    expect(await page.getByTestId('loitering-row').innerText()).toMatch(/car[\s\S]*\d\.\d s/);
    await page.keyboard.press('Escape');
    await page.getByTestId('open-movements').click();
    expect(await page.getByText('From gate to gate').count()).toBe(1);
    await page.keyboard.press('Escape');
    const db = new Database(join(window.dataFolder, 'ivis.db'), { readonly: true });
    expect(db.prepare('SELECT zone FROM loitering WHERE run_id = 2').pluck().all()).toEqual(['Zone 1']);
    const settings: unknown = db.prepare('SELECT settings_json FROM run WHERE run_id = 2').pluck().get();
    expect(JSON.parse(String(settings))).toMatchObject({ picture: { width: 640, height: 360 } });
    db.close();
    expect(window.complaints).toEqual([]);
  });

  it('are in the files that the window writes', async () => {
    await window.answerDialogs([folder]);
    await window.page.getByTestId('export-button').first().click();
    await window.page.getByTestId('toast').first().waitFor();
    const written = readdirSync(folder).find((name) => name.startsWith('car-run-')) ?? '';
    const rowsOf = (name: string): string[] =>
      readFileSync(join(folder, written, name), 'utf8')
        .trim()
        .split('\r\n')
        .slice(1);
    expect(readdirSync(join(folder, written)).sort()).toEqual([
      'corrections.csv',
      'count-intervals-1min.csv',
      'count-intervals-5min.csv',
      'count-intervals-60min.csv',
      'count-intervals.csv',
      'counts.csv',
      'crossings.csv',
      'detections.csv',
      'loiterings.csv',
      'movement-counts.csv',
      'movements.csv',
      'summary.json',
      'tracks.csv',
      'zones.csv',
    ]);
    expect(rowsOf('movement-counts.csv')).toEqual([
      'Gate 1,Gate 2,through,car,1',
      'Gate 2,Gate 1,through,car,1',
    ]);
    expect(rowsOf('movements.csv')).toHaveLength(2);
    expect(rowsOf('zones.csv')).toHaveLength(1);
    expect(rowsOf('loiterings.csv')).toHaveLength(1);
    expect(rowsOf('counts.csv')).toEqual(['Line 1,forward,car,1,0,0,1', 'Line 1,backward,car,1,0,0,1']);
    // The last column but one of each row is what was watched.
    for (const [length, minutes] of [
      ['-1min', 1],
      ['-5min', 5],
      ['', 15],
      ['-60min', 60],
    ] as const) {
      const rows = rowsOf(`count-intervals${length}.csv`).map((row) => row.split(','));
      expect(rows.map((row) => row.slice(2, 7).join(','))).toEqual(
        expect.arrayContaining(['Line 1,forward,car,1,1', 'Line 1,backward,car,1,1']),
      );
      // Whole intervals, on the clock.
      for (const [from = '', to = ''] of rows) {
        expect(Date.parse(to) - Date.parse(from)).toBe(minutes * 60_000);
        expect(Date.parse(from) % (minutes * 60_000)).toBe(0);
      }
    }
    expect(window.complaints).toEqual([]);
  });
});

describe('the advanced settings', () => {
  it('are taken by the next run, and refused in words when they are none', async () => {
    const { page } = window;
    await page.getByTestId('tuning-summary').click();
    await page.getByText('OC-SORT', { exact: true }).click();
    await page.getByTestId('add-rule').click();
    await page.getByTestId('rule-minHeight').fill('60');
    await page.getByTestId('rule-maxHeight').fill('10');
    await page.getByText('The least height is above the greatest.').waitFor();
    expect(await page.getByTestId('apply-tuning').isEnabled()).toBe(false);
    // The car is 98 pixels of 360 high: nothing is left to find.
    await page.getByTestId('rule-maxHeight').fill('100');
    await page.getByTestId('apply-tuning').click();
    await page.getByTestId('apply-tuning').waitFor({ state: 'detached' });
    await expect.poll(() => page.getByTestId('tuning-summary').innerText()).toMatch(/OC-SORT, 1 rule/);
    await page.getByTestId('start-button').click();
    await expect.poll(stateOf, { timeout: 20_000 }).not.toBe('ENDED');
    await ended();
    expect(await textOf('line-Line 1-forward')).toBe('0');
    const db = new Database(join(window.dataFolder, 'ivis.db'), { readonly: true });
    const stored: unknown = db.prepare('SELECT settings_json FROM run WHERE run_id = 3').pluck().get();
    expect(JSON.parse(String(stored)).tuning).toEqual({
      algorithm: 'oc-sort',
      classRules: [{ label: null, minHeight: 0.6, maxHeight: 1 }],
    });
    db.close();
    expect(window.complaints).toEqual([]);
  });
});
