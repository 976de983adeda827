import type { WireError } from '#shared/contracts/wire-error.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { Motion } from '#shared/domain/motion.ts';
import type { RunCounts } from '#shared/domain/run.ts';
import type { RunOutcome } from '../runs/file-run.ts';

const emptyCounts: RunCounts = { lines: {}, zones: {}, tracks: { total: 0, byClass: {} } };

/** summary.json of one analysed file; field names are those of the plan. */
export interface Summary {
  readonly source: string;
  readonly complete: boolean;
  readonly status: RunOutcome['status'];
  readonly error: WireError | null;
  readonly frames: { decoded: number; processed: number; dropped: Record<string, number>; inFlight: number };
  readonly durationMs: number | null;
  readonly wallMs: number;
  readonly fps: number;
  readonly inferMs: { p50: number; p95: number } | null;
  readonly startUtc: { value: string; basis: MediaInfo['startBasis'] } | null;
  readonly media: { width: number; height: number; codec: string; fps: number | null } | null;
  readonly model: {
    id: string;
    sha256: string;
    inputSize: string;
    provider: string;
    measuredMs: number;
    probed: readonly { provider: string; measuredMs: number | null; refused: string | null }[];
  } | null;
  readonly lines: RunCounts['lines'];
  readonly zones: RunCounts['zones'];
  /** Origin, then destination; only of a run with gates. */
  readonly movements?: RunCounts['movements'];
  readonly tracks: RunCounts['tracks'];
  /** How far tracked objects move between two looks; null when nothing moved. */
  readonly motion: Motion | null;
  /** How long of the film looks came too rarely for what moved there. */
  readonly tooRareMs: number;
  /** Frames that a run before had looked at and that were not looked at again. */
  readonly takenOver: number;
  readonly runId: number | null;
  readonly attempts: number;
  readonly files: Readonly<Record<string, { path: string; rows: number }>>;
}

/** Puts together what is known of a run that has ended. `wallMs` is the time the analysis took. */
export function summarise(
  video: string,
  outcome: RunOutcome,
  wallMs: number,
  files: Summary['files'],
): Summary {
  const { finished, media } = outcome;
  const ledger = finished?.ledger ?? { decoded: 0, processed: 0, dropped: {}, inFlight: 0 };
  const counts = finished?.counts ?? emptyCounts;
  const dropped: Record<string, number> = {};
  for (const [reason, n] of Object.entries(ledger.dropped)) if (n !== undefined) dropped[reason] = n;
  return {
    source: video,
    complete: outcome.status === 'complete',
    status: outcome.status,
    error: outcome.error,
    frames: { decoded: ledger.decoded, processed: ledger.processed, dropped, inFlight: ledger.inFlight },
    durationMs: media?.durationMs ?? finished?.lastPtsMs ?? null,
    wallMs: Math.round(wallMs),
    fps: wallMs > 0 ? Math.round((ledger.processed / wallMs) * 100_000) / 100 : 0,
    inferMs: finished?.inferMs ?? null,
    startUtc:
      media === null ? null : { value: new Date(media.startWallMs).toISOString(), basis: media.startBasis },
    media:
      media === null
        ? null
        : { width: media.width, height: media.height, codec: media.codec, fps: media.fps },
    model:
      finished === null
        ? null
        : {
            id: finished.model.id,
            sha256: finished.model.sha256,
            inputSize: finished.model.inputSize,
            provider: finished.model.provider,
            measuredMs: finished.model.measuredMs,
            probed: finished.model.probed,
          },
    lines: counts.lines,
    zones: counts.zones,
    ...(counts.movements ? { movements: counts.movements } : {}),
    tracks: counts.tracks,
    motion: finished?.motion ?? null,
    tooRareMs: Math.round(finished?.tooRareMs ?? 0),
    takenOver: finished?.takenOver ?? 0,
    runId: outcome.runId,
    attempts: outcome.attempts,
    files,
  };
}
