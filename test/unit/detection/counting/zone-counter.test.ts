import { describe, expect, it } from 'vitest';
import type { Loitering, Visit, Zone } from '../../../../src-shared/domain/zone.ts';
import { countingSettingsSchema } from '../../../../src-worker/detection/counting/counting-settings.ts';
import { ZoneCounter } from '../../../../src-worker/detection/counting/zone-counter.ts';
import { boxOf, type Foot, frameMs, picture, summaryOf, way } from './walk.ts';

const zone = {
  name: 'court',
  points: [
    { x: 200, y: 150 },
    { x: 440, y: 150 },
    { x: 440, y: 350 },
    { x: 200, y: 350 },
  ],
};

/** Walkers (track ids 1, 2, ...) through the zone; the tracker closes a walker 25 frames after its last box. */
function visit(walkers: { from?: number; feet: Foot[] }[], zones: Zone[] = [zone], settings: object = {}) {
  const counter = new ZoneCounter(zones, countingSettingsSchema.parse(settings));
  const last = Math.max(...walkers.map(({ from = 0, feet }) => from + feet.length));
  const visits: Visit[] = [];
  const occupancies: number[] = [];
  const loiterings: (Loitering & { told: number })[] = [];
  for (let frame = 0; frame <= last + 30; frame++) {
    const boxes = walkers.flatMap(({ from = 0, feet }, i) => {
      const foot = feet[frame - from];
      return foot ? [boxOf(i + 1, frame, foot)] : [];
    });
    const closed = walkers.flatMap(({ from = 0, feet }, i) =>
      frame === from + feet.length + 25 ? [summaryOf(i + 1, frame)] : [],
    );
    visits.push(...counter.update(boxes, closed, { frame, ptsMs: frame * frameMs, ...picture }));
    loiterings.push(...counter.takeLoiterings().map((one) => ({ ...one, told: frame })));
    occupancies.push(counter.counts()[zones[0]?.name ?? '']?.occupancy ?? -1);
  }
  visits.push(...counter.finish());
  loiterings.push(...counter.takeLoiterings().map((one) => ({ ...one, told: -1 })));
  return { visits, occupancies, loiterings, count: counter.counts()[zones[0]?.name ?? ''] };
}

const through = way(10, [100, 250], [540, 250]);

