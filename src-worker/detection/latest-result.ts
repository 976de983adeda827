import type { LatestResult } from '#shared/contracts/main-detection.contract.ts';
import type { SourceRun } from './source-run.ts';

/** At most as many as the contract carries; a frame with more is a broken model's. */
const MOST = 2000;

/** The newest result of a run for whoever asks; nothing before its first frame. */
export function latestResult(run: SourceRun, horizonsMs: readonly number[]): LatestResult[] {
  const { sourceId, runId, latest } = run;
  if (latest === null) return [];
  const { frame, ptsMs, detections, tracks } = latest;
  const { seq, wallMs, monoMs, width, height } = frame;
  const predictions = horizonsMs.length === 0 ? [] : run.outlook(horizonsMs).slice(0, MOST);
  return [
    {
      ...{ sourceId, runId, seq, ptsMs, wallMs, monoMs, width, height },
      detections: detections.slice(0, MOST),
      tracks: tracks.slice(0, MOST),
      predictions: predictions.map(({ trackId, label, ahead }) => ({ trackId, label, ahead: [...ahead] })),
    },
  ];
}
