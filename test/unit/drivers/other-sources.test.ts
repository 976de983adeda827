import { describe, expect, it } from 'vitest';
import type { AppState } from '#shared/domain/app-state.ts';
import { brokenOthers } from '../../drivers/other-sources.ts';

type Change = { state?: string; runId?: number; dropped?: Record<string, number>; gaps?: number[] };

/** A state of two cameras, as far as the checker looks at it. */
function stateOf(second: Change = {}): AppState {
  const source = (sourceId: string, change: Change) => ({
    sourceId,
    state: change.state ?? 'LIVE',
    runId: change.runId ?? 1,
    progress: { ledger: { decoded: 100, processed: 50, dropped: change.dropped ?? {}, inFlight: 0 } },
    live: { gaps: (change.gaps ?? []).map((fromWallMs) => ({ cause: 'stalled', fromWallMs })) },
  });
  return { sources: [source('hit', {}), source('other', second)] } as unknown as AppState;
}

describe('I5: what a fault of one source does to the others', () => {
  it.each([
    ['nothing', {}, []],
    ['frames of its own choice', { dropped: { sampled: 9, 'newer-frame': 4 } }, []],
    ['another run', { runId: 2 }, ['I5: other began anew: run 1 became 2']],
    ['another state', { state: 'STALLED' }, ['I5: other is STALLED']],
    ['a gap', { gaps: [1000] }, ['I5: other has a gap: stalled']],
    ['lost frames', { dropped: { 'worker-restart': 2 } }, ['I5: other lost 2 frames: worker-restart']],
  ])('%s', (_words, change: Change, told) => {
    expect(brokenOthers(stateOf(), stateOf(change), 'hit')).toEqual(told);
    // Of the source that was hit it says nothing.
    expect(brokenOthers(stateOf(), stateOf(change), 'other')).toEqual([]);
  });

  it('what was there before is not held against it', () => {
    const ill = { dropped: { 'worker-restart': 2 }, gaps: [1000] };
    expect(brokenOthers(stateOf(ill), stateOf(ill), null)).toEqual([]);
  });
});
