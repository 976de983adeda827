import { describe, expect, it } from 'vitest';
import type { Gap, Hole } from '#shared/domain/gap.ts';
import { GapDesk } from '../../../../src-worker/capture/live/gap-desk.ts';

/** A desk with a clock that is put by hand; wall time is 1 000 000 ms ahead of the monotonic clock. */
function desk(hole: Hole | null = null) {
  const clock = { now: 0, monoMs: () => clock.now, wallMs: () => clock.now + 1_000_000 };
  const told: string[] = [];
  const say = (what: string, { number, cause, fromWallMs, toWallMs }: Gap): void => {
    const to = toWallMs === null ? '' : toWallMs - 1_000_000;
    told.push(`${what} ${number} ${cause} ${fromWallMs - 1_000_000}-${to}`);
  };
  const gaps = new GapDesk(
    clock,
    {
      onGapBegan: (gap) => say('began', gap),
      onGapEnded: (gap) => say('ended', gap),
      onNote: (gap) => say('note', gap),
      onDropped: (_reason, frames) => told.push(`dropped ${frames}`),
    },
    hole,
  );
  return { gaps, clock, take: () => told.splice(0) };
}

describe('the desk of gaps', () => {
  it('ends a hole where it goes on for another cause, without a moment between', () => {
    const { gaps, clock, take } = desk();
    gaps.begin('black', 0, 40);
    clock.now = 9000;
    gaps.leaveOut();
    gaps.turn('lost', 8000, 8040);
    clock.now = 12_000;
    gaps.end(11_000);
    expect(take()).toEqual([
      'began 0 black 0-',
      'dropped 1',
      'ended 0 black 0-8000',
      'began 1 lost 8000-',
      'ended 1 lost 8000-12000',
    ]);
  });

  it('names a hole anew when nothing is left of the first cause', () => {
    const { gaps, clock, take } = desk();
    clock.now = 5000;
    gaps.begin('stalled', 1000, null);
    gaps.turn('lost', 1000, null);
    gaps.turn('lost', 4000, null);
    expect(take()).toEqual(['began 0 stalled 1000-', 'began 0 lost 1000-']);
  });

  it('begins with the hole it is part of, and goes on with what keeps the camera away now', () => {
    const { gaps, clock, take } = desk({ cause: 'detection-restart', fromWallMs: 990_000 });
    gaps.begin('connecting', 0, null);
    clock.now = 300;
    gaps.turn('auth-failed', 300, null);
    expect(take()).toEqual([
      'began 0 detection-restart -10000-',
      'ended 0 detection-restart -10000-300',
      'began 1 auth-failed 300-',
    ]);
  });

  it('a hole that is none goes on for nothing', () => {
    const { gaps, take } = desk();
    gaps.turn('lost', 0, null);
    expect(take()).toEqual([]);
  });
});
