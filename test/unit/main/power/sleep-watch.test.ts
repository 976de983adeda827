import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { SleepWatch } from '../../../../src-main/power/sleep-watch.ts';

/** A watch whose clocks are moved by hand. Wall time is 1000 s ahead of the others. */
function watched() {
  const clocks = { monoMs: 0, upMs: 0, wallMs: 1_000_000 };
  const told: (readonly [string, number?, boolean?])[] = [];
  const port = new EventEmitter();
  const clock = { monoMs: () => clocks.monoMs, wallMs: () => clocks.wallMs };
  const watch = new SleepWatch(clock, () => clocks.upMs, {
    suspended: (fromWallMs, noticed) => told.push(['suspended', fromWallMs, noticed]),
    resumed: () => told.push(['resumed']),
  });
  watch.follow(port);
  const pass = (ms: number, { asleep = false } = {}): void => {
    if (!asleep) clocks.monoMs += ms;
    clocks.upMs += ms;
    clocks.wallMs += ms;
  };
  const awake = (seconds: number): void => {
    for (let n = 0; n < seconds; n++) {
      pass(1000);
      watch.look();
    }
  };
  watch.look();
  return { watch, told, port, clocks, pass, awake };
}

describe('the watch on sleep', () => {
  it('tells an announced sleep once, and its end', () => {
    const { watch, told, port, pass, awake } = watched();
    awake(3);
    port.emit('suspend');
    expect(told).toEqual([['suspended', 1_003_000, false]]);
    pass(3_600_000, { asleep: true });
    watch.look();
    port.emit('resume');
    awake(100);
    expect(told.slice(1)).toEqual([['resumed']]);
  });

  it('finds out a sleep that nobody announced, also where the monotonic clock stands still in it', () => {
    for (const asleep of [true, false]) {
      const { watch, told, pass, awake } = watched();
      awake(3);
      pass(60_000, { asleep });
      watch.look();
      awake(10);
      expect(told).toEqual([['suspended', 1_003_000, true], ['resumed']]);
    }
  });

  it('tells a sleep once when only its end is announced', () => {
    const { told, port, pass, awake } = watched();
    awake(3);
    pass(60_000, { asleep: true });
    port.emit('resume');
    awake(10);
    expect(told).toEqual([['suspended', 1_003_000, true], ['resumed']]);
  });

  it('takes no look that is a little late, and no clock that is set, for sleep', () => {
    const { watch, told, clocks, pass, awake } = watched();
    pass(3500);
    watch.look();
    clocks.wallMs += 3_600_000;
    awake(5);
    clocks.wallMs -= 7_200_000;
    awake(5);
    expect(told).toEqual([]);
  });

  it('does not wait for ever for a sleep that was called off', () => {
    const { told, port, awake } = watched();
    port.emit('suspend');
    port.emit('suspend');
    awake(59);
    expect(told).toHaveLength(1);
    awake(1);
    expect(told.at(-1)).toEqual(['resumed']);
  });
});
