import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findFfmpeg } from '../../../src-worker/capture/ffmpeg/binary.ts';
import { cameraWindowFault } from './camera-window.ts';
import { appWithoutFfmpeg } from './own-app.ts';

/** The model is loaded first, on a machine that is shared. */
const STARTED_MS = 150_000;

cameraWindowFault('row 14: no ffmpeg came with ivis', (stage) => {
  it('is the named cause, nothing else falls, and one that is named in the settings does as well', {
    timeout: 400_000,
  }, async () => {
    const app = stage.at('app');
    const empty = stage.at('empty');
    mkdirSync(empty, { recursive: true });
    const server = await stage.camera(await stage.clip('camera.h264'));
    // Nor is there one on PATH.
    const place = { appFolder: appWithoutFfmpeg(app), env: { PATH: empty } };
    let live = await stage.open([{ sourceId: 'cam', url: server.url('/cam') }], place);
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
    live = await stage.again(data, place);
    await live.untilState('cam', 'LIVE', STARTED_MS);
    await live.window.quit();
  });
});
