import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ExportKind } from '#shared/contracts/main-store.contract.ts';
import { writeExport } from '../../../src-worker/store/exports/export-file.ts';
import {
  batchOf,
  boxOf,
  crossingOf,
  type OpenFixture,
  openFixture,
  settings,
  temporaryFolder,
  trackOf,
  visitOf,
  WALL_MS,
} from './store-fixture.ts';

let fixture: OpenFixture;
let folder: string;
let remove: () => void;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  fixture = openFixture(join(folder, 'ivis.db'));
});

afterEach(() => {
  fixture.store.db.close();
  remove();
});

async function exported(runId: number, kind: ExportKind): Promise<string> {
  const outPath = join(folder, `${kind}.out`);
  const { rows, bytes } = await writeExport(fixture.store.path, { runId, kind, outPath });
  const text = readFileSync(outPath, 'utf8');
  expect(bytes).toBe(Buffer.byteLength(text));
  expect(rows).toBeGreaterThanOrEqual(0);
  return text;
}

function filledRun(): number {
  const runId = fixture.beginRun('/videos/a b/street, north.mp4');
  fixture.rows.write(
    batchOf(runId, 0, {
      // Not in order, as interpolated boxes come late.
      boxes: [
        boxOf(2, 2),
        boxOf(2, 1, { origin: 'interpolated', confidence: 0 }),
        boxOf(0, 1, { label: 'cell phone', box: { x1: -0.004, y1: 0, x2: 0.994, y2: 4096 } }),
        boxOf(1, 1, { origin: 'predicted' }),
        boxOf(3, 1, { ptsMs: 333.3666 }),
      ],
      raw: [
        { frame: 4, ptsMs: 400, box: { x1: 1, y1: 2, x2: 3.5, y2: 4.25 }, label: 'bus', confidence: 1 },
        { frame: 0, ptsMs: 0, box: { x1: 1, y1: 2, x2: 3, y2: 4 }, label: 'bus', confidence: 0.25 },
      ],
      tracks: [trackOf(2, { end: 'source-ended', firstPtsMs: -40 }), trackOf(1, { end: 'left' })],
      crossings: [crossingOf(1, { direction: 'backward', line: '=1+1' }), crossingOf(0)],
      visits: [visitOf(0)],
    }),
  );
  return runId;
}

test('detections.csv has the found and interpolated boxes by frame and track, with exact decimals', async () => {
  const car = '10.00,20.13,110.50,220.76';
  expect(await exported(filledRun(), 'detections')).toBe(
    [
      'source,frame,pts_ms,time_utc,track_id,class,confidence,x1,y1,x2,y2',
      '"street, north.mp4",0,0.000,2026-01-02T03:04:05.000Z,1,cell phone,0.8765,0.00,0.00,0.99,4096.00',
      `"street, north.mp4",2,200.000,2026-01-02T03:04:05.200Z,1,car,0.0000,${car}`,
      `"street, north.mp4",2,200.000,2026-01-02T03:04:05.200Z,2,car,0.8765,${car}`,
      `"street, north.mp4",3,333.367,2026-01-02T03:04:05.333Z,1,car,0.8765,${car}`,
      '',
    ].join('\r\n'),
  );
});

test('tracks.csv has one row for each track', async () => {
  expect(await exported(filledRun(), 'tracks')).toBe(
    [
      'track_id,class,first_frame,last_frame,first_pts_ms,last_pts_ms,first_time_utc,last_time_utc,boxes,mean_confidence,end',
      '1,car,0,9,0.000,900.000,2026-01-02T03:04:05.000Z,2026-01-02T03:04:05.900Z,10,0.7500,left',
      '2,car,0,9,-40.000,900.000,2026-01-02T03:04:04.960Z,2026-01-02T03:04:05.900Z,10,0.7500,source-ended',
      '',
    ].join('\r\n'),
  );
});

