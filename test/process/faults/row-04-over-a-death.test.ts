import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Display, displayMissing } from '../../drivers/display.ts';
import { LiveWindow } from '../../drivers/live-window.ts';

/** Longer than a process that died is away: 1 s for the first, 2 s for the second death, and the start of each. */
const WATCHED_MS = 12_000;

/** The model is loaded first, on a machine that is shared. */
const STARTED_MS = 150_000;

const missing = displayMissing();
let display: Display | null = null;
let live: LiveWindow | null = null;
/** Requests of a camera that lets nobody in, by their method. */
const asked: string[] = [];
let camera: Server;
beforeAll(async () => {
  if (missing !== null) return;
  display = await Display.open();
  camera = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      asked.push(text.split(' ')[0] ?? '');
      const number = /CSeq: *(\d+)/i.exec(text)?.[1] ?? '0';
      const refused = 'WWW-Authenticate: Basic realm="camera"';
      socket.write(`RTSP/1.0 401 Unauthorized\r\nCSeq: ${number}\r\n${refused}\r\n\r\n`);
    });
  });
  await new Promise<void>((resolve) => camera.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await live?.window.close().catch(() => {});
  display?.close();
  camera?.close();
});

const title = 'row 4: a camera that refuses its login, over the death of a process';
describe.skipIf(missing !== null)(missing === null ? title : `${title} (skipped: ${missing})`, () => {
  it('is not asked again before its minute is over', { timeout: 240_000 }, async () => {
    const address = camera.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    live = await LiveWindow.open([{ sourceId: 'cam', url: `rtsp://127.0.0.1:${port}/cam` }]);
    const w = live;
    await w.untilState('cam', 'AUTH_FAILED', STARTED_MS);
    const before = asked.length;
    expect(before).toBeGreaterThan(0);
    const pid = (await w.capturePid('cam')) ?? 0;
    const diedMs = Date.now();
    process.kill(pid, 'SIGKILL');
    await w.until('another process', async () => {
      const now = await w.capturePid('cam');
      return now === null || now === pid ? null : now;
    });
    await w.untilState('cam', 'AUTH_FAILED');
    await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
    if (Date.now() - diedMs < 50_000) expect(asked).toHaveLength(before);
    const { live: view } = await w.source('cam');
    expect(view?.status.cause?.kind).toBe('camera-auth');
    expect(view?.status.nextTryWallMs ?? 0).toBeGreaterThan(Date.now());
    expect(view?.gaps.at(-1)).toMatchObject({ cause: 'auth-failed', toWallMs: null });
    await w.window.quit();
    rmSync(w.window.dataFolder, { recursive: true, force: true });
    live = null;
  });
});
