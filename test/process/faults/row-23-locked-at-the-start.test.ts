import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { openStore } from '../../../src-worker/store/database.ts';
import { keptLog } from '../../drivers/log-lines.ts';
import { cameraWindowFault } from './camera-window.ts';

let other: Database | null = null;

/** A database as ivis leaves it, which another program is writing to. */
function lock(data: string): void {
  const path = join(data, 'ivis.db');
  openStore(path, Date.now()).db.close();
  other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
}

cameraWindowFault('row 23: another tool has locked the database before ivis starts', (stage) => {
  afterEach(() => other?.close());

  it('a camera is live as soon as it lets go, without ivis being started again', {
    timeout: 300_000,
  }, async () => {
    const server = await stage.camera(await stage.clip('camera.h264'));
    const live = await stage.open([{ sourceId: 'camera', url: server.url('/cam') }], {}, lock);
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
