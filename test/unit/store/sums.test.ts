import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunSettings } from '#shared/domain/run.ts';
import { CrossingList } from '../../../src-worker/store/evidence/crossing-list.ts';
import { SumReader } from '../../../src-worker/store/sum-reader.ts';
import {
  batchOf,
  crossingOf,
  type OpenFixture,
  openFixture,
  settings,
  temporaryFolder,
  trackOf,
  visitOf,
  WALL_MS,
} from './store-fixture.ts';

let remove: () => void;
let open: OpenFixture;
let sums: SumReader;

beforeEach(() => {
  const made = temporaryFolder();
  remove = made.remove;
  open = openFixture(join(made.folder, 'ivis.db'));
  sums = new SumReader(open.store.db, new CrossingList(open.store.db));
});
afterEach(() => {
  open.store.db.close();
  remove();
});

const corner = (x: number) => [
  { x, y: 0 },
  { x: x + 100, y: 0 },
  { x, y: 100 },
];
const gate = (name: string) => ({
  name,
  points: settings.lines[0]?.points ?? [],
  inward: 'forward' as const,
});
const cameraSettings: RunSettings = {
  ...settings,
  mode: 'live',
  zones: [{ name: 'yard', points: corner(0), loiterMs: 5000 }],
  gates: [
    { ...gate('north'), use: 'both' },
    { ...gate('south'), use: 'both' },
  ],
};
const begin = (more: Partial<RunSettings> = {}, sourceId = 'gate'): number =>
  open.runs.begin({
    sourceId,
    path: 'rtsp://gate',
    settings: { ...cameraSettings, ...more },
    modelId: 'yolo11n',
    modelSha256: '0'.repeat(64),
    attempt: 1,
    startedWallMs: WALL_MS,
  });
const asked = (runIds: number[], lineRuns: Record<string, number> = {}) => ({
  sourceId: 'gate',
  runIds,
  lineRuns,
  beforeWallMs: WALL_MS + 1,
});
const passage = (name: string) => ({ gate: name, frame: 3, ptsMs: 300 });

test('adds up lines, zones, movements and tracks of several runs, also of one that was killed', () => {
  const first = begin();
  open.rows.write(
    batchOf(first, 0, {
      tracks: [trackOf(1), trackOf(2, { label: 'person' })],
      crossings: [crossingOf(0), crossingOf(1, { direction: 'backward' }), crossingOf(2, { label: 'bus' })],
      visits: [visitOf(0, { dwellMs: 100 }), visitOf(1, { dwellMs: 900, label: 'car' })],
      movements: [{ number: 0, label: 'car', trackId: 1, entered: passage('north'), left: passage('south') }],
    }),
  );
  const ledger = { decoded: 12, processed: 9, dropped: { sampled: 1 }, inFlight: 2 };
  const counts = sums.of(asked([first])).counts;
  open.runs.end({
    runId: first,
    status: 'stopped',
    endedWallMs: WALL_MS,
    ledger,
    counts: { ...counts, zones: { yard: { ...nothingIn, maxOccupancy: 3 } } },
    model: null,
    error: null,
  });
  const killed = begin();
  open.rows.write(
    batchOf(killed, 0, {
      tracks: [trackOf(1)],
      crossings: [crossingOf(0)],
      visits: [visitOf(0, { dwellMs: 500 })],
      loiterings: [
        { number: 0, zone: 'yard', label: 'person', trackId: 2, enterFrame: 1, enterPtsMs: 100, ptsMs: 300 },
      ],
      movements: [{ number: 0, label: 'car', trackId: 1, entered: passage('north'), left: null }],
    }),
  );
  expect(sums.of(asked([first, killed]))).toEqual({
    known: true,
    counts: {
      lines: {
        main: {
          forward: { total: 3, byClass: { car: 2, bus: 1 } },
          backward: { total: 1, byClass: { car: 1 } },
        },
      },
      zones: {
        yard: {
          visits: 3,
          byClass: { person: 2, car: 1 },
          dwellMs: { p50: 500, max: 900 },
          occupancy: 0,
          maxOccupancy: 3,
          loiterings: 1,
        },
      },
      movements: {
        north: {
          south: { total: 1, byClass: { car: 1 } },
          unknown: { total: 1, byClass: { car: 1 } },
        },
      },
      tracks: { total: 3, byClass: { car: 2, person: 1 } },
    },
    ledger: { decoded: 10, processed: 9, dropped: { sampled: 1 }, inFlight: 0 },
    settings: cameraSettings,
    endedWallMs: null,
    lastHour: [],
    tooRareMs: 0,
    tooRareLastHour: [],
  });
});