describe('ZoneCounter', () => {
  it('tells who was in the zone, from when to when', () => {
    const { visits, count } = visit([{ feet: through }]);
    expect(visits).toMatchObject([
      { number: 0, zone: 'court', label: 'person', trackId: 1, enterFrame: 10, leaveFrame: 34 },
    ]);
    expect(visits[0]?.dwellMs).toBe(2400);
    expect(count).toEqual({
      visits: 1,
      byClass: { person: 1 },
      dwellMs: { p50: 2400, max: 2400 },
      occupancy: 0,
      maxOccupancy: 1,
    });
  });

  it('counts who is inside now and at most', () => {
    const { occupancies, count } = visit([
      { feet: through },
      { from: 5, feet: way(10, [100, 300], [540, 300]) },
    ]);
    expect(Math.max(...occupancies)).toBe(2);
    expect(occupancies[occupancies.length - 1]).toBe(0);
    expect(count?.maxOccupancy).toBe(2);
  });

  it('is not entered or left by jitter on its edge', () => {
    const jitter: Foot[] = Array.from({ length: 200 }, (_, i) => [200 + 3 * Math.sin(2.1 * i), 250]);
    expect(
      visit([{ feet: [...way(10, [100, 250], [198, 250]), ...jitter, ...way(10, [198, 250], [100, 250])] }])
        .visits,
    ).toEqual([]);
    expect(
      visit([{ feet: [...way(10, [300, 250], [202, 250]), ...jitter, ...way(10, [202, 250], [300, 250])] }])
        .visits,
    ).toHaveLength(1);
  });

  it('is not entered by one errant box', () => {
    const feet = way(2, [100, 250], [160, 250]);
    feet[12] = [260, 250];
    expect(visit([{ feet }]).visits).toEqual([]);
  });

  it('holds who stays just inside the edge', () => {
    const feet: Foot[] = [
      ...way(10, [100, 250], [190, 250]),
      ...Array.from({ length: 40 }, (): Foot => [202, 250]),
    ];
    expect(visit([{ feet }]).visits.map(({ dwellMs }) => dwellMs)).toEqual([3900]);
  });

  it('bridges a loss of the track inside', () => {
    const feet = through.map((foot, i) => (i > 15 && i < 25 ? null : foot));
    expect(visit([{ feet }]).visits.map(({ dwellMs }) => dwellMs)).toEqual([2400]);
  });

  it('makes one visit of two tracks at an id switch', () => {
    const { visits, occupancies } = visit([
      { feet: through.slice(0, 22) },
      { from: 25, feet: through.slice(25) },
    ]);
    expect(visits).toMatchObject([{ trackId: 2, enterFrame: 10, leaveFrame: 34 }]);
    expect(Math.max(...occupancies)).toBe(1);
  });

  it('ends the visit of a track that is lost inside when it was last seen', () => {
    expect(visit([{ feet: through.slice(0, 22) }]).visits).toMatchObject([
      { enterFrame: 10, leaveFrame: 21 },
    ]);
  });

  it('holds who stands at the edge of the picture that is the edge of the zone', () => {
    const whole = {
      name: 'all',
      points: [
        { x: 0, y: 0 },
        { x: 639, y: 0 },
        { x: 639, y: 479 },
        { x: 0, y: 479 },
      ],
    };
    expect(
      visit([{ feet: Array.from({ length: 20 }, (): Foot => [300, 485]) }], [whole]).visits,
    ).toHaveLength(1);
  });

  it('leaves out visits shorter than the set minimum', () => {
    expect(visit([{ feet: through }], [zone], { minimumVisitMs: 3000 }).visits).toEqual([]);
  });

  describe('loitering', () => {
    const watched = { ...zone, loiterMs: 2000 };
    const stay = (seconds: number): Foot[] => [
      ...way(10, [100, 250], [300, 250]),
      ...Array.from({ length: 10 * seconds }, (): Foot => [300, 250]),
      ...way(10, [300, 250], [100, 250]),
    ];

    it('is told once, while the stay goes on, at the moment the threshold is reached', () => {
      const { loiterings, visits, count } = visit([{ feet: stay(20) }], [watched]);
      const enter = visits[0]?.enterPtsMs ?? Number.NaN;
      expect(loiterings).toMatchObject([
        { zone: 'court', label: 'person', trackId: 1, enterPtsMs: enter, ptsMs: enter + 2000 },
      ]);
      expect((loiterings[0]?.told ?? 0) * frameMs).toBe(enter + 2000);
      expect(visits).toHaveLength(1);
      expect(count?.loiterings).toBe(1);
    });

    it('is not told of shorter stays, nor in a zone without a threshold', () => {
      const { loiterings, count } = visit([{ feet: stay(0) }], [{ ...zone, loiterMs: 4000 }]);
      expect(loiterings).toEqual([]);
      expect(count?.loiterings).toBe(0);
      const free = visit([{ feet: stay(20) }]);
      expect(free.loiterings).toEqual([]);
      expect(free.count).not.toHaveProperty('loiterings');
    });

    it('is told once of a stay with a loss in it, and of one that an id switch cuts in two', () => {
      const feet = stay(20).map((foot, i) => (i > 60 && i < 70 ? null : foot));
      expect(visit([{ feet }], [watched]).loiterings).toHaveLength(1);
      const [all, one] = [stay(20), stay(20).slice(0, 80)];
      const { loiterings, visits, count } = visit(
        [{ feet: one }, { from: 83, feet: all.slice(83) }],
        [{ ...zone, loiterMs: 5000 }],
      );
      expect(visits).toHaveLength(1);
      expect(loiterings).toMatchObject([{ trackId: 1 }]);
      expect(count?.loiterings).toBe(1);
    });

    it('adds up the time before and after an id switch', () => {
      const all = stay(20);
      const { loiterings } = visit(
        [{ feet: all.slice(0, 80) }, { from: 83, feet: all.slice(83) }],
        [{ ...zone, loiterMs: 9000 }],
      );
      expect(loiterings).toMatchObject([{ trackId: 2, enterFrame: 10 }]);
    });

    it('is told again of a second stay', () => {
      expect(visit([{ feet: [...stay(5), ...stay(5)] }], [watched]).loiterings).toHaveLength(2);
    });
  });
});
