import { describe, expect, it } from 'vitest';
import type { RunProgress, RunSettings } from '#shared/domain/run.ts';
import { countsThatHold } from '../../../../src-main/runs/counts-that-hold.ts';

const line = (name: string, x: number) => ({
  name,
  points: [
    { x, y: 0 },
    { x, y: 100 },
  ],
});
const zone = (name: string, x: number) => ({
  name,
  points: [
    { x, y: 0 },
    { x: x + 50, y: 0 },
    { x, y: 50 },
  ],
});
const gate = (name: string, x: number) => ({ ...line(name, x), inward: 'forward', use: 'both' }) as const;
const settings = {
  mode: 'analyse',
  lines: [line('west', 10), line('east', 90)],
  zones: [zone('court', 10)],
  gates: [gate('north', 50)],
  classes: ['car'],
  picture: { width: 200, height: 100 },
} as unknown as RunSettings;
const one = { forward: { total: 1, byClass: { car: 1 } }, backward: { total: 0, byClass: {} } };
const progress = {
  ledger: { decoded: 5 },
  counts: {
    lines: { west: one, east: one },
    zones: { court: { visits: 1 } },
    movements: { ways: [] },
    tracks: { total: 2, byClass: { car: 2 } },
  },
} as unknown as RunProgress;
const held = (now: Partial<RunSettings>) => countsThatHold({ progress, settings }, { ...settings, ...now });

describe('what still holds of the counts of a run that is over', () => {
  it('is all of it while nothing that counts is changed', () => {
    expect(held({})).toEqual(progress);
    expect(held({ evidence: 'off' } as Partial<RunSettings>)).toEqual(progress);
  });

  it('is not that of a line or a zone that was moved, and again when it is put back', () => {
    const moved = held({ lines: [line('west', 11), line('east', 90)], zones: [zone('court', 12)] });
    expect(Object.keys(moved?.counts.lines ?? {})).toEqual(['east']);
    expect(moved?.counts.zones).toEqual({});
    expect(moved?.counts.tracks).toEqual(progress.counts.tracks);
    expect(held({ lines: [line('east', 90), line('west', 10)] })).toEqual(progress);
  });

  it('are no movements when a gate was moved', () => {
    expect(held({ gates: [gate('north', 51)] })?.counts).not.toHaveProperty('movements');
  });

  it('is nothing with other classes or a picture of another size', () => {
    expect(held({ classes: ['bus'] })).toBeNull();
    expect(held({ picture: { width: 400, height: 200 } })).toBeNull();
  });
});
