import { describe, expect, it } from 'vitest';
import { type Ordered, startInOrder, stopInOrder } from '../../../../src-main/supervisor/start-order.ts';
import { type WorkerName, workerSpecs } from '../../../../src-main/supervisor/worker-specs.ts';

/** Workers whose ends come when they are let go; what happened, in its order. */
function workers(names: readonly WorkerName[]) {
  const happened: string[] = [];
  const ends: (() => void)[] = [];
  const made = names.map(
    (name): Ordered => ({
      spec: workerSpecs[name],
      start: () => happened.push(`${name} starts`),
      stop: () => {
        happened.push(`${name} is told to stop`);
        return new Promise((resolve) =>
          ends.push(() => {
            happened.push(`${name} is gone`);
            resolve();
          }),
        );
      },
    }),
  );
  const letGo = async (): Promise<void> => {
    for (const end of ends.splice(0)) end();
    // Everything that hangs on an end has had its turn.
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { made, happened, letGo };
}

describe('the order of workers', () => {
  it('is that of the table: store, detection, capture', () => {
    const { made, happened } = workers(['capture', 'detection', 'store']);
    startInOrder(made);
    expect(happened).toEqual(['store starts', 'detection starts', 'capture starts']);
  });

  it('is the other way round at the end, and nobody is told to stop while one after it lives', async () => {
    const { made, happened, letGo } = workers(['store', 'capture', 'detection', 'capture']);
    const stopped = stopInOrder(made);
    for (let n = 0; n < 3; n++) await letGo();
    await stopped;
    expect(happened).toEqual([
      'capture is told to stop',
      'capture is told to stop',
      'capture is gone',
      'capture is gone',
      'detection is told to stop',
      'detection is gone',
      'store is told to stop',
      'store is gone',
    ]);
  });
});
