import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../../src-main/runs/engine.ts';
import { HoleKeeper } from '../../../../src-main/runs/hole-keeper.ts';

const begun = { cause: 'connecting', fromWallMs: 1000 } as const;
const left = (died: 'capture' | 'detection' | null, holeTold: boolean, knownToWallMs: number) => ({
  died,
  holeTold,
  knownToWallMs,
});

function keeper() {
  const stored: unknown[] = [];
  const engine = {
    askStore: (_name: string, body: unknown) => {
      stored.push(body);
      return Promise.resolve({});
    },
    clock: { monoMs: () => 0, wallMs: () => 0 },
    log: { write: () => {}, close: () => {} },
  } as unknown as Engine;
  return { holes: new HoleKeeper(engine, begun), stored };
}

describe('the keeper of holes', () => {
  it('hands the hole of the start to the first run, and that of a death to the next', () => {
    const { holes } = keeper();
    expect(holes.hole).toEqual(begun);
    holes.runId = 1;
    holes.told();
    holes.left(left('detection', true, 5000));
    expect(holes.hole).toEqual({ cause: 'detection-restart', fromWallMs: 5000 });
    // A run that fell before it could tell it leaves it as it was.
    holes.left(left('capture', false, 9000));
    expect(holes.hole).toEqual({ cause: 'detection-restart', fromWallMs: 5000 });
  });

  it('writes what no run told when none comes any more, and nothing else', async () => {
    const { holes, stored } = keeper();
    await holes.keep(2000);
    expect(stored).toEqual([]);
    holes.runId = 7;
    holes.told();
    await holes.keep(2000);
    expect(stored).toEqual([]);
    holes.left(left('capture', true, 3000));
    await holes.keep(8000);
    expect(stored).toEqual([{ cause: 'capture-restart', fromWallMs: 3000, runId: 7, toWallMs: 8000 }]);
  });
});
