import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { defaultRecording, INDEX_NAME, segmentSchema } from '#shared/domain/recording.ts';
import { runSettingsSchema } from '#shared/domain/run.ts';
import type { ViewGap } from '#shared/domain/source.ts';
import { brokenInDatabase } from '../../drivers/invariants.ts';
import { ringsOf } from '../../drivers/ivis-command.ts';
import type { LiveWindow } from '../../drivers/live-window.ts';
import { descriptorsOf, familyOf, programOf } from '../../drivers/process-tree.ts';
import type { RtspServer } from '../../drivers/rtsp-server.ts';
import { readDatabase, readGaps } from '../../drivers/run-database.ts';
import {
  CAMERA_FPS,
  type CameraWindowStage,
  cameraWindowFault,
  FEW_A_SECOND,
  processedOf,
} from './camera-window.ts';

const CAMERA = 'gate';
/** Between two pictures of the camera. */
const PICTURE_MS = 1000 / CAMERA_FPS;

async function detectionPid(w: LiveWindow): Promise<number> {
  const found = (await w.state())?.processes.find(
    ({ name, state }) => name === 'detection' && state === 'running',
  );
  if (found?.pid == null) throw new Error('detection does not run');
  return found.pid;
}

const ffmpegPids = (pid: number | null): number[] =>
  familyOf(pid ?? 0).flatMap((each) => (programOf(each.pid) === 'ffmpeg' ? [each.pid] : []));

/** A camera that is looked at and recorded. */
async function watching(stage: CameraWindowStage, server: RtspServer): Promise<LiveWindow> {
  const sources = { [CAMERA]: { ...defaultRecording, record: true, segmentS: 5 } };
  const camera = { sourceId: CAMERA, url: server.url('/cam'), rate: FEW_A_SECOND };
  const live = await stage.open([camera], {}, (data) =>
    writeFileSync(join(data, 'recording.json'), JSON.stringify({ sources, ranges: [] })),
  );
  await live.untilState(CAMERA, 'LIVE');
  await live.until('frames', async (w) => ((await processedOf(w, CAMERA)) > 3 ? true : null));
  return live;
}

/** Kills detection and waits until its end was told; when it was killed, wall clock. */
async function killDetection(w: LiveWindow): Promise<number> {
  const pid = await detectionPid(w);
  const atWallMs = Date.now();
  process.kill(pid, 'SIGKILL');
  await w.until('the end of detection', async () =>
    (await w.state())?.processes.some((each) => each.pid === pid) === true ? null : true,
  );
  return atWallMs;
}

async function lookedAtAgain(w: LiveWindow): Promise<void> {
  await w.until('detection', async () => detectionPid(w).catch(() => null));
  const before = await processedOf(w, CAMERA);
  await w.until('more frames', async () => ((await processedOf(w, CAMERA)) > before ? true : null));
}

/** Its recorded segments, oldest first. */
function segmentsIn(dataFolder: string) {
  const names = readdirSync(join(dataFolder, 'recordings'), { recursive: true, encoding: 'utf8' });
  const lines = names
    .filter((name) => name.endsWith(INDEX_NAME))
    .flatMap((name) =>
      readFileSync(join(dataFolder, 'recordings', name), 'utf8')
        .trim()
        .split('\n'),
    );
  return lines
    .map((line) => segmentSchema.parse(JSON.parse(line)))
    .sort((a, b) => a.fromWallMs - b.fromWallMs);
}

/** The points of the line that each run counted over, by the order of their begin. */
function runLines(path: string) {
  const db = new Database(path, { readonly: true });
  try {
    const rows = db.prepare('SELECT settings_json FROM run ORDER BY run_id').pluck().all();
    return rows.map((row) => runSettingsSchema.parse(JSON.parse(String(row))).lines[0]?.points);
  } finally {
    db.close();
  }
}

/** Milliseconds of the time from one moment to another that no gap covers. */
function uncovered(gaps: readonly ViewGap[], fromWallMs: number, toWallMs: number): number {
  let at = fromWallMs;
  let open = 0;
  for (const gap of [...gaps].sort((a, b) => a.fromWallMs - b.fromWallMs)) {
    open += Math.max(0, Math.min(gap.fromWallMs, toWallMs) - at);
    at = Math.max(at, gap.toWallMs ?? toWallMs);
  }
  return open + Math.max(0, toWallMs - at);
}

