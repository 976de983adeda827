import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseSegmentName } from '#shared/domain/recording.ts';
import { IvisWindow } from '../drivers/ivis-window.ts';
import { cameraClip, cameraFilm } from '../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing } from '../drivers/rtsp-server.ts';
import { ffmpeg } from '../fixtures/ffmpeg.ts';
import { movingPhotograph } from '../fixtures/photograph.ts';

const missing = rtspMissing();
const folder = mkdtempSync(join(tmpdir(), 'ivis-recording-e2e-'));
const FPS = 25;
let moving: string;
let window: IvisWindow | null = null;
const servers: RtspServer[] = [];
beforeAll(async () => {
  if (missing === null) moving = (await cameraClip(join(folder, 'moving.h264'))).path;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  await window?.close();
  window = null;
  await Promise.all(servers.splice(0).map((server) => server.kill()));
});

async function serve(file: string, port = 0): Promise<RtspServer> {
  const server = await RtspServer.start({ mounts: [{ path: '/cam', file, fps: FPS }], port });
  servers.push(server);
  return server;
}

const stateOf = (w: IvisWindow) => w.page.getByTestId('live-state').getAttribute('data-state');
const statusOf = (w: IvisWindow) => w.page.getByTestId('recording-status').innerText();
const untilLive = (w: IvisWindow) => expect.poll(() => stateOf(w), { timeout: 40_000 }).toBe('LIVE');

async function withCamera(server: RtspServer): Promise<IvisWindow> {
  window = await IvisWindow.open();
  const { page } = window;
  await page.getByTestId('drop-target').waitFor();
  await page.keyboard.press('a');
  await page.getByTestId('address-field').fill(server.url('/cam'));
  await page.getByTestId('title-field').fill('North gate');
  await page.getByTestId('confirm-button').click();
  await untilLive(window);
  return window;
}

