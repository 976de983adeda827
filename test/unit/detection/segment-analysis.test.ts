import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gateSchema } from '#shared/domain/movement.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { AnalysisStep } from '../../../src-worker/detection/counting/analysis.ts';
import type { PendingFrame } from '../../../src-worker/detection/frame-queue.ts';
import type { Detector } from '../../../src-worker/detection/model/detector.ts';
import { trackerSettingsFor } from '../../../src-worker/detection/run-tracker-settings.ts';
import { SceneBook } from '../../../src-worker/detection/scene.ts';
import { SegmentAnalysis } from '../../../src-worker/detection/segment-analysis.ts';
import { plainSettings, tinyDetector } from './run-fixture.ts';

const WALL_MS = Date.UTC(2026, 0, 2);
const FRAME_MS = 40;
let detector: Detector;
beforeAll(async () => {
  detector = await tinyDetector();
});
afterAll(() => detector.release());

/** A line down the middle of a picture of 640 x 480, and a zone over its right half. */
const settings: RunSettings = {
  ...plainSettings,
  mode: 'live',
  lines: [
    {
      name: 'middle',
      points: [
        { x: 320, y: 0 },
        { x: 320, y: 480 },
      ],
    },
  ],
  zones: [
    {
      name: 'right',
      points: [
        { x: 330, y: 0 },
        { x: 640, y: 0 },
        { x: 640, y: 480 },
        { x: 330, y: 480 },
      ],
    },
  ],
};

/** One person who walks from left to right, one step each frame, through a camera in the test's hand. */
class Walk {
  readonly analysis: SegmentAnalysis;
  readonly steps: AnalysisStep[] = [];
  size = { width: 640, height: 480 };
  segment = 0;
  seq = 0;
  /** Added to the stream's times from now on, and to the wall clock. */
  ptsOffsetMs = 0;
  wallOffsetMs = 0;
  readonly #scenes: SceneBook;

  constructor(change: Partial<RunSettings> = {}) {
    const chosen = { ...settings, ...change };
    this.#scenes = new SceneBook(chosen, detector);
    this.analysis = new SegmentAnalysis(chosen, trackerSettingsFor(chosen, 0.25));
  }

  /** Feet at `x` of the 640 pixels that the picture has, or would have. */
  at(x: number): AnalysisStep {
    const [sx, sy] = [this.size.width / 640, this.size.height / 480];
    const { seq, segment } = this;
    const ptsMs = seq * FRAME_MS + this.ptsOffsetMs;
    const frame: PendingFrame['frame'] = {
      ring: '/r',
      epoch: 1,
      slot: 0,
      generation: 0,
      seq,
      ptsMs,
      wallMs: WALL_MS + seq * FRAME_MS + this.wallOffsetMs,
      monoMs: 0,
      ...this.size,
      pixelFormat: 'i420',
    };
    const box = { x1: (x - 20) * sx, y1: 200 * sy, x2: (x + 20) * sx, y2: 300 * sy };
    this.seq += 1;
    const scene = this.#scenes.sceneOf(this.size);
    const detections = scene.admit([[{ box, label: 'person', confidence: 0.9 }]]);
    const step = this.analysis.accept({ frame, ptsMs, segment }, scene, detections);
    this.steps.push(step);
    return step;
  }

  to(from: number, upTo: number): void {
    for (let x = from; x <= upTo; x += 5) this.at(x);
  }

  /** A hole in what is seen begins. */
  gap(): void {
    this.segment += 1;
    const step = this.analysis.interrupt(this.segment);
    if (step !== null) this.steps.push(step);
  }

  finish(): void {
    this.steps.push(this.analysis.finish('source-ended'));
  }

  get crossings() {
    return this.steps.flatMap((step) => step.crossings);
  }

  get closed() {
    return this.steps.flatMap((step) => step.closed);
  }

  get visits() {
    return this.steps.flatMap((step) => step.visits);
  }

  get loiterings() {
    return this.steps.flatMap((step) => step.loiterings);
  }

  /** Ways from gate to gate. */
  get ways(): string[] {
    const movements = this.steps.flatMap((step) => step.movements);
    return movements.map(({ entered, left }) => `${entered?.gate ?? '?'} > ${left?.gate ?? '?'}`);
  }
}

describe('the point that counts', () => {
  /** Feet are at 300, the middle of a box at 250. */
  const points = [
    { x: 0, y: 280 },
    { x: 640, y: 280 },
    { x: 640, y: 480 },
    { x: 0, y: 480 },
  ];
  const zones = [{ name: 'below', points }];

  test.each([
    [undefined, 1],
    ['bottom-centre', 1],
    ['centre', 0],
  ] as const)('of a run whose anchor is %s: %i enter where only feet are', (anchor, visits) => {
    const walk = new Walk({ zones, ...(anchor && { tuning: { anchor } }) });
    walk.to(100, 440);
    walk.finish();
    expect(walk.visits.filter(({ zone }) => zone === 'below')).toHaveLength(visits);
  });
});

