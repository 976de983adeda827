import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../../src-worker/capture/ffmpeg/binary.ts';
import { Display, displayMissing } from '../../drivers/display.ts';
import { LiveWindow } from '../../drivers/live-window.ts';
import { cameraClip } from '../../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing } from '../../drivers/rtsp-server.ts';
import { appWithoutFfmpeg } from './own-app.ts';

/** The model is loaded first, on a machine that is shared. */
const STARTED_MS = 150_000;

const missing = rtspMissing() ?? displayMissing();
const folder = mkdtempSync(join(tmpdir(), 'ivis-no-ffmpeg-'));
let display: Display | null = null;
let server: RtspServer | null = null;
let live: LiveWindow | null = null;
beforeAll(async () => {
  if (missing === null) display = await Display.open();
});
afterAll(async () => {
  await live?.window.close().catch(() => {});
  await server?.kill();
  display?.close();
  rmSync(folder, { recursive: true, force: true });
});

const title = 'row 14: no ffmpeg came with ivis';
describe.skipIf(missing !== null)(missing === null ? title : `${title} (skipped: ${missing})`, () => {
  it('is the named cause, nothing else falls, and one that is named in the settings does as well', {
    timeout: 400_000,
  }, async () => {
    const app = join(folder, 'app');
    const empty = join(folder, 'empty');
    mkdirSync(empty, { recursive: true });
    const clip = await cameraClip(join(folder, 'camera.h264'));
    server = await RtspServer.start({ mounts: [{ path: '/cam', file: clip.path, fps: 10 }] });
    // Nor is there one on PATH.
    const place = { appFolder: appWithoutFfmpeg(app), env: { PATH: empty } };
    live = await LiveWindow.open([{ sourceId: 'cam', url: server.url('/cam') }], place);
    const data = live.window.dataFolder;
    await live.untilState('cam', 'FAULTED', STARTED_MS);
    const { live: view, fault } = await live.source('cam');
    expect(view?.status.cause?.kind).toBe('ffmpeg-missing');
    expect(fault?.kind).toBe('ffmpeg-missing');
    expect(view?.gaps.map(({ cause }) => cause)).toEqual(['connecting', 'faulted']);
    const processes = (await live.state())?.processes ?? [];
    expect(processes.map(({ name }) => name)).toEqual(expect.arrayContaining(['store', 'detection']));
    // Its process lives and looks again each minute.
    expect(await live.capturePid('cam')).not.toBeNull();
    await live.window.quit();

    const settings = join(data, 'settings.yaml');
    const text = readFileSync(settings, 'utf8');
    const named = text.replace(/ffmpegPath: null/, `ffmpegPath: ${JSON.stringify(findFfmpeg())}`);
    expect(named).not.toBe(text);
    writeFileSync(settings, named);
    live = await LiveWindow.again(data, place);
    await live.untilState('cam', 'LIVE', STARTED_MS);
    await live.window.quit();
    rmSync(data, { recursive: true, force: true });
    live = null;
  });
});
