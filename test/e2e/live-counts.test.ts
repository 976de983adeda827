import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LiveWindow } from '../drivers/live-window.ts';
import { cameraFilm } from '../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing } from '../drivers/rtsp-server.ts';
import { readCrossings, readDatabase } from '../drivers/run-database.ts';
import { movingPhotograph, type PhotographClip } from '../fixtures/photograph.ts';

const missing = rtspMissing();
const folder = mkdtempSync(join(tmpdir(), 'ivis-live-counts-'));
let clip: PhotographClip;
let server: RtspServer;
let live: LiveWindow;

const lives = (pid: number): boolean => existsSync(`/proc/${pid}`);
const database = (): string => join(live.window.dataFolder, 'ivis.db');
const forwardIn = (run: number): number =>
  readCrossings(database(), run).filter(({ direction }) => direction === 'forward').length;
const textOf = (id: string): Promise<string> => live.window.page.getByTestId(id).first().innerText();
const numberOf = async (id: string): Promise<number> => Number(await textOf(id).catch(() => '0'));

beforeAll(async () => {
  if (missing !== null) return;
  clip = await movingPhotograph(join(folder, 'car.mp4'));
  const stream = await cameraFilm(join(folder, 'car.h264'), clip.path);
  server = await RtspServer.start({ mounts: [{ path: '/cam', file: stream, fps: 25 }] });
});
afterAll(async () => {
  await server?.kill();
  rmSync(folder, { recursive: true, force: true });
});
// The car crosses to and fro every three seconds, for ever.
beforeEach(async () => {
  const line = { name: 'Line 1', points: [...clip.line.points] };
  live = await LiveWindow.open([
    {
      sourceId: 'cam',
      url: server.url('/cam'),
      settings: { lines: [line], classes: ['car'], evidence: 'crop' },
    },
  ]);
});
afterEach(() => live.window.close());

