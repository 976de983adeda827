import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { LOOKS_OVER, MemoryWatch, stepMemory } from '../../../../src-main/supervisor/memory-watch.ts';

const watches: MemoryWatch[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch.stop();
});

describe('a memory limit', () => {
  it('acts on three looks in a row over it, once, and not on a peak', () => {
    const due: number[] = [];
    let over: ReadonlyMap<string, number> = new Map();
    [90, 120, 130, 90, 120, 130, 140, 150, 160].forEach((bytes, look) => {
      const step = stepMemory(over, [{ key: 'detection 7', bytes, limitBytes: 100 }]);
      over = step.over;
      if (step.due.length > 0) due.push(look);
    });
    expect(due).toEqual([6]);
  });

  it('never acts without a limit, nor on less than it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), fc.option(fc.constant(1000)), (all, limitBytes) => {
        let over: ReadonlyMap<string, number> = new Map();
        for (const bytes of all) {
          const step = stepMemory(over, [{ key: 'k', bytes, limitBytes }]);
          over = step.over;
          if (step.due.length > 0) return false;
        }
        return true;
      }),
    );
  });

  it('is of the process: the next one begins with nothing against it', () => {
    const told: string[] = [];
    let pid = 7;
    const watch = new MemoryWatch({
      subjects: () => [{ kind: 'store', pid, restart: (cause) => told.push(`${pid} ${cause}`) }],
      measure: () => new Map([[pid, 300 * 2 ** 20]]),
      limitMb: (kind) => (kind === 'store' ? 200 : null),
    });
    watches.push(watch);
    for (let n = 1; n < LOOKS_OVER; n++) watch.look();
    pid = 8;
    watch.look();
    expect(told).toEqual([]);
    for (let n = 1; n < LOOKS_OVER; n++) watch.look();
    expect(told).toEqual(['8 memory: 300 MB, allowed are 200 MB']);
  });
});