test('crossings.csv is in the order of counting and guards a name that a spreadsheet would run', async () => {
  expect(await exported(filledRun(), 'crossings')).toBe(
    [
      'line,direction,class,track_id,frame,pts_ms,time_utc,x,y',
      'main,forward,car,1,5,500.000,2026-01-02T03:04:05.500Z,320.00,240.50',
      "'=1+1,backward,car,1,5,500.000,2026-01-02T03:04:05.500Z,320.00,240.50",
      '',
    ].join('\r\n'),
  );
});

test('zones.csv has one row for each stay', async () => {
  expect(await exported(filledRun(), 'zones')).toBe(
    [
      'zone,class,track_id,enter_frame,enter_pts_ms,enter_time_utc,leave_frame,leave_pts_ms,leave_time_utc,dwell_ms',
      'yard,person,2,1,100.000,2026-01-02T03:04:05.100Z,4,400.000,2026-01-02T03:04:05.400Z,300.000',
      '',
    ].join('\r\n'),
  );
});

test('movements.csv has one row for each way, with an unknown end where no gate saw it', async () => {
  const runId = filledRun();
  const entered = { gate: 'north, arm', frame: 3, ptsMs: 300 };
  const left = { gate: 'east', frame: 9, ptsMs: 900.5, wallMs: Date.UTC(2026, 4, 6) };
  fixture.rows.write({
    ...batchOf(runId, 1, {}),
    movements: [
      { number: 1, label: 'car', trackId: 7, entered: null, left },
      { number: 0, label: 'bus', trackId: 4, entered, left: { ...left, gate: 'north, arm' } },
      { number: 2, label: 'car', trackId: 9, entered, left: null },
    ],
  });
  const lines = (await exported(runId, 'movements')).split('\r\n');
  expect(lines[0]).toBe(
    'from,to,class,track_id,enter_frame,enter_pts_ms,enter_time_utc,leave_frame,leave_pts_ms,leave_time_utc',
  );
  expect(lines[1]).toMatch(
    /^"north, arm","north, arm",bus,4,3,300\.000,.*,9,900\.500,2026-05-06T00:00:00\.000Z$/,
  );
  expect(lines[2]).toBe('unknown,east,car,7,,,,9,900.500,2026-05-06T00:00:00.000Z');
  expect(lines[3]).toMatch(/^"north, arm",unknown,car,9,3,300\.000,[^,]*,,,$/);
});

test('tracks.csv tells speeds of a run on calibrated ground, and has no such columns otherwise', async () => {
  const points = [
    [0, 100, 0, 0],
    [100, 100, 5, 0],
    [80, 50, 5, 10],
    [20, 50, 0, 10],
  ].map(([x = 0, y = 0, gx = 0, gy = 0]) => ({ image: { x, y }, ground: { x: gx, y: gy } }));
  const calibrated = fixture.runs.begin({
    sourceId: 'street',
    path: '/videos/street.mp4',
    settings: { ...settings, calibration: { points } },
    modelId: 'yolo11n',
    modelSha256: '',
    attempt: 1,
    startedWallMs: WALL_MS,
  });
  const speed = { kmh: 48.1234, uncertaintyKmh: 1.5 };
  fixture.rows.write(batchOf(calibrated, 0, { tracks: [trackOf(1, { speed }), trackOf(2)] }));
  const lines = (await exported(calibrated, 'tracks')).trim().split('\r\n');
  expect(lines[0]?.endsWith(',end,speed_kmh,speed_uncertainty_kmh')).toBe(true);
  expect(lines[1]?.endsWith(',48.123,1.500')).toBe(true);
  expect(lines[2]?.endsWith(',,')).toBe(true);
  expect((await exported(filledRun(), 'tracks')).split('\r\n')[0]?.endsWith(',end')).toBe(true);
});

test('MOT rows count frames from 1 and give width and height', async () => {
  expect(await exported(filledRun(), 'mot')).toBe(
    [
      '1,1,0.00,0.00,0.99,4096.00,0.8765,-1,-1,-1',
      '3,1,10.00,20.13,100.50,200.63,0.0000,-1,-1,-1',
      '3,2,10.00,20.13,100.50,200.63,0.8765,-1,-1,-1',
      '4,1,10.00,20.13,100.50,200.63,0.8765,-1,-1,-1',
      '',
    ].join('\n'),
  );
});