describe.skipIf(missing !== null)('the counts of a live source', () => {
  it('open the crossings of all its runs, with the numbers of the card, and take corrections to each', async () => {
    const { page } = live.window;
    // Of each run one that is stored: what was counted and is not yet stored is lost with the process.
    await expect.poll(() => forwardIn(1), { timeout: 30_000 }).toBeGreaterThan(0);
    const chip = page.locator('.process[data-process=detection][data-state=running]').first();
    process.kill(Number((await chip.innerText()).match(/pid (\d+)/)?.[1]), 'SIGKILL');
    await expect.poll(() => readDatabase(database()).runs.length, { timeout: 30_000 }).toBe(2);
    await expect.poll(() => forwardIn(2), { timeout: 30_000 }).toBeGreaterThan(0);
    await page.getByTestId('stop-button').click();
    await live.untilState('cam', 'STOPPED', 20_000);
    const total = forwardIn(1) + forwardIn(2);
    await expect.poll(() => numberOf('line-Line 1-forward')).toBe(total);

    await page.getByTestId('open-Line 1-forward').click();
    await page.getByText('Both', { exact: true }).click();
    const all = readDatabase(database()).runs.reduce((sum, run) => sum + run.crossings, 0);
    await expect.poll(() => textOf('crossing-place')).toBe(`1 of ${all}`);
    // The first one is of the run that died, the last one of the run after it.
    await page.getByText('Forward', { exact: true }).click();
    await expect.poll(() => textOf('machine-total')).toBe(String(total));
    await page.keyboard.press('w');
    await page.getByTestId('reason-no-object').click();
    await page.getByTestId('said-wrong').waitFor();
    expect(await textOf('corrected-total')).toBe(String(total - 1));

    // The same two numbers on the card, and in the minutes in which it was.
    await page.keyboard.press('Escape');
    await expect.poll(() => textOf('corrected-Line 1-forward')).toBe(`${total - 1} corrected`);
    expect(await textOf('line-Line 1-forward')).toBe(String(total));
    const hour = page.getByTestId('intervals').locator('tbody tr').first().locator('td').last();
    expect((await hour.innerText()).replaceAll(/\s+/g, ' ')).toBe(`${total} corrected ${total - 1}`);

    // And in the files: each run with all it has, and the sum over both.
    await live.window.answerDialogs([folder]);
    await page.getByTestId('export-button').click();
    await page.getByTestId('toast').first().waitFor();
    const rowsOf = (name: string): string[] =>
      readFileSync(join(folder, 'cam-run-1-2', name), 'utf8')
        .trim()
        .split('\r\n')
        .slice(1);
    const crossed = [rowsOf('run-1/crossings.csv'), rowsOf('run-2/crossings.csv')].flat();
    expect(crossed).toHaveLength(all);
    expect(rowsOf('run-1/corrections.csv')).toHaveLength(1);
    expect(rowsOf('counts.csv')[0]).toBe(`Line 1,forward,car,${total},1,0,${total - 1}`);
    const summary: unknown = JSON.parse(readFileSync(join(folder, 'cam-run-1-2', 'summary.json'), 'utf8'));
    expect(summary).toMatchObject({
      runs: [1, 2],
      lines: { 'Line 1': { forward: { machine: total, corrected: total - 1 } } },
    });
    const sums = rowsOf('count-intervals.csv').filter((row) => row.includes(',forward,'));
    const added = (column: number): number =>
      sums.reduce((sum, row) => sum + Number(row.split(',')[column]), 0);
    expect([added(5), added(6)]).toEqual([total, total - 1]);
    expect(live.window.complaints).toEqual([]);
  });

  it('go on where they were when ivis is closed or killed and opened again, with the hole between', async () => {
    const { dataFolder } = live.window;
    await expect.poll(() => numberOf('line-Line 1-forward'), { timeout: 30_000 }).toBeGreaterThan(0);
    const first = (await live.source('cam')).live?.startedWallMs;
    for (const end of ['closed', 'killed'] as const) {
      const before = await numberOf('line-Line 1-forward');
      if (end === 'closed') await live.window.quit();
      else process.kill(live.mainPid, 'SIGKILL');
      await expect.poll(() => lives(live.mainPid), { timeout: 20_000 }).toBe(false);
      live = await LiveWindow.again(dataFolder);
      await expect.poll(() => numberOf('line-Line 1-forward'), { timeout: 30_000 }).toBeGreaterThan(before);
      const { live: view } = await live.source('cam');
      expect(view?.startedWallMs).toBe(first);
      expect(view?.gaps.map(({ cause }) => cause)).toContain('ivis-restart');
      // All of it was within the last hour.
      const sum = await live.source('cam');
      const { forward } = sum.live?.intervals.at(-1)?.lines['Line 1'] ?? { forward: 0 };
      expect(forward).toBeGreaterThanOrEqual(before);
    }
    await live.window.page.getByTestId('stop-button').click();
    await live.untilState('cam', 'STOPPED', 20_000);
    const { runs } = readDatabase(database());
    expect(runs.length).toBeGreaterThanOrEqual(3);
    const all = runs.flatMap((_run, n) => readCrossings(database(), n + 1));
    const forward = all.filter(({ direction }) => direction === 'forward').length;
    await expect.poll(() => numberOf('line-Line 1-forward')).toBe(forward);
    expect((await live.source('cam')).live?.runIds).toEqual(runs.map((_run, n) => n + 1));
    // Begun by its operator: from zero.
    await live.window.page.getByTestId('start-button').click();
    await live.untilState('cam', 'LIVE', 20_000);
    expect((await live.source('cam')).live?.runIds).toHaveLength(1);
    expect(live.window.complaints).toEqual([]);
  });

  it('are held against a count by hand while the picture goes on', async () => {
    const { page } = live.window;
    await expect.poll(() => numberOf('line-Line 1-forward'), { timeout: 30_000 }).toBeGreaterThan(0);
    await page.getByTestId('recount-button').click();
    await page.getByTestId('begin-recount').click();
    await expect.poll(() => textOf('recount-progress'), { timeout: 10_000 }).toMatch(/^\d+:\d\d/);
    expect(await page.getByTestId('line-Line 1-forward').count()).toBe(0);
    // A person who sees every car that goes to the right, and none that comes back.
    let counted = readCrossings(database(), 1).length;
    for (let pressed = 0; pressed < 2; ) {
      const seen = await live.until('another crossing', async () => {
        const found = readCrossings(database(), 1);
        return found.length > counted ? found.slice(counted) : null;
      });
      counted += seen.length;
      if (!seen.some(({ direction }) => direction === 'forward')) continue;
      await page.keyboard.press('q');
      pressed += 1;
    }
    await expect.poll(() => textOf('tally-Line 1-forward-car')).toBe('2');
    await page.getByTestId('end-recount').click();
    await page.getByTestId('comparison-row').first().waitFor();
    // The hand is as slow as this machine: it follows what is stored, not what is seen.
    await page.getByText('±4 s').click();
    const rows = await page.getByTestId('comparison-row').allInnerTexts();
    const [forward, backward] = rows.map((row) => row.split('\t').map((cell) => cell.trim()));
    // Line, machine, human, ratio, matched, missed, extra, hit rate with its interval.
    expect(forward?.slice(1)).toEqual(['2', '2', '1.00', '2', '0', '0', '100 % (34 % to 100 %)']);
    expect(backward?.slice(2, 7)).toEqual(['0', '–', '0', '0', backward?.[1]]);
    expect(await page.getByTestId('extra-list').locator('li').count()).toBe(Number(backward?.[1]));
    // The source was never stopped for it.
    await page.getByTestId('leave-recount').click();
    expect((await live.source('cam')).state).toBe('LIVE');
    expect(readDatabase(database()).runs).toHaveLength(1);
    expect(live.window.complaints).toEqual([]);
  });
});
