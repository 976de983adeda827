import { describe, expect, it } from 'vitest';
import { motionWords } from '../../../../src-renderer/figures/motion-words.ts';

const rare = { stepShare: 0.69, neededFps: 3.46, tracks: 20, tooRare: true };
const often = { ...rare, stepShare: 0.2, tooRare: false };

describe('that counts may be too low', () => {
  it('is said with how far things move and how often they must be looked at', () => {
    expect(motionWords({ motion: rare })).toBe(
      'Counts may be too low: what moves here goes 0.7 of its own length from one look to the next, so some of it is missed. It takes at least 3.5 looks a second.',
    );
    expect(motionWords({ motion: { ...rare, neededFps: 11.5 } })).toContain('at least 12 looks');
  });

  it('is said of the past too, with how long it was so', () => {
    expect(motionWords({ motion: rare, tooRareMs: 754_000 })).toMatch(/ It has been so for 12 min 34 s\.$/);
    expect(motionWords({ motion: often, tooRareMs: 60_000 })).toBe(
      'Counts may be too low: for 1 min looks came too rarely for what moves here, so some of it was missed.',
    );
    expect(motionWords({ motion: null, tooRareMs: 60_000 })).toContain('for 1 min');
  });

  it('is not said where looks come often enough', () => {
    expect(motionWords({ motion: often })).toBeNull();
    expect(motionWords({ motion: often, tooRareMs: 400 })).toBeNull();
    expect(motionWords({ motion: null })).toBeNull();
    expect(motionWords({})).toBeNull();
  });
});
