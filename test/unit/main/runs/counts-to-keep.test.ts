import { describe, expect, it } from 'vitest';
import type { RunSettings } from '#shared/domain/run.ts';
import { CountsToKeep } from '../../../../src-main/runs/counts-to-keep.ts';
import type { LiveCounts } from '../../../../src-main/runs/live-counts.ts';

const line = (name: string, x: number) => ({
  name,
  points: [
    { x, y: 0 },
    { x, y: 100 },
  ],
});
const settings: RunSettings = {
  mode: 'live',
  lines: [line('a', 10), line('b', 20)],
  zones: [],
  classes: ['car'],
  confidence: null,
  every: null,
  fps: null,
  keepRawDetections: false,
};

/** What was asked to be kept; null: everything, as nothing was asked. */
function kept(...steps: RunSettings[]): { none: boolean; lines: string[] | null; all: string[] } {
  const keep = new CountsToKeep();
  let before = settings;
  for (const after of steps) {
    keep.changed(before, after);
    before = after;
  }
  const { none } = keep;
  let asked: { lines: string[]; all: string[] } | null = null;
  const keepOnly = (lines: Set<string>, _zones: Set<string>, all: string[]): void => {
    asked = { lines: [...lines], all };
  };
  keep.applyTo({ keepOnly } as unknown as LiveCounts, 0);
  const { lines = null, all = [] } = (asked ?? {}) as { lines?: string[]; all?: string[] };
  return { none, lines, all };
}

describe('the counts to keep', () => {
  it('are those of lines that did not change, over several changes', () => {
    expect(kept({ ...settings, lines: [line('a', 10), line('b', 30), line('c', 40)] })).toEqual({
      none: false,
      lines: ['a'],
      all: ['a', 'b', 'c'],
    });
    const moved = { ...settings, lines: [line('a', 11), line('b', 20)] };
    // Moved away and back: what crossed it meanwhile was not counted on it.
    expect(kept(moved, settings).lines).toEqual(['b']);
  });

  it('are all when only the rate or the pictures of crossings change', () => {
    const rate = { targetFps: 5, floorFps: 1, priority: 2 };
    expect(kept({ ...settings, rate, evidence: 'off' })).toMatchObject({ none: false, lines: ['a', 'b'] });
  });

  it('are none when something else is looked for, or elsewhere', () => {
    const crop = { x1: 0, y1: 0, x2: 50, y2: 50 };
    const others: Partial<RunSettings>[] = [
      { classes: ['bus'] },
      { confidence: 0.9 },
      { regions: { include: [], exclude: [], crop } },
    ];
    for (const other of others) expect(kept({ ...settings, ...other }).none).toBe(true);
    // The same lines on a picture of another size are other lines.
    const drawn = { ...settings, picture: { width: 640, height: 360 } };
    expect(kept(drawn).none).toBe(false);
    expect(kept(drawn, { ...drawn, picture: { width: 1280, height: 720 } }).none).toBe(true);
  });
});