/** Files of recordings, oldest first. */
function segmentsOf(w: IvisWindow): string[] {
  const into = join(w.dataFolder, 'recordings');
  if (!existsSync(into)) return [];
  return readdirSync(into, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mkv'))
    .sort((a, b) => basename(a).localeCompare(basename(b)))
    .map((name) => join(into, name));
}
const closedOf = (w: IvisWindow): string[] => segmentsOf(w).filter((file) => !file.endsWith('.open.mkv'));

/** How many pictures of a film can be decoded. */
async function picturesIn(file: string): Promise<number> {
  const marks = join(folder, 'marks.txt');
  await ffmpeg(
    '-v',
    'error',
    '-i',
    `file:${file}`,
    '-an',
    '-vsync',
    '0',
    '-f',
    'framemd5',
    '-y',
    `file:${resolve(marks)}`,
  );
  return readFileSync(marks, 'utf8')
    .split('\n')
    .filter((line) => /^0,/.test(line)).length;
}

/** The message of the newest notice with these words. */
async function told(w: IvisWindow, title: string): Promise<string> {
  const toast = w.page.getByTestId('toast').filter({ hasText: title }).last();
  await toast.waitFor({ timeout: 60_000 });
  return toast.innerText();
}

/** Milliseconds of the day. */
const timeOf = (words: string | undefined): number => Date.parse(`1970-01-01T${words}Z`);
const timeOfDay = (wallMs: number): number => wallMs % 86_400_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(missing !== null)('a camera that is recorded', () => {
  it('is recorded over an outage; a clip across it tells its true times and the hole', async () => {
    const server = await serve(moving);
    const w = await withCamera(server);
    const { page } = w;
    await page.getByTestId('record-switch').check();
    await expect.poll(() => statusOf(w), { timeout: 20_000 }).toMatch(/^Recording · /);
    await pause(4000);

    const killedMs = Date.now();
    await server.kill();
    await expect.poll(() => stateOf(w), { timeout: 20_000 }).not.toBe('LIVE');
    expect(await statusOf(w)).toMatch(/^Records when pictures come/);
    // What was written is closed, named by its times, and whole.
    await expect.poll(() => closedOf(w).length, { timeout: 20_000 }).toBe(1);
    await pause(1500);
    const back = await serve(moving, server.port);
    const backMs = Date.now();
    await untilLive(w);
    await expect.poll(() => segmentsOf(w).length, { timeout: 20_000 }).toBe(2);
    await pause(4000);

    const out = join(folder, 'outage.mp4');
    await w.answerSave(out);
    await page.getByTestId('moment-before').fill('60');
    await page.getByTestId('moment-after').fill('1');
    await page.getByTestId('save-clip').click();
    const words = await told(w, 'Clip saved');
    const [, frames, from, to] = /(\d+) pictures from (\S+) to (\S+) UTC/.exec(words) ?? [];
    // The picture that was on its way when the camera died may be torn.
    const torn = Number(frames) - (await picturesIn(out));
    expect([0, 1]).toContain(torn);
    expect(Number(frames)).toBeGreaterThan(7 * FPS);
    const [, holeFrom, holeTo] = /Nothing was recorded from (\S+) to ([\d:.]+\d)/.exec(words) ?? [];
    // A server sends a burst at the start and ffmpeg looks at half a second first: within two seconds.
    expect(Math.abs(timeOf(holeFrom) - timeOfDay(killedMs))).toBeLessThan(2000);
    expect(timeOf(holeTo)).toBeGreaterThan(timeOfDay(backMs) - 2000);
    // Every second between first and last is in the film or in the hole.
    const heldMs = timeOf(to) - timeOf(from) - (timeOf(holeTo) - timeOf(holeFrom));
    expect(Math.abs(heldMs - (Number(frames) * 1000) / FPS)).toBeLessThan(1500);

    await page.getByTestId('record-switch').uncheck();
    await expect.poll(() => closedOf(w).length, { timeout: 20_000 }).toBe(2);
    for (const file of closedOf(w)) expect(await picturesIn(file)).toBeGreaterThan(2 * FPS);
    await back.kill();
    expect(w.complaints).toEqual([]);
  });

  it('loses its oldest recordings first to a limit in the settings file, and keeps what is protected', async () => {
    const server = await serve(moving);
    const w = await withCamera(server);
    const { page } = w;
    const record = async (count: number): Promise<void> => {
      await page.getByTestId('record-switch').check();
      await expect.poll(() => statusOf(w), { timeout: 20_000 }).toMatch(/^Recording · /);
      await pause(2500);
      if (count === 1) {
        await page.getByTestId('moment-before').fill('1');
        await page.getByTestId('moment-after').fill('0');
        await page.getByTestId('protect-why').fill('A lorry took the bollard');
        await page.getByTestId('protect-why').press('Enter');
        await page.getByTestId('protected-list').getByText('A lorry took the bollard').waitFor();
      }
      await page.getByTestId('record-switch').uncheck();
      await expect.poll(() => closedOf(w).length, { timeout: 20_000 }).toBe(count);
    };
    for (const count of [1, 2, 3, 4]) await record(count);
    const [protectedOne = '', second = '', third = '', fourth = ''] = closedOf(w);
    const bytes = [protectedOne, third, fourth].reduce((sum, file) => sum + statSync(file).size, 0);

    // Room for three of four: the oldest that is not protected goes.
    const settings = join(w.dataFolder, 'settings.yaml');
    const text = readFileSync(settings, 'utf8');
    const limited = (limit: number) => text.replace('keepGigabytes: null', `keepGigabytes: ${limit / 1e9}`);
    writeFileSync(settings, limited(bytes + 1000));
    await expect.poll(() => closedOf(w), { timeout: 20_000 }).toEqual([protectedOne, third, fourth]);
    expect(existsSync(second)).toBe(false);
    // Room for nothing: only what is protected stays.
    writeFileSync(settings, limited(1));
    await expect.poll(() => closedOf(w), { timeout: 20_000 }).toEqual([protectedOne]);
    await page.getByTestId('page-health').click();
    await expect.poll(() => page.getByTestId('recordings-words').innerText()).toContain('3 deleted');
    await page.getByTestId('page-watch').click();
    // Let go again, by keyboard, it goes too.
    await page.getByTestId('pre-roll').focus();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
    for (let n = 0; n < 10 && (await focused()) !== 'unprotect'; n++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => closedOf(w), { timeout: 20_000 }).toEqual([]);
    expect(w.complaints).toEqual([]);
  });

  it('is recorded into another folder from the moment it is chosen', async () => {
    const server = await serve(moving);
    const w = await withCamera(server);
    const { page } = w;
    await page.getByTestId('record-switch').check();
    await expect.poll(() => statusOf(w), { timeout: 20_000 }).toMatch(/^Recording · /);
    const other = mkdtempSync(join(folder, 'other-'));
    await w.answerDialogs([other]);
    await page.getByTestId('page-health').click();
    await page.getByTestId('component-recording').waitFor();
    await page.getByTestId('pick-recordings').click();
    await expect.poll(() => page.getByTestId('recordings-folder').innerText()).toBe(other);
    const films = () =>
      readdirSync(other, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.mkv'));
    await expect.poll(() => films().length, { timeout: 20_000 }).toBe(1);
    expect(readFileSync(join(w.dataFolder, 'settings.yaml'), 'utf8')).toContain(`folder: ${other}`);
    // Any disk is more than 1 % full: the card takes the limit, the list of parts warns of it.
    const part = page.getByTestId('component-recording');
    await page.getByTestId('warn-percent').fill('1');
    await page.getByTestId('warn-percent').press('Enter');
    await expect.poll(() => part.getAttribute('data-severity'), { timeout: 20_000 }).toBe('warn');
    expect(await part.innerText()).toMatch(
      /disk filling: \d+ % full, at 90 % the oldest recordings are deleted/,
    );
    await page.getByTestId('warn-percent').fill('80');
    await page.getByTestId('warn-percent').press('Enter');
    // A folder that cannot be written is said, in the list of parts and at the camera.
    const settings = join(w.dataFolder, 'settings.yaml');
    const text = readFileSync(settings, 'utf8').replace(`folder: ${other}`, 'folder: /dev/null/films');
    writeFileSync(settings, text);
    await expect.poll(() => part.getAttribute('data-severity'), { timeout: 20_000 }).toBe('critical');
    await page.getByTestId('page-watch').click();
    await expect
      .poll(() => statusOf(w), { timeout: 20_000 })
      .toMatch(/^Not recorded: the disk cannot be written/);
  });
});

describe.skipIf(missing !== null)('a camera that is not recorded', () => {
  it('gives a clip of what it showed before the moment of asking', async () => {
    const server = await serve(moving);
    const w = await withCamera(server);
    const { page } = w;
    expect(await statusOf(w)).toMatch(/last 10 s are held in memory/);
    await pause(7000);
    const out = join(folder, 'before.mp4');
    await w.answerSave(out);
    await page.getByTestId('moment-before').fill('5');
    await page.getByTestId('moment-after').fill('1');
    const askedMs = Date.now();
    await page.getByTestId('save-clip').click();
    const words = await told(w, 'Clip saved');
    const [, frames, from, to] = /(\d+) pictures from (\S+) to (\S+) UTC/.exec(words) ?? [];
    expect(Number(frames)).toBe(await picturesIn(out));
    // From the key frame before, each second one; to the end that was asked for.
    expect(timeOf(from)).toBeLessThan(timeOfDay(askedMs) - 4500);
    expect(timeOf(from)).toBeGreaterThan(timeOfDay(askedMs) - 7500);
    expect(Math.abs(timeOf(to) - timeOfDay(askedMs) - 1000)).toBeLessThan(1000);
    expect(segmentsOf(w)).toEqual([]);
    expect(w.complaints).toEqual([]);
  });
});

describe.skipIf(missing !== null)('a crossing of a camera that is recorded', () => {
  it('leads to its recorded moment', async () => {
    const clip = await movingPhotograph(join(folder, 'car.mp4'));
    const cars = await cameraFilm(join(folder, 'car.h264'), clip.path);
    const server = await serve(cars);
    const w = await withCamera(server);
    const { page } = w;
    await page.getByTestId('record-switch').check();
    await expect.poll(() => statusOf(w), { timeout: 20_000 }).toMatch(/^Recording · /);
    const counted = () =>
      page
        .getByTestId('line-Line 1-forward')
        .first()
        .innerText()
        .then(
          (words) => Number(words) || 0,
          () => 0,
        );
    // What crossed before recording began is not on disk; the last one then is.
    const before = await counted();
    await expect.poll(counted, { timeout: 60_000 }).toBeGreaterThan(before + 1);
    await page.getByTestId('open-Line 1-forward').click();
    const place = page.getByText(/^\d+ of \d+$/);
    await place.waitFor();
    // Cars go on crossing: one that comes after the key is the last one then. The list shows what is stored, which may be
    // a moment behind what is counted: the first in it may have crossed before recording began.
    const last = async (): Promise<number> => {
      await page.keyboard.press('End');
      const [at, of] = (await place.innerText()).split(' of ').map(Number);
      return at === of ? (at ?? 0) : 0;
    };
    await expect.poll(last).toBeGreaterThan(before + 1);
    const out = join(folder, 'crossing.mp4');
    await w.answerSave(out);
    await page.getByTestId('crossing-clip').click();
    const words = await told(w, 'Clip saved');
    const utc = /\d\d:\d\d:\d\d\.\d{3}/.exec(await page.locator('.facts-list').innerText())?.[0];
    const [, frames, from, to] = /(\d+) pictures from (\S+) to (\S+) UTC/.exec(words) ?? [];
    expect(Number(frames)).toBe(await picturesIn(out));
    expect(timeOf(from)).toBeLessThan(timeOf(utc));
    expect(timeOf(to)).toBeGreaterThan(timeOf(utc));
    await page.getByTestId('crossing-protect').click();
    await page.getByTestId('leave-evidence').click();
    await page.getByTestId('protected-list').getByText('car over Line 1').waitFor();
    const kept = parseSegmentName(basename(segmentsOf(w)[0] ?? ''));
    expect(kept).not.toBeNull();
    expect(w.complaints).toEqual([]);
  });
});
