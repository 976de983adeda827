import { describe, expect, it } from 'vitest';
import { beat, look, noPulse, PAGE_SILENCE_MS } from '../../../../src-main/supervisor/page-pulse.ts';

/** Looks twice a second up to `untilMs`; the times at which the page was found to hang. */
function hangsOf(beats: (ms: number) => boolean, untilMs: number, late: readonly [number, number] = [0, 0]) {
  const found: number[] = [];
  let pulse = noPulse;
  for (let ms = 0; ms <= untilMs; ms += 500) {
    if (beats(ms)) pulse = beat(pulse, ms);
    if (ms >= late[0] && ms < late[1]) continue;
    const seen = look(pulse, ms);
    pulse = seen.pulse;
    if (seen.hangs) found.push(ms);
  }
  return found;
}

describe('the pulse of the page', () => {
  it('is not expected of a page that has not begun to beat', () => {
    expect(hangsOf(() => false, 60_000)).toEqual([]);
  });

  it('that stops is a hang, told once', () => {
    expect(hangsOf((ms) => ms <= 5000, 60_000)).toEqual([5000 + PAGE_SILENCE_MS + 500]);
  });

  it('that is slow but there is none', () => {
    expect(hangsOf((ms) => ms % 9000 === 0, 60_000)).toEqual([]);
  });

  it('is not judged by one who was away: after sleep its time begins anew', () => {
    expect(hangsOf((ms) => ms <= 5000 || ms >= 43_000, 60_000, [6000, 40_000])).toEqual([]);
  });
});
