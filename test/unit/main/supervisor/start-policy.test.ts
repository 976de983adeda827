import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  firstMarker,
  GRAPHICS_WINDOW_MS,
  graphicsGivenUp,
  planStart,
  type StartMarker,
  settled,
} from '../../../../src-main/supervisor/start-policy.ts';

/** Starts one after the other: how each went, by what happened in the one before. */
function modes(ends: readonly ('quick' | 'late' | 'orderly')[]): string[] {
  let found: StartMarker | null = null;
  const seen: string[] = [];
  for (const end of [...ends, 'orderly'] as const) {
    const { mode, marker } = planStart(found);
    seen.push(mode);
    found = end === 'quick' ? marker : settled(marker);
  }
  return seen;
}

describe('the start of ivis', () => {
  it('is safe after three quick unclean ends in a row, and as always after an orderly one', () => {
    expect(modes(['quick', 'quick', 'quick', 'orderly'])).toEqual([
      'normal',
      'normal',
      'normal',
      'safe',
      'normal',
    ]);
  });

  it('is as always when one of the starts before lasted its minute', () => {
    expect(modes(['quick', 'quick', 'late', 'quick', 'quick'])).not.toContain('safe');
  });

  it('stays safe while it keeps ending in safe mode too', () => {
    expect(modes(['quick', 'quick', 'quick', 'quick']).slice(3)).toEqual(['safe', 'safe']);
  });

  it('is safe exactly when the last three ended quickly', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('quick', 'late', 'orderly'), { maxLength: 12 }), (ends) => {
        const last = ends.slice(-3);
        const safe = last.length === 3 && last.every((end) => end === 'quick');
        expect(modes(ends).at(-1)).toBe(safe ? 'safe' : 'normal');
      }),
    );
  });

  it('does without the graphics card in safe mode, and after its process kept ending', () => {
    expect(planStart({ starting: true, quickEnds: 2, softwareGraphics: false }).softwareGraphics).toBe(true);
    const given = { ...firstMarker, softwareGraphics: true };
    expect(planStart(given)).toMatchObject({ mode: 'normal', softwareGraphics: true });
    expect(settled(planStart(given).marker).softwareGraphics).toBe(true);
    expect(planStart(firstMarker).softwareGraphics).toBe(false);
  });

  it('gives the graphics process up on its third end within half a minute', () => {
    expect(graphicsGivenUp([0, 1000], 1000)).toBe(false);
    expect(graphicsGivenUp([0, 1000, 2000], 2000)).toBe(true);
    expect(graphicsGivenUp([0, GRAPHICS_WINDOW_MS, GRAPHICS_WINDOW_MS + 1], GRAPHICS_WINDOW_MS + 1)).toBe(
      false,
    );
  });
});
