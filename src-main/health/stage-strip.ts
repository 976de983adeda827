import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { SourceView } from '#shared/domain/source.ts';
import type { StageFigures, StageName } from '#shared/domain/stage.ts';
import type { SourceTally, TalliedLatency } from './source-tally.ts';

/** In which stage a frame is left out for which reason. */
const dropStage: Readonly<Record<DropReason, StageName>> = {
  gap: 'decode',
  sampled: 'read',
  'newer-frame': 'read',
  overwritten: 'read',
  'reader-late': 'read',
  'wrong-epoch': 'read',
  'pixel-format': 'read',
  'worker-restart': 'read',
  stopped: 'read',
  'detection-failed': 'infer',
  'store-away': 'store',
};
const RATE_MS = 5000;
const MAX_ERROR = 500;

export interface StripFacts {
  readonly source: SourceView;
  readonly tally: SourceTally;
  /** Frames are expected now. */
  readonly active: boolean;
  /** Pictures per second as the camera sends them; null where that is not told. */
  readonly grabPerSecond: number | null;
  readonly captureError: string | null;
}

function empty(stage: StageName): StageFigures {
  return { stage, perSecond: null, waiting: null, latencyMs: null, drops: {}, lastError: null };
}

/** The way of a source's frames from grab to store. ffmpeg grabs and decodes in one: a file has no rate of its own there. */
export function stageStrip({
  source,
  tally,
  active,
  grabPerSecond,
  captureError,
}: StripFacts): StageFigures[] {
  const stages = source.progress?.stages;
  const rate = (what: 'in' | TalliedLatency): number =>
    active ? Math.max(0, tally.perSecond(what, RATE_MS)) : 0;
  const dropsOf = (stage: StageName): Record<string, number> =>
    Object.fromEntries([...tally.drops()].filter(([reason]) => dropStage[reason] === stage));
  const measured = (stage: TalliedLatency & StageName, waiting: number | null): StageFigures => {
    const latency = stages?.[stage];
    return {
      stage,
      perSecond: stages === undefined ? null : rate(stage),
      waiting,
      latencyMs: latency === undefined || latency.count === 0 ? null : { p50: latency.p50, p95: latency.p95 },
      drops: dropsOf(stage),
      lastError: stages?.lastErrors[stage] ?? null,
    };
  };
  const fault =
    source.fault === null ? null : `${source.fault.kind}: ${source.fault.detail}`.slice(0, MAX_ERROR);
  const waiting = active ? stages?.waiting : { frames: 0, batches: 0 };
  return [
    { ...empty('grab'), perSecond: grabPerSecond, lastError: fault },
    {
      ...empty('decode'),
      perSecond: rate('in'),
      drops: dropsOf('decode'),
      lastError: captureError?.slice(0, MAX_ERROR) ?? null,
    },
    measured('read', waiting?.frames ?? null),
    measured('preprocess', null),
    measured('infer', null),
    measured('track', null),
    measured('store', waiting?.batches ?? null),
  ];
}