describe('segments of a run', () => {
  test('who walks over the line while nothing is seen is not counted, who does so in sight is', () => {
    const seen = new Walk();
    seen.to(200, 440);
    seen.finish();
    expect(seen.crossings).toHaveLength(1);
    expect(seen.closed).toHaveLength(1);

    const unseen = new Walk();
    unseen.to(200, 300);
    unseen.gap();
    unseen.to(345, 440);
    unseen.finish();
    expect(unseen.crossings).toEqual([]);
    expect(unseen.closed).toMatchObject([
      { trackId: 1, end: 'gap' },
      { trackId: 2, end: 'source-ended' },
    ]);
  });

  test('also the frame that shows a jump of the stream’s clock parts the tracks', () => {
    const walk = new Walk();
    walk.to(200, 300);
    walk.segment += 1;
    walk.to(345, 440);
    walk.finish();
    expect(walk.crossings).toEqual([]);
    expect(walk.closed.map(({ trackId, end }) => [trackId, end])).toEqual([
      [1, 'gap'],
      [2, 'source-ended'],
    ]);
  });

  test('a hole between two frames, far shorter than any hand-over, parts them all the same', () => {
    const walk = new Walk();
    walk.to(200, 310);
    walk.gap();
    walk.to(315, 440);
    walk.finish();
    expect(walk.closed).toHaveLength(2);
    // The second track is seen on both sides of the line: one crossing, its own.
    expect(walk.crossings).toMatchObject([{ trackId: 2, number: 0 }]);
  });

  test('counts stay and all numbers go on rising over a gap', () => {
    const walk = new Walk();
    walk.to(200, 440);
    walk.gap();
    expect(walk.analysis.counts().lines.middle?.forward.total ?? 0).toBe(
      walk.crossings.filter(({ direction }) => direction === 'forward').length,
    );
    walk.to(200, 440);
    walk.finish();
    expect(walk.crossings.map(({ number, trackId }) => [number, trackId])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(walk.visits.map(({ number, trackId }) => [number, trackId])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    const { lines, zones, tracks } = walk.analysis.counts();
    expect((lines.middle?.forward.total ?? 0) + (lines.middle?.backward.total ?? 0)).toBe(2);
    expect(zones.right).toMatchObject({ visits: 2, occupancy: 0, maxOccupancy: 1 });
    expect(tracks.total).toBe(2);
  });

  test('a stay in a zone ends at the last thing seen, not at the end of the gap', () => {
    const walk = new Walk();
    walk.to(200, 440);
    const lastPtsMs = (walk.seq - 1) * FRAME_MS;
    walk.gap();
    expect(walk.visits).toMatchObject([{ leavePtsMs: lastPtsMs }]);
    expect(walk.analysis.counts().zones.right?.occupancy).toBe(0);
  });

  test('a gap before the first picture, or two in a row, change nothing', () => {
    const walk = new Walk();
    walk.gap();
    walk.gap();
    walk.to(200, 440);
    walk.gap();
    walk.gap();
    walk.finish();
    expect(walk.crossings).toHaveLength(1);
    expect(walk.closed).toHaveLength(1);
  });
});

describe('another size of the picture in mid-run', () => {
  test('lines and zones stay where they were drawn, boxes and crossings are in the new pixels', () => {
    const walk = new Walk();
    walk.to(200, 440);
    walk.size = { width: 1280, height: 720 };
    walk.to(200, 440);
    walk.finish();
    expect(walk.closed.map(({ end }) => end)).toEqual(['gap', 'source-ended']);
    const [first, second] = walk.crossings;
    expect(first?.x).toBeCloseTo(320, 0);
    expect(second?.x).toBeCloseTo(640, 0);
    expect(second?.direction).toBe(first?.direction);
    expect(second?.y).toBeCloseTo(450, 0);
    expect(walk.steps.at(-2)?.tracks[0]?.box.x2).toBeCloseTo(920, 0);
    expect(walk.visits).toHaveLength(2);
  });

  test('the settings may name the picture they were drawn on; then the first one is scaled too', () => {
    const walk = new Walk({ picture: { width: 640, height: 480 } });
    walk.size = { width: 320, height: 240 };
    walk.to(200, 440);
    walk.finish();
    expect(walk.crossings.map(({ x }) => Math.round(x))).toEqual([160]);
  });
});

/** What parts a run in two, from one frame to the very next. */
const partings: [string, (walk: Walk) => void][] = [
  ['a gap', (walk) => walk.gap()],
  [
    'another size',
    (walk) => {
      walk.size = { width: 320, height: 240 };
    },
  ],
];

describe.each(partings)('over %s that takes no time at all', (_name, part) => {
  const upright = (name: string, x: number) => ({
    name,
    points: [
      { x, y: 0 },
      { x, y: 480 },
    ],
  });
  const gates = [
    gateSchema.parse(upright('west', 250)),
    gateSchema.parse({ ...upright('east', 420), inward: 'backward' }),
  ];

  test('no way in is joined to a way out', () => {
    const [through, cut] = [new Walk({ gates }), new Walk({ gates })];
    for (const walk of [through, cut]) {
      walk.to(150, 330);
      if (walk === cut) part(walk);
      walk.to(335, 500);
      walk.finish();
    }
    expect(through.ways).toEqual(['west > east']);
    expect(cut.ways).toEqual(['west > ?', '? > east']);
    expect(cut.analysis.counts().movements?.west?.unknown?.total).toBe(1);
    expect(cut.analysis.counts().movements?.unknown?.east?.total).toBe(1);
  });

  test('no stay goes on, and none becomes loitering by what was before', () => {
    const zones = [{ name: 'right', points: settings.zones[0]?.points ?? [], loiterMs: 2000 }];
    const [whole, parted] = [new Walk({ zones }), new Walk({ zones })];
    for (const walk of [whole, parted]) {
      for (let i = 0; i < 40; i++) walk.at(450);
      if (walk === parted) part(walk);
      for (let i = 0; i < 40; i++) walk.at(450);
      walk.finish();
    }
    expect(whole.loiterings).toHaveLength(1);
    expect(whole.visits.map(({ dwellMs }) => dwellMs)).toEqual([79 * FRAME_MS]);
    expect(parted.loiterings).toEqual([]);
    expect(parted.visits.map(({ dwellMs }) => dwellMs)).toEqual([39 * FRAME_MS, 39 * FRAME_MS]);
    expect(parted.analysis.counts().zones.right).toMatchObject({ visits: 2, occupancy: 0, maxOccupancy: 1 });
  });
});

describe('a region of interest', () => {
  test('boxes and crossings of a crop are in pixels of the whole picture', () => {
    const whole = new Walk();
    const cropped = new Walk({
      regions: { include: [], exclude: [], crop: { x1: 100.4, y1: 100, x2: 600, y2: 400 } },
    });
    for (const walk of [whole, cropped]) {
      walk.to(200, 440);
      walk.finish();
    }
    expect(cropped.steps.map(({ tracks }) => tracks)).toEqual(whole.steps.map(({ tracks }) => tracks));
    expect(cropped.crossings).toEqual(whole.crossings);
    expect(cropped.visits).toEqual(whole.visits);
  });

  test('who stands on an excluded place, or outside of every included one, is not seen', () => {
    const right = [
      { x: 320, y: 0 },
      { x: 640, y: 0 },
      { x: 640, y: 480 },
      { x: 320, y: 480 },
    ];
    const noRight = new Walk({ regions: { include: [], exclude: [right], crop: null } });
    const onlyRight = new Walk({ regions: { include: [right], exclude: [], crop: null } });
    const neither = new Walk({ regions: { include: [right], exclude: [right], crop: null } });
    for (const walk of [noRight, onlyRight, neither]) {
      walk.to(200, 440);
      walk.finish();
    }
    const times = ({ steps }: Walk) => steps.filter(({ tracks }) => tracks.length > 0).length;
    expect(times(neither)).toBe(0);
    // Half of the walk each, but for what a track needs to be believed.
    expect(times(onlyRight)).toBeGreaterThan(20);
    expect(noRight.closed[0]?.lastFrame).toBe(23);
    expect(onlyRight.closed[0]?.firstFrame).toBe(24);
    expect([...noRight.crossings, ...onlyRight.crossings]).toEqual([]);
  });
});

describe('the wall clock of a crossing', () => {
  test('is that of the frames it was seen between, also after a stream began anew', () => {
    const walk = new Walk();
    walk.to(200, 440);
    const before = walk.crossings[0];
    expect(before?.wallMs).toBeCloseTo(WALL_MS + (before?.ptsMs ?? 0), 3);
    walk.gap();
    // An hour passes; the times of the stream go on as if nothing had been.
    walk.wallOffsetMs = 3_600_000;
    walk.to(200, 440);
    walk.finish();
    const after = walk.crossings[1];
    expect(after?.wallMs).toBeCloseTo(WALL_MS + 3_600_000 + (after?.ptsMs ?? 0), 3);
  });

  test('a file’s crossings have none: its own start tells', () => {
    const walk = new Walk({ mode: 'analyse' });
    walk.to(200, 440);
    walk.finish();
    expect(walk.crossings[0]).not.toHaveProperty('wallMs');
  });
});
