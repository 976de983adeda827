import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { movingPhotograph, type PhotographClip } from '../fixtures/photograph.ts';

const folder = mkdtempSync(join(tmpdir(), 'ivis-e2e-evidence-'));
let clip: PhotographClip;
let window: IvisWindow;
beforeAll(async () => {
  clip = await movingPhotograph(join(folder, 'car.mp4'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  window = await IvisWindow.open();
  await window.drop([clip.path]);
  await expect
    .poll(() => window.page.getByTestId('source-state').first().innerText(), { timeout: 60_000 })
    .toMatch(/finished/i);
});
afterEach(() => window.close());

const textOf = (id: string): Promise<string> => window.page.getByTestId(id).first().innerText();

describe('an opened count', () => {
  it('shows each crossing with its picture, line and way, walked by keyboard', async () => {
    const { page } = window;
    await page.getByTestId('open-Line 1-forward').click();
    await page.getByTestId('evidence-picture').waitFor();
    await expect.poll(() => page.getByTestId('evidence-picture').getAttribute('data-pictures')).toBe('2');
    await page.getByTestId('crossing-thumbnail').first().waitFor();
    expect(Number(await page.getByTestId('evidence-path').getAttribute('data-points'))).toBeGreaterThan(10);
    expect(await textOf('picture-words')).toMatch(/Picture of the crossing itself/);
    expect(await textOf('machine-total')).toBe(String(clip.forward));
    // Both directions: there and back.
    await page.getByText('Both', { exact: true }).click();
    await expect.poll(() => textOf('crossing-place')).toBe(`1 of ${clip.forward + clip.backward}`);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => textOf('crossing-place')).toMatch(/^2 of/);
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => textOf('crossing-place')).toMatch(/^1 of/);
    await page.keyboard.press('Escape');
    await page.getByTestId('line-Line 1-forward').waitFor();
    expect(window.complaints).toEqual([]);
  });

  it('takes corrections, keeps both numbers, and exports them beside the machine’s rows', async () => {
    const { page } = window;
    await page.getByTestId('open-Line 1-forward').click();
    await page.getByTestId('evidence-picture').waitFor();
    await page.keyboard.press('w');
    await page.getByTestId('reason-counted-twice').click();
    await page.getByTestId('said-wrong').waitFor();
    expect(await textOf('machine-total')).toBe(String(clip.forward));
    expect(await textOf('corrected-total')).toBe(String(clip.forward - 1));
    expect(await textOf('said-wrong')).toContain(userInfo().username);
    for (const time of ['0:01.5', '0:02.5']) {
      await page.keyboard.press('m');
      await page.getByTestId('missed-time').fill(time);
      await page.getByTestId('add-missed').click();
      await page.getByTestId('missed-time').waitFor({ state: 'detached' });
    }
    await expect.poll(() => textOf('corrected-total')).toBe(String(clip.forward + 1));
    await page.getByTestId('leave-evidence').click();
    expect(await textOf('line-Line 1-forward')).toBe(String(clip.forward));
    await expect.poll(() => textOf('corrected-Line 1-forward')).toBe(`${clip.forward + 1} corrected`);

    await window.answerDialogs([folder]);
    await page.getByTestId('export-button').first().click();
    await page.getByTestId('toast').first().waitFor();
    const written = readdirSync(folder).find((name) => name.startsWith('car-run-')) ?? '';
    const linesOf = (name: string): string[] =>
      readFileSync(join(folder, written, name), 'utf8')
        .trim()
        .split('\r\n');
    expect(linesOf('crossings.csv')).toHaveLength(1 + clip.forward + clip.backward);
    expect(linesOf('corrections.csv')).toHaveLength(1 + 3);
    const db = new Database(join(window.dataFolder, 'ivis.db'), { readonly: true });
    const actions = () => db.prepare('SELECT action FROM audit ORDER BY audit_id').pluck().all();
    // The export is in it too, once the database has its row.
    await expect.poll(() => actions().at(-1)).toBe('run.exported');
    expect(actions().filter((action) => String(action).startsWith('crossing.'))).toEqual([
      'crossing.marked-wrong',
      'crossing.added',
      'crossing.added',
    ]);
    db.close();
    expect(window.complaints).toEqual([]);
  });
});

describe('a count by hand', () => {
  it('hides the machine’s numbers, takes presses and undo, and compares', async () => {
    const { page } = window;
    await page.getByTestId('recount-button').click();
    await page.getByTestId('begin-recount').click();
    const picture = page.getByTestId('recount-picture');
    await expect.poll(() => picture.getAttribute('data-seq'), { timeout: 30_000 }).not.toBeNull();
    expect(await page.getByTestId('line-Line 1-forward').count()).toBe(0);
    // The clip plays from its start: the car is on its way to the line.
    await expect.poll(() => textOf('recount-progress'), { timeout: 30_000 }).toMatch(/^0:0[1-5]/);
    await page.keyboard.press('q');
    await expect.poll(() => textOf('tally-Line 1-forward-car')).toBe('1');
    await page.keyboard.press('a');
    await page.keyboard.press('Backspace');
    await expect.poll(() => textOf('tally-Line 1-backward-car')).toBe('0');
    await expect.poll(() => textOf('recount-progress'), { timeout: 30_000 }).toMatch(/over/);
    await page.getByTestId('end-recount').click();
    await page.getByTestId('comparison-row').first().waitFor();
    const rows = await page.getByTestId('comparison-row').allInnerTexts();
    const [forward, backward] = rows.map((row) => row.split('\t').map((cell) => cell.trim()));
    // Line, machine, human, ratio, matched, missed, extra, hit rate.
    expect(forward?.slice(1, 3)).toEqual(['1', '1']);
    expect(backward?.slice(1, 3)).toEqual(['1', '0']);
    expect(backward?.[6]).toBe('1');
    // The analysis of before is on show again, in its own mode.
    await page.getByTestId('leave-recount').click();
    await expect.poll(() => textOf('line-Line 1-forward')).toBe(String(clip.forward));
    expect(await textOf('line-Line 1-backward')).toBe(String(clip.backward));
    const db = new Database(join(window.dataFolder, 'ivis.db'), { readonly: true });
    expect(db.prepare('SELECT count(*) FROM tally WHERE undone = 1').pluck().get()).toBe(1);
    expect(db.prepare('SELECT run_id FROM recount WHERE ended_wall_ms > 0').pluck().all()).toEqual([1]);
    db.close();
    expect(window.complaints).toEqual([]);
  });
});
