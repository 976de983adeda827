import { describe, expect, test } from 'vitest';
import { gateSchema } from '#shared/domain/movement.ts';
import { FRAME_MS, settings, WALL_MS, Walk, walksHere } from './walk-fixture.ts';

walksHere();

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
