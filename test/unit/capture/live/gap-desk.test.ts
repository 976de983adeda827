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

  describe('hands over to a run after nobody looked', () => {
    const hole: Hole = { cause: 'detection-restart', fromWallMs: 1_002_000 };

    it('with the hole open until the end, where the camera was well', () => {
      const { gaps, clock, take } = desk();
      clock.now = 5000;
      const changes: string[] = [];
      gaps.handOver(() => changes.push('changed'), hole);
      clock.now = 5300;
      gaps.end(9000);
      expect(changes).toEqual(['changed']);
      expect(take()).toEqual(['began 0 detection-restart 2000-', 'ended 0 detection-restart 2000-5300']);
    });

    it('with the hole of the camera from there on, where that lasts longer', () => {
      const { gaps, clock, take } = desk();
      clock.now = 1000;
      gaps.begin('black', 1000, null);
      clock.now = 5000;
      gaps.handOver(() => {}, hole);
      clock.now = 8000;
      gaps.end(null);
      expect(take()).toEqual(['began 0 black 1000-', 'began 0 black 2000-', 'ended 0 black 2000-8000']);
    });

    it('with one after the other, where the camera was lost meanwhile', () => {
      const { gaps, clock, take } = desk();
      clock.now = 4000;
      gaps.begin('lost', 3500, 700);
      clock.now = 5000;
      take();
      gaps.handOver(() => {}, hole);
      clock.now = 8000;
      gaps.end(null);
      expect(take()).toEqual([
        'began 1 detection-restart 2000-',
        'ended 1 detection-restart 2000-3500',
        'began 2 lost 3500-',
        'ended 2 lost 3500-8000',
      ]);
    });

    it('and ends it where the camera is lost before anybody looks', () => {
      const { gaps, clock, take } = desk();
      clock.now = 5000;
      gaps.handOver(() => {}, hole);
      clock.now = 6000;
      gaps.begin('stalled', 5500, 800);
      expect(take()).toEqual([
        'began 0 detection-restart 2000-',
        'ended 0 detection-restart 2000-5500',
        'began 1 stalled 5500-',
      ]);
    });

    it('tells what was left out before to the run before', () => {
      const { gaps, take } = desk();
      gaps.leaveOut();
      gaps.handOver(() => {}, hole);
      expect(take()[0]).toBe('dropped 1');
    });
  });
});
