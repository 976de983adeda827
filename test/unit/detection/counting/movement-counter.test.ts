import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Crossing } from '../../../../src-shared/domain/line.ts';
import { type Gate, gateSchema, type Movement } from '../../../../src-shared/domain/movement.ts';
import type { Link } from '../../../../src-worker/detection/counting/hand-over.ts';
import { MovementCounter } from '../../../../src-worker/detection/counting/movement-counter.ts';
import { summaryOf } from './walk.ts';

const gate = (name: string, more: object = {}): Gate =>
  gateSchema.parse({
    name,
    points: [
      { x: 0, y: 0 },
      { x: 1, y: 0 },
    ],
    ...more,
  });
const gates = [gate('north'), gate('south'), gate('east')];

type Happening = { at: number; in?: [number, string]; out?: [number, string]; close?: number; link?: Link };

/** Feeds what happens second by second; patience 3 s. `till`: seconds until the end. */
function watch(happenings: readonly Happening[], till = 30, own: readonly Gate[] = gates) {
  const counter = new MovementCounter(own, 3000);
  const movements: Movement[] = [];
  for (let at = 0; at <= till; at++) {
    const now = happenings.filter((one) => one.at === at);
    const passed = (what: [number, string] | undefined, direction: Crossing['direction']): Crossing[] =>
      what
        ? [
            {
              number: 0,
              line: what[1],
              direction,
              label: 'car',
              trackId: what[0],
              frame: at,
              ptsMs: at * 1000,
              x: 0,
              y: 0,
            },
          ]
        : [];
    movements.push(
      ...counter.update({
        crossings: now.flatMap((one) => [...passed(one.in, 'forward'), ...passed(one.out, 'backward')]),
        closed: now.flatMap((one) =>
          one.close ? [{ ...summaryOf(one.close, 0), lastPtsMs: at * 1000 }] : [],
        ),
        begun: now.flatMap((one) => (one.link ? [one.link] : [])),
        ptsMs: at * 1000,
      }),
    );
  }
  movements.push(...counter.finish());
  return { counter, ways: movements.map(way), movements };
}

const way = ({ entered, left }: Movement): string => `${entered?.gate ?? '?'} > ${left?.gate ?? '?'}`;

