import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { Acknowledged, brokenInDatabase } from '../../drivers/invariants.ts';
import type { LiveWindow } from '../../drivers/live-window.ts';
import { readGaps } from '../../drivers/run-database.ts';
import { type CameraWindowStage, cameraWindowFault, looksFurther } from './camera-window.ts';
import { fill } from './full-disk.ts';
import { canMount, mount, unmount } from './window-rig.ts';

const CAMERA = 'yard';
/** So many rows from each picture, 300 that the model takes for nothing, that memory for them is soon full. */
const EVERYTHING = { keepRawDetections: true, confidence: 0 };
const FULL_MS = 400_000;
const UP_MS = 180_000;

async function watching(
  stage: CameraWindowStage,
  settings: Record<string, unknown> = {},
): Promise<LiveWindow> {
  const server = await stage.camera(await stage.clip('camera.h264'));
  const rate = { targetFps: 8, floorFps: 1, priority: 1 };
  const live = await stage.open([{ sourceId: CAMERA, url: server.url('/cam'), rate, settings }]);
  await live.untilState(CAMERA, 'LIVE', UP_MS);
  await further(live, 5);
  return live;
}

const further = (w: LiveWindow, more: number): Promise<void> => looksFurther(w, CAMERA, more, UP_MS);

const fault = async (w: LiveWindow): Promise<true | null> =>
  (await w.state())?.store.fault === null ? null : true;
const mended = async (w: LiveWindow): Promise<true | null> =>
  (await w.state())?.store.fault === null ? true : null;

/** Goes on, and has every row and no gap at its end. */
async function staysTrue(w: LiveWindow, database: string): Promise<void> {
  await further(w, 5);
  const acknowledged = new Acknowledged();
  const state = await w.state();
  if (state !== null) acknowledged.note(state);
  await w.window.quit();
  expect(acknowledged.runs).toBe(1);
  expect(acknowledged.lostFrom(database)).toEqual([]);
  expect(brokenInDatabase(database)).toEqual([]);
  expect(readGaps(database, CAMERA).map(({ cause }) => cause)).toEqual(['connecting']);
}

cameraWindowFault('row 23: another tool locks the database under a camera', (stage) => {
  it('is looked at on while its rows fit into memory, and none of them is lost', {
    timeout: 600_000,
  }, async () => {
    const w = await watching(stage);
    const database = join(w.window.dataFolder, 'ivis.db');
    const other = new Database(database);
    other.exec('BEGIN IMMEDIATE');
    await w.until('the fault to be told', fault);
    await further(w, 5);
    expect(await w.source(CAMERA)).toMatchObject({ state: 'LIVE', fault: null });
    other.exec('ROLLBACK');
    other.close();
    await w.until('the fault to be over', mended);
    await staysTrue(w, database);
  });

  it('has a gap of that name when no more fit, and is counted again afterwards', {
    timeout: FULL_MS + 400_000,
  }, async () => {
    const w = await watching(stage, EVERYTHING);
    const database = join(w.window.dataFolder, 'ivis.db');
    const other = new Database(database);
    other.exec('BEGIN IMMEDIATE');
    const gapOf = async () => (await w.source(CAMERA)).live?.gaps.at(-1) ?? null;
    await w.until('the gap', async () => ((await gapOf())?.cause === 'store-away' ? true : null), FULL_MS);
    expect(await w.source(CAMERA)).toMatchObject({ state: 'LIVE', fault: { kind: 'store-away' } });
    await w.until('frames that are not looked at', async () =>
      ((await w.source(CAMERA)).progress?.ledger.dropped['store-away'] ?? 0) > 3 ? true : null,
    );
    other.exec('ROLLBACK');
    other.close();
    await w.until(
      'the end of the gap',
      async () => ((await gapOf())?.toWallMs == null ? null : true),
      120_000,
    );
    await further(w, 3);
    expect((await w.source(CAMERA)).fault).toBeNull();
    await w.window.quit();
    expect(brokenInDatabase(database)).toEqual([]);
    const away = readGaps(database, CAMERA).filter(({ cause }) => cause === 'store-away');
    expect(away).toHaveLength(1);
    expect((away[0]?.toWallMs ?? 0) - (away[0]?.fromWallMs ?? 0)).toBeGreaterThan(0);
  });
});

cameraWindowFault('row 21: the disk of the database is full under a camera', (stage) => {
  it.skipIf(!canMount())(
    'is told, and no row is lost when there is room again',
    { timeout: 600_000 },
    async () => {
      const disk = stage.at('disk');
      mkdirSync(disk);
      mount(disk, 'size=64m');
      const { TMPDIR } = process.env;
      try {
        process.env.TMPDIR = disk;
        const w = await watching(stage);
        const database = join(w.window.dataFolder, 'ivis.db');
        expect(database.startsWith(disk)).toBe(true);
        const filler = fill(disk);
        await w.until('the fault to be told', fault);
        await further(w, 5);
        rmSync(filler);
        await w.until('the fault to be over', mended);
        await staysTrue(w, database);
      } finally {
        if (TMPDIR === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = TMPDIR;
        unmount(disk);
      }
    },
  );
});
