import { expect, it } from 'vitest';
import { motionWords } from '../../../../src-renderer/figures/motion-words.ts';

it('says how far things move and how often they must be looked at, only where counts may be too low', () => {
  expect(motionWords({ stepShare: 0.69, neededFps: 3.46, tracks: 20, tooRare: true })).toBe(
    'Counts may be too low: what moves here goes 0.7 of its own length from one look to the next, so some of it is missed. It takes at least 3.5 looks a second.',
  );
  expect(motionWords({ stepShare: 2.3, neededFps: 11.5, tracks: 20, tooRare: true })).toContain(
    'at least 12 looks',
  );
  expect(motionWords({ stepShare: 0.2, neededFps: 3.46, tracks: 20, tooRare: false })).toBeNull();
  expect(motionWords(null)).toBeNull();
  expect(motionWords(undefined)).toBeNull();
});
