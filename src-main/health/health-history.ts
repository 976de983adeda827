import type { HistoryPoint } from '#shared/domain/health.ts';

/** What is measured each second; the rates are those of the last second. */
export type HistorySample = Omit<HistoryPoint, 'wallMs'>;

const POINT_MS = 10_000;
/** An hour. */
export const MAX_POINTS = 360;

const mean = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
};
const most = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
};

/** The last hour in points of ten seconds; older ones go. */
export class HealthHistory {
  #points: HistoryPoint[] = [];
  #samples: HistorySample[] = [];
  #sinceMs: number | null = null;

  /** Adds the sample of a moment; `monoMs` decides when a point is full, `wallMs` is what it says. */
  add(sample: HistorySample, monoMs: number, wallMs: number): void {
    this.#sinceMs ??= monoMs;
    this.#samples.push(sample);
    if (monoMs - this.#sinceMs < POINT_MS) return;
    this.#points.push(pointOf(this.#samples, wallMs));
    if (this.#points.length > MAX_POINTS) this.#points.shift();
    this.#samples = [];
    this.#sinceMs = monoMs;
  }

  /** Points newer than `sinceWallMs`, oldest first. */
  since(sinceWallMs: number): HistoryPoint[] {
    return this.#points.filter((point) => point.wallMs > sinceWallMs);
  }
}

function pointOf(samples: readonly HistorySample[], wallMs: number): HistoryPoint {
  const of = (key: keyof HistorySample): (number | null)[] => samples.map((sample) => sample[key]);
  return {
    wallMs,
    processedPerSecond: mean(of('processedPerSecond')) ?? 0,
    droppedPerSecond: mean(of('droppedPerSecond')) ?? 0,
    inferP50Ms: mean(of('inferP50Ms')),
    inferP95Ms: most(of('inferP95Ms')),
    totalP95Ms: most(of('totalP95Ms')),
    cpuShare: mean(of('cpuShare')),
    memoryShare: mean(of('memoryShare')),
    ownMemoryBytes: mean(of('ownMemoryBytes')) ?? 0,
    waitingFrames: most(of('waitingFrames')) ?? 0,
    waitingBatches: most(of('waitingBatches')) ?? 0,
  };
}