test('raw detections have the id -1', async () => {
  expect(await exported(filledRun(), 'mot-det')).toBe(
    '1,-1,1.00,2.00,2.00,2.00,0.2500,-1,-1,-1\n5,-1,1.00,2.00,2.50,2.25,1.0000,-1,-1,-1\n',
  );
});

test('raw detections of a run that wished for classes are those of its classes: their rows name none', async () => {
  const runId = fixture.runs.begin({
    sourceId: 'street',
    path: '/videos/street.mp4',
    settings: { ...settings, classes: ['person', 'bus'] },
    modelId: 'yolo11n',
    modelSha256: '',
    attempt: 1,
    startedWallMs: WALL_MS,
  });
  const box = { x1: 1, y1: 2, x2: 3, y2: 4 };
  const raw = ['person', 'chair', 'bus', 'car'].map((label, frame) => ({
    frame,
    ptsMs: frame * 100,
    box,
    label,
    confidence: 0.5,
  }));
  fixture.rows.write(batchOf(runId, 0, { raw }));
  const frames = (await exported(runId, 'mot-det'))
    .trim()
    .split('\n')
    .map((row) => row.split(',')[0]);
  expect(frames).toEqual(['1', '3']);
});

test('two runs with the same rows give the same files, whatever order the batches came in', async () => {
  const boxes = Array.from({ length: 200 }, (_, i) => boxOf(Math.floor(i / 4), 1 + (i % 4)));
  const first = fixture.beginRun();
  const second = fixture.beginRun();
  fixture.rows.write(batchOf(first, 0, { boxes }));
  boxes.reverse().forEach((box, i) => {
    fixture.rows.write(batchOf(second, i, { boxes: [box] }));
  });
  for (const kind of ['detections', 'mot', 'ass'] as const) {
    expect(await exported(second, kind)).toBe(await exported(first, kind));
  }
});

test('a run without rows gives a file with its header alone, and times are empty when the start is unknown', async () => {
  const runId = fixture.runs.begin({
    sourceId: 'yard',
    path: 'yard.mp4',
    settings: {
      mode: 'play',
      lines: [],
      zones: [],
      classes: [],
      confidence: null,
      every: 2,
      fps: null,
      keepRawDetections: false,
    },
    modelId: 'm',
    modelSha256: '',
    attempt: 1,
    startedWallMs: 1,
  });
  expect(await exported(runId, 'zones')).toMatch(/^zone,[^\n]*dwell_ms\r\n$/);
  fixture.rows.write(batchOf(runId, 0, { crossings: [crossingOf(0)] }));
  expect(await exported(runId, 'crossings')).toContain('500.000,,320.00');
});

test('an existing file is replaced and no temporary file stays behind', async () => {
  const runId = filledRun();
  writeFileSync(join(folder, 'crossings.out'), 'older');
  expect(await exported(runId, 'crossings')).toMatch(/^line,/);
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('the export of an unknown run is refused and writes nothing', async () => {
  const outPath = join(folder, 'x.csv');
  await expect(writeExport(fixture.store.path, { runId: 9, kind: 'tracks', outPath })).rejects.toMatchObject({
    kind: 'bad-argument',
  });
  expect(readdirSync(folder)).not.toContain('x.csv');
});

test('a camera’s crossings.csv has the wall clock of each crossing, not the times of the stream', async () => {
  const runId = fixture.beginLive();
  const crossings = [crossingOf(0, { wallMs: WALL_MS + 3_600_000 }), crossingOf(1)];
  fixture.rows.write(batchOf(runId, 0, { crossings }));
  expect((await exported(runId, 'crossings')).split('\r\n').slice(1, 3)).toEqual([
    'main,forward,car,1,5,500.000,2026-01-02T04:04:05.000Z,320.00,240.50',
    'main,forward,car,1,5,500.000,,320.00,240.50',
  ]);
});