describe('MovementCounter', () => {
  it('joins the way in and the way out of a track', () => {
    const { movements, counter } = watch([
      { at: 2, in: [1, 'north'] },
      { at: 7, out: [1, 'east'] },
    ]);
    expect(movements).toEqual([
      {
        number: 0,
        label: 'car',
        trackId: 1,
        entered: { gate: 'north', frame: 2, ptsMs: 2000 },
        left: { gate: 'east', frame: 7, ptsMs: 7000 },
      },
    ]);
    expect(counter.counts().north?.east).toEqual({ total: 1, byClass: { car: 1 } });
    expect(counter.counts().north?.south).toEqual({ total: 0, byClass: {} });
  });

  it('knows a U-turn, and a second way of the same track', () => {
    const { ways } = watch([
      { at: 2, in: [1, 'north'] },
      { at: 5, out: [1, 'north'] },
      { at: 8, in: [1, 'south'] },
      { at: 9, out: [1, 'east'] },
    ]);
    expect(ways).toEqual(['north > north', 'south > east']);
  });

  it('does not know where a track came from that appeared inside', () => {
    const { ways, counter } = watch([{ at: 2, out: [1, 'south'] }]);
    expect(ways).toEqual(['? > south']);
    expect(counter.counts().unknown?.south?.total).toBe(1);
  });

  it('does not know where a track went that was lost inside, and says so only once nothing can continue it', () => {
    const counter = new MovementCounter(gates, 3000);
    const crossing = { number: 0, line: 'north', direction: 'forward' as const, label: 'car', trackId: 1 };
    counter.update({
      crossings: [{ ...crossing, frame: 0, ptsMs: 0, x: 0, y: 0 }],
      closed: [],
      begun: [],
      ptsMs: 0,
    });
    const closed = [{ ...summaryOf(1, 0), lastPtsMs: 1000 }];
    expect(counter.update({ crossings: [], closed, begun: [], ptsMs: 3500 })).toEqual([]);
    expect(counter.update({ crossings: [], closed: [], begun: [], ptsMs: 4100 }).map(way)).toEqual([
      'north > ?',
    ]);
    expect(counter.counts().north?.unknown?.total).toBe(1);
    expect(counter.finish()).toEqual([]);
  });

  it('tells who is still inside at the end as gone nowhere known', () => {
    expect(watch([{ at: 2, in: [1, 'north'] }], 3).ways).toEqual(['north > ?']);
  });

  it('closes a way in that is followed by another way in', () => {
    const { ways } = watch([
      { at: 2, in: [1, 'north'] },
      { at: 5, in: [1, 'south'] },
      { at: 6, out: [1, 'east'] },
    ]);
    expect(ways).toEqual(['north > ?', 'south > east']);
  });

  it('goes on with the way in of a track that this one continues, told when that is certain', () => {
    const link: Link = { from: 1, to: 2, state: 'open' };
    const before = [
      { at: 2, in: [1, 'north'] as [number, string] },
      { at: 5, link },
      { at: 6, out: [2, 'east'] as [number, string] },
    ];
    expect(watch(before, 6).ways).toEqual(['north > east']);
    const { ways } = watch([
      ...before.map((one) => ({
        ...one,
        ...(one.link ? { link: { ...link, state: 'joined' as const } } : {}),
      })),
      { at: 8, close: 1 },
    ]);
    expect(ways).toEqual(['north > east']);
  });

  it('leaves the way in to its track when the other turns out to be another object', () => {
    const link: Link = { from: 1, to: 2, state: 'parted' };
    const { ways } = watch([
      { at: 2, in: [1, 'north'] },
      { at: 5, link },
      { at: 6, out: [2, 'east'] },
      { at: 9, out: [1, 'south'] },
    ]);
    expect(ways).toEqual(['? > east', 'north > south']);
  });

  it('hands a way in on through several tracks', () => {
    const { ways } = watch([
      { at: 2, in: [1, 'north'] },
      { at: 5, link: { from: 1, to: 2, state: 'joined' } },
      { at: 7, link: { from: 2, to: 3, state: 'joined' } },
      { at: 9, out: [3, 'east'] },
    ]);
    expect(ways).toEqual(['north > east']);
  });

  it('keeps one-way gates one-way, and takes the inward direction as set', () => {
    const own = [gate('in', { use: 'in' }), gate('out', { use: 'out', inward: 'backward' })];
    const { ways, counter } = watch(
      [
        { at: 1, in: [1, 'in'] },
        { at: 2, out: [2, 'in'] },
        { at: 3, in: [1, 'out'] },
        { at: 4, out: [3, 'out'] },
      ],
      9,
      own,
    );
    expect(ways).toEqual(['in > out']);
    expect(Object.keys(counter.counts())).toEqual(['in', 'unknown']);
    expect(Object.keys(counter.counts().in ?? {})).toEqual(['out', 'unknown']);
  });

  it('has no gate of the name that stands for not knowing', () => {
    expect(() => gate('unknown')).toThrow('may not be named');
  });

  it('adds up: rows to the ways in, columns to the ways out, whatever happens', () => {
    const track = fc.integer({ min: 1, max: 6 });
    const name = fc.constantFrom('north', 'south', 'east');
    const at = fc.integer({ min: 0, max: 30 });
    const crossing = fc.tuple(track, name);
    const state = fc.constantFrom('open' as const, 'joined' as const, 'parted' as const);
    const happening: fc.Arbitrary<Happening> = fc.oneof(
      fc.record({ at, in: crossing }),
      fc.record({ at, out: crossing }),
      fc.record({ at, close: track }),
      fc.record({ at, link: fc.record({ from: fc.constant(1), to: fc.integer({ min: 2, max: 6 }), state }) }),
    );
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        const { counter, ways } = watch(happenings);
        const counts = counter.counts();
        const names = [...gates.map((one) => one.name), 'unknown'];
        const total = (from: string, to: string): number => counts[from]?.[to]?.total ?? 0;
        for (const one of gates) {
          const row = names.reduce((sum, to) => sum + total(one.name, to), 0);
          const column = names.reduce((sum, from) => sum + total(from, one.name), 0);
          expect(row).toBe(happenings.filter((h) => h.in?.[1] === one.name).length);
          expect(column).toBe(happenings.filter((h) => h.out?.[1] === one.name).length);
        }
        expect(ways).not.toContain('? > ?');
      }),
      { numRuns: 500, seed: 4 },
    );
  });
});