test('tells when the crossings of the last hour were, of each line since it lies where it lies', () => {
  const now = WALL_MS + 2 * 3_600_000;
  const [first, second] = [begin(), begin()];
  const at = (secondsAgo: number) => now - secondsAgo * 1000;
  open.rows.write(
    batchOf(first, 0, {
      crossings: [
        crossingOf(0, { wallMs: at(3601) }),
        crossingOf(1, { wallMs: at(3000) }),
        crossingOf(2, { wallMs: at(50), direction: 'backward' }),
        crossingOf(3, { wallMs: at(40), line: 'gone' }),
      ],
    }),
  );
  open.rows.write(
    batchOf(second, 0, {
      crossings: [
        crossingOf(0, { wallMs: at(20) + 100 }),
        crossingOf(1, { wallMs: at(20) + 900, label: 'bus' }),
        crossingOf(2, { wallMs: at(10) }),
      ],
    }),
  );
  const lastHour = (lineRuns: Record<string, number>) =>
    sums.of({ ...asked([first, second], lineRuns), beforeWallMs: now }).lastHour;
  const whole = (secondsAgo: number) => Math.floor(at(secondsAgo) / 1000) * 1000;
  const ofSecond = [
    { wallMs: whole(20), line: 'main', direction: 'forward', count: 2 },
    { wallMs: whole(10), line: 'main', direction: 'forward', count: 1 },
  ];
  expect(lastHour({})).toEqual([
    { wallMs: whole(3000), line: 'main', direction: 'forward', count: 1 },
    { wallMs: whole(50), line: 'main', direction: 'backward', count: 1 },
    ...ofSecond,
  ]);
  expect(lastHour({ main: second })).toEqual(ofSecond);
});

const nothingIn = {
  visits: 0,
  byClass: {},
  dwellMs: { p50: 0, max: 0 },
  occupancy: 0,
  maxOccupancy: 0,
};

test('takes no more than what lies where it lies now: lines by their run, zones and gates by themselves', () => {
  const moved = begin({
    zones: [{ name: 'yard', points: corner(50) }],
    gates: cameraSettings.gates?.slice(1),
  });
  const now = begin();
  for (const runId of [moved, now]) {
    open.rows.write(
      batchOf(runId, 0, {
        crossings: [crossingOf(0), crossingOf(1, { line: 'gone' })],
        visits: [visitOf(0)],
        movements: [
          { number: 0, label: 'car', trackId: 1, entered: passage('south'), left: passage('south') },
        ],
      }),
    );
  }
  const { counts } = sums.of(asked([moved, now], { main: now }));
  expect(counts.lines).toEqual({
    main: { forward: { total: 1, byClass: { car: 1 } }, backward: { total: 0, byClass: {} } },
  });
  expect(counts.zones.yard?.visits).toBe(1);
  expect(counts.movements?.south?.south?.total).toBe(1);
});

test('knows nothing of runs that are not there, are another source’s, or began only now', () => {
  const own = begin();
  const other = begin({}, 'yard');
  expect(sums.of(asked([own])).known).toBe(true);
  expect(sums.of(asked([own, 99])).known).toBe(false);
  expect(sums.of(asked([own, other]))).toMatchObject({ known: false, counts: { lines: {} } });
  expect(sums.of({ ...asked([own]), beforeWallMs: WALL_MS }).known).toBe(false);
});
