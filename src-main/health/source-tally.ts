import { type DropReason, dropReasonSchema } from '#shared/domain/drop-reason.ts';
import type { RunProgress } from '#shared/domain/run.ts';
import { LATENCY_BUCKETS_MS, type LatencyTally } from '#shared/domain/stage.ts';

const talliedLatencies = ['read', 'preprocess', 'infer', 'track', 'store', 'total'] as const;
export type TalliedLatency = (typeof talliedLatencies)[number];
export type TalliedEvent = 'crossing' | 'visit';

type Counters = ReadonlyMap<string, number>;

interface Sample {
  readonly monoMs: number;
  readonly counters: Counters;
}

/** So far back rates are known. */
const KEPT_MS = 60_000;

function countersOf(progress: RunProgress): Map<string, number> {
  const counters = new Map<string, number>();
  counters.set('in', progress.ledger.decoded);
  counters.set('out', progress.ledger.processed);
  for (const [reason, frames] of Object.entries(progress.ledger.dropped))
    counters.set(`drop ${reason}`, frames ?? 0);
  const { lines, zones } = progress.counts;
  const crossings = Object.values(lines).reduce(
    (n, { forward, backward }) => n + forward.total + backward.total,
    0,
  );
  counters.set('event crossing', crossings);
  counters.set(
    'event visit',
    Object.values(zones).reduce((n, { visits }) => n + visits, 0),
  );
  const { stages } = progress;
  if (stages === undefined) return counters;
  counters.set('failures', stages.storeFailures);
  for (const name of talliedLatencies) {
    const { buckets, sumMs, count } = stages[name];
    for (const [index, n] of buckets.entries()) counters.set(`${name} ${index}`, n);
    counters.set(`${name} sum`, sumMs);
    counters.set(`${name} count`, count);
  }
  return counters;
}

const isSum = (name: string): boolean => /^(in$|out$|drop |event )/.test(name);

/**
 * The counters of one source over all its runs: they only ever rise, however often a run begins anew, as counters
 * that others take rates of must.
 */
export class SourceTally {
  readonly #base = new Map<string, number>();
  #runId: number | null = null;
  /** The highest of each counter in the run going on: a count that is corrected downwards does not run backwards. */
  #run = new Map<string, number>();
  #samples: Sample[] = [];

  /** `summed`: ledger and counts are sums over all runs of the source, as those of a live one are. */
  take(runId: number | null, progress: RunProgress | null, summed = false): void {
    if (progress === null || runId === null) return;
    const counters = countersOf(progress);
    if (runId !== this.#runId) {
      for (const [name, value] of this.#run) {
        // Of a sum only what is no part of it any more: counts that began at zero, or a line that was taken away.
        const over = summed && isSum(name) ? Math.max(0, value - (counters.get(name) ?? 0)) : value;
        this.#base.set(name, (this.#base.get(name) ?? 0) + over);
      }
      this.#run = new Map();
      this.#runId = runId;
    }
    for (const [name, value] of counters) {
      this.#run.set(name, Math.max(value, this.#run.get(name) ?? 0));
    }
  }

  /** Keeps the counters of this moment, for rates. */
  mark(monoMs: number): void {
    const names = new Set([...this.#base.keys(), ...this.#run.keys()]);
    const counters = new Map([...names].map((name) => [name, this.#total(name)]));
    this.#samples.push({ monoMs, counters });
    while ((this.#samples[0]?.monoMs ?? monoMs) < monoMs - KEPT_MS) this.#samples.shift();
  }

  get framesIn(): number {
    return this.#total('in');
  }

  get framesOut(): number {
    return this.#total('out');
  }

  get storeFailures(): number {
    return this.#total('failures');
  }

  events(kind: TalliedEvent): number {
    return this.#total(`event ${kind}`);
  }

  /** Frames left out, by reason. */
  drops(): Map<DropReason, number> {
    const found = dropReasonSchema.options.map((reason) => [reason, this.#total(`drop ${reason}`)] as const);
    return new Map(found.filter(([, frames]) => frames > 0));
  }

  latency(name: TalliedLatency): Omit<LatencyTally, 'p50' | 'p95'> {
    const buckets = Array.from({ length: LATENCY_BUCKETS_MS.length + 1 }, (_, i) =>
      this.#total(`${name} ${i}`),
    );
    return { buckets, sumMs: this.#total(`${name} sum`), count: this.#total(`${name} count`) };
  }

  /** How fast a counter rose over the last `overMs`, per second; 0 before there is anything to compare. */
  perSecond(what: 'in' | 'out' | 'dropped' | 'failures' | TalliedLatency, overMs: number): number {
    const last = this.#samples.at(-1);
    const first = this.#samples.find(({ monoMs }) => last !== undefined && monoMs >= last.monoMs - overMs);
    if (last === undefined || first === undefined || last.monoMs === first.monoMs) return 0;
    const at = (counters: Counters): number => {
      if (what !== 'dropped')
        return counters.get(talliedLatencies.some((n) => n === what) ? `${what} count` : what) ?? 0;
      return [...counters].reduce((sum, [name, n]) => (name.startsWith('drop ') ? sum + n : sum), 0);
    };
    return ((at(last.counters) - at(first.counters)) * 1000) / (last.monoMs - first.monoMs);
  }

  /** The share of the last minute's inferences that took longer than a second; null when there were none. */
  get slowShare(): number | null {
    const last = this.#samples.at(-1)?.counters;
    const first = this.#samples[0]?.counters;
    if (last === undefined || first === undefined) return null;
    const rise = (name: string): number => (last.get(name) ?? 0) - (first.get(name) ?? 0);
    const count = rise('infer count');
    if (count <= 0) return null;
    const slow = [...LATENCY_BUCKETS_MS, Number.POSITIVE_INFINITY].reduce(
      (sum, bound, index) => (bound > 1000 ? sum + rise(`infer ${index}`) : sum),
      0,
    );
    return slow / count;
  }

  #total(name: string): number {
    return (this.#base.get(name) ?? 0) + (this.#run.get(name) ?? 0);
  }
}
