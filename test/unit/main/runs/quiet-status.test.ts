import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../../src-main/runs/engine.ts';
import { quietStatus, shownFault, toldProgress } from '../../../../src-main/runs/quiet-status.ts';

const away = {
  detectionWorker: { life: { lastError: 'killed (SIGKILL)' } },
  storeFault: { kind: 'store-full', message: 'database or disk is full' },
} as unknown as Pick<Engine, 'detectionWorker' | 'storeFault'>;
const well = quietStatus('LIVE', 0);

describe('what is wrong with a live source', () => {
  it('is what the camera says first, then who does not look at it', () => {
    const lost = { ...well, cause: { kind: 'camera-lost', message: 'the stream ended' } as const };
    expect(shownFault(lost, true, true, away)).toMatchObject({
      kind: 'camera-lost',
      detail: 'the stream ended',
    });
    expect(shownFault(well, true, true, away)).toMatchObject({
      kind: 'detection-away',
      detail: 'killed (SIGKILL)',
    });
    expect(shownFault(well, false, true, away)).toMatchObject({
      kind: 'store-away',
      detail: 'database or disk is full',
    });
    expect(shownFault(well, false, false, away)).toBeNull();
  });
});

describe('how many pictures a second are looked at', () => {
  const ledger = { decoded: 5, processed: 4, dropped: {}, inFlight: 1 };
  const counts = { lines: {}, zones: {}, tracks: { total: 1, byClass: {} } };
  const progress = { ledger, counts, ptsMs: 100, fps: 14, inferMs: { p50: 1, p95: 2 } };

  it('is known for three seconds, what was counted stays', () => {
    expect(toldProgress(progress, 3000)).toEqual(progress);
    expect(toldProgress(progress, 3001)).toEqual({ ...progress, fps: 0 });
    expect(toldProgress(null, 9000)).toBeNull();
  });
});
