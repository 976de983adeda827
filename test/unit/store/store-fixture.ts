import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowBatch } from '#shared/contracts/detection-store.contract.ts';
import type { Gap } from '#shared/domain/gap.ts';
import type { Crossing } from '#shared/domain/line.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { TooRare } from '#shared/domain/too-rare.ts';
import type { TrackBox, TrackSummary } from '#shared/domain/track.ts';
import type { Visit } from '#shared/domain/zone.ts';
import { type OpenStore, openStore } from '../../../src-worker/store/database.ts';
import { RowWriter } from '../../../src-worker/store/row-writer.ts';
import { RunBook, RunReader } from '../../../src-worker/store/run-book.ts';

export const WALL_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A folder of its own; give it back with `remove`. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'ivis-store-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export const settings: RunSettings = {
  mode: 'analyse',
  lines: [
    {
      name: 'main',
      points: [
        { x: 320, y: 40 },
        { x: 320, y: 440 },
      ],
    },
  ],
  zones: [],
  classes: [],
  confidence: null,
  every: null,
  fps: null,
  keepRawDetections: false,
};

export const media: MediaInfo = {
  path: '/videos/street.mp4',
  container: 'mp4',
  codec: 'h264',
  width: 640,
  height: 480,
  rotation: 0,
  fps: 10,
  durationMs: 2000,
  expectedFrames: 20,
  startWallMs: WALL_MS,
  startBasis: 'container',
};

/** An open database with its writers, as the store process has it. */
export interface OpenFixture {
  readonly store: OpenStore;
  readonly runs: RunBook;
  readonly rows: RowWriter;
  readonly reader: RunReader;
  beginRun(path?: string): number;
  /** A run of a camera; its medium has no times of its own. */
  beginLive(startedWallMs?: number, url?: string): number;
}

const liveSettings: RunSettings = { ...settings, mode: 'live' };

/** `wallMs`: the clock of the store. */
export function openFixture(path: string, wallMs: () => number = () => WALL_MS): OpenFixture {
  const store = openStore(path, WALL_MS);
  const runs = new RunBook(store.db);
  return {
    store,
    runs,
    rows: new RowWriter(store.db, wallMs),
    reader: new RunReader(store.db),
    beginRun: (videoPath = media.path) => {
      const runId = runs.begin({
        sourceId: 'street',
        path: videoPath,
        settings,
        modelId: 'yolo11n',
        modelSha256: '0'.repeat(64),
        attempt: 1,
        startedWallMs: WALL_MS,
      });
      runs.describe({ runId, media });
      return runId;
    },
    beginLive: (startedWallMs = WALL_MS, url = 'rtsp://street') =>
      runs.begin({
        sourceId: 'street',
        path: url,
        settings: liveSettings,
        modelId: 'yolo11n',
        modelSha256: '0'.repeat(64),
        attempt: 1,
        startedWallMs,
      }),
  };
}

export function batchOf(runId: number, batch: number, rows: Partial<RowBatch> = {}): RowBatch {
  return { runId, batch, boxes: [], raw: [], tracks: [], crossings: [], visits: [], ...rows };
}

export function boxOf(frame: number, trackId: number, more: Partial<TrackBox> = {}): TrackBox {
  return {
    trackId,
    frame,
    ptsMs: frame * 100,
    box: { x1: 10, y1: 20.125, x2: 110.5, y2: 220.756 },
    label: 'car',
    confidence: 0.87654,
    origin: 'detected',
    ...more,
  };
}

export function trackOf(trackId: number, more: Partial<TrackSummary> = {}): TrackSummary {
  return {
    trackId,
    label: 'car',
    firstFrame: 0,
    lastFrame: 9,
    firstPtsMs: 0,
    lastPtsMs: 900,
    boxes: 10,
    meanConfidence: 0.75,
    end: 'lost',
    ...more,
  };
}

export function crossingOf(number: number, more: Partial<Crossing> = {}): Crossing {
  return {
    number,
    line: 'main',
    direction: 'forward',
    label: 'car',
    trackId: 1,
    frame: 5,
    ptsMs: 500,
    x: 320,
    y: 240.5,
    ...more,
  };
}

export function gapOf(number: number, more: Partial<Gap> = {}): Gap {
  return {
    number,
    cause: 'lost',
    fromWallMs: WALL_MS + 1000,
    toWallMs: null,
    fromPtsMs: 1000,
    toPtsMs: null,
    ...more,
  };
}

export function rareOf(number: number, more: Partial<TooRare> = {}): TooRare {
  return {
    number,
    fromPtsMs: 1000,
    toPtsMs: 2000,
    fromWallMs: WALL_MS + 1000,
    toWallMs: WALL_MS + 2000,
    ...more,
  };
}

export function visitOf(number: number, more: Partial<Visit> = {}): Visit {
  return {
    number,
    zone: 'yard',
    label: 'person',
    trackId: 2,
    enterFrame: 1,
    enterPtsMs: 100,
    leaveFrame: 4,
    leavePtsMs: 400,
    dwellMs: 300,
    ...more,
  };
}