cameraWindowFault('row 16: detection dies under a camera', (stage) => {
  const camera = async (port = 0): Promise<RtspServer> =>
    stage.camera(await stage.clip('camera.h264'), { port });

  it('the camera stays connected, the time without detection is a gap, and what is shown is what is stored', async () => {
    const w = await watching(stage, await camera());
    const capture = await w.capturePid(CAMERA);
    const ffmpegs = ffmpegPids(capture);
    expect(ffmpegs).toHaveLength(1);
    const held = (): number => descriptorsOf(capture ?? 0) + descriptorsOf(w.mainPid);
    const before = held();
    const rings = ringsOf(w.mainPid);
    const struckWallMs: number[] = [];
    // The second time its reader of before is a dead one in the ring.
    for (let n = 0; n < 2; n++) {
      struckWallMs.push(await killDetection(w));
      await w.until('the word for it', async () => {
        const { fault, state } = await w.source(CAMERA);
        expect(state).toBe('LIVE');
        return fault?.kind === 'detection-away' ? true : null;
      });
      await w.window.page.getByText('Counting paused').first().waitFor();
      await lookedAtAgain(w);
      const { fault, live: told } = await w.source(CAMERA);
      expect(fault).toBeNull();
      expect(told?.runs).toBe(n + 2);
    }
    const { states } = await w.story(CAMERA);
    expect(states.filter(({ state }) => state === 'LIVE')).toHaveLength(1);
    expect(states.at(-1)?.state).toBe('LIVE');
    expect(await w.capturePid(CAMERA)).toBe(capture);
    expect(ffmpegPids(capture)).toEqual(ffmpegs);
    // Nothing of the detection processes before is held on to (I7).
    await w.until('descriptors as before', async () => (held() <= before + 1 ? true : null), 20_000);
    expect(ringsOf(w.mainPid)).toEqual(rings);
    const { live: told } = await w.source(CAMERA);
    const holes = told?.gaps.filter(({ cause }) => cause === 'detection-restart') ?? [];
    expect(holes).toHaveLength(2);
    holes.forEach((hole, n) => {
      // What detection held when it died is lost with it.
      expect(hole.fromWallMs).toBeLessThanOrEqual(struckWallMs[n] ?? 0);
      expect(hole.fromWallMs).toBeGreaterThan((struckWallMs[n] ?? 0) - 6000);
      expect(hole.toWallMs).toBeGreaterThan(struckWallMs[n] ?? 0);
    });
    await w.window.page.getByTestId('stop-button').click();
    await w.untilState(CAMERA, 'STOPPED');
    const shown = await processedOf(w, CAMERA);
    await w.window.quit();
    const database = join(w.window.dataFolder, 'ivis.db');
    expect(brokenInDatabase(database)).toEqual([]);
    const { runs } = readDatabase(database);
    expect(runs.map(({ status }) => status)).toEqual(['failed', 'failed', 'stopped']);
    expect(shown).toBeGreaterThan(0);
    const stored = readGaps(database, CAMERA).filter(({ cause }) => cause === 'detection-restart');
    expect(stored).toHaveLength(2);
    // Recorded through it all: each segment begins where the one before ends, and no picture is missing in any.
    const segments = segmentsIn(w.window.dataFolder);
    segments.forEach(({ fromWallMs, toWallMs, packets }, n) => {
      const before = segments[n - 1];
      if (before !== undefined) expect(Math.abs(fromWallMs - before.toWallMs)).toBeLessThan(2 * PICTURE_MS);
      expect(packets).toBeGreaterThan((0.95 * (toWallMs - fromWallMs)) / PICTURE_MS);
    });
    expect(segments[0]?.fromWallMs).toBeLessThan(struckWallMs[0] ?? 0);
    expect(segments.at(-1)?.toWallMs).toBeGreaterThan(struckWallMs[1] ?? 0);
  });

  it('a camera that is lost meanwhile is a hole of its own, and nothing lies between', async () => {
    const server = await camera();
    const w = await watching(stage, server);
    const struckWallMs = await killDetection(w);
    await server.kill();
    await w.until('the loss', async () => ((await w.source(CAMERA)).state === 'LIVE' ? null : true));
    await w.until('another run', async () => ((await w.source(CAMERA)).live?.runs === 2 ? true : null));
    await camera(server.port);
    await w.untilState(CAMERA, 'LIVE');
    const liveWallMs = Date.now();
    await lookedAtAgain(w);
    const told = (await w.source(CAMERA)).live;
    expect(told?.gaps.map(({ cause }) => cause)).toEqual(
      expect.arrayContaining(['detection-restart', 'lost']),
    );
    // The state is told a moment after the picture that made it.
    expect(uncovered(told?.gaps ?? [], struckWallMs, liveWallMs - 1000)).toBe(0);
    await w.window.quit();
    expect(brokenInDatabase(join(w.window.dataFolder, 'ivis.db'))).toEqual([]);
  });

  it('what is changed meanwhile holds from the next run on, on the same connection', async () => {
    const w = await watching(stage, await camera());
    const capture = await w.capturePid(CAMERA);
    const pointsOf = async () => (await w.source(CAMERA)).settings.lines[0]?.points ?? [];
    const before = await pointsOf();
    await killDetection(w);
    await w.window.page.getByRole('button', { name: 'Turn line Line 1 round' }).click();
    await lookedAtAgain(w);
    expect(await pointsOf()).toEqual(before.toReversed());
    expect(await w.capturePid(CAMERA)).toBe(capture);
    await w.window.quit();
    const path = join(w.window.dataFolder, 'ivis.db');
    expect(brokenInDatabase(path)).toEqual([]);
    const linesOf = runLines(path);
    expect(linesOf.at(0)).toEqual(before);
    expect(linesOf.at(-1)).toEqual(before.toReversed());
    // One run for the death, and at most one more when the change came after its begin.
    expect(linesOf.length).toBeLessThanOrEqual(3);
  });

  it('its capture process dies as well before it is back: that is told, and both are begun again', async () => {
    const w = await watching(stage, await camera());
    const capture = await w.capturePid(CAMERA);
    await killDetection(w);
    process.kill(capture ?? 0, 'SIGKILL');
    await w.until('the loss', async () => ((await w.source(CAMERA)).state === 'LIVE' ? null : true));
    await w.until('another capture process', async () => {
      const now = await w.capturePid(CAMERA);
      return now !== null && now !== capture ? true : null;
    });
    await w.untilState(CAMERA, 'LIVE');
    await lookedAtAgain(w);
    expect((await w.source(CAMERA)).fault).toBeNull();
    await w.window.quit();
    expect(brokenInDatabase(join(w.window.dataFolder, 'ivis.db'))).toEqual([]);
  });
});
