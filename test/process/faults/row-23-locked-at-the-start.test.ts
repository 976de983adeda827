import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../src-worker/store/database.ts';
import { Display, displayMissing } from '../../drivers/display.ts';
import { LiveWindow } from '../../drivers/live-window.ts';
import { keptLog } from '../../drivers/log-lines.ts';
import { cameraClip } from '../../drivers/rtsp-clips.ts';
import { RtspServer, rtspMissing } from '../../drivers/rtsp-server.ts';

const missing = rtspMissing() ?? displayMissing();
const folder = mkdtempSync(join(tmpdir(), 'ivis-locked-'));
let display: Display | null = null;
let server: RtspServer | null = null;
let live: LiveWindow | null = null;
let other: Database | null = null;
beforeAll(async () => {
  if (missing === null) display = await Display.open();
});
afterEach(async () => {
  other?.close();
  await live?.window.close();
  await server?.kill();
});
afterAll(() => {
  display?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A database as ivis leaves it, which another program is writing to. */
function lock(data: string): void {
  const path = join(data, 'ivis.db');
  openStore(path, Date.now()).db.close();
  other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
}

const title = 'row 23: another tool has locked the database before ivis starts';
describe.skipIf(missing !== null)(missing === null ? title : `${title} (skipped: ${missing})`, () => {
  it('a camera is live as soon as it lets go, without ivis being started again', {
    timeout: 300_000,
  }, async () => {
    const clip = await cameraClip(join(folder, 'camera.h264'));
    server = await RtspServer.start({ mounts: [{ path: '/camera', file: clip.path, fps: 10 }] });
    live = await LiveWindow.open([{ sourceId: 'camera', url: server.url('/camera') }], {}, lock);
    await live.until(
      'the database to be told of',
      async (w) => ((await w.state())?.store.fault?.kind === 'store-failed' ? true : null),
      120_000,
    );
    await live.untilState('camera', 'FAULTED', 120_000);
    other?.exec('ROLLBACK');
    await live.untilState('camera', 'LIVE', 120_000);
    expect((await live.state())?.store.fault).toBeNull();
    // Asked again, not begun again.
    const lives = keptLog(live.window.dataFolder).filter(
      (line) => line.process === 'store' && line.message === 'is running',
    );
    expect(lives).toHaveLength(1);
  });
});
