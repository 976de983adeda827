import { Histogram, type MetricObjectWithValues, type MetricValueWithName, type Registry } from 'prom-client';
import { LATENCY_BUCKETS_MS, type LatencyTally } from '#shared/domain/stage.ts';

type Tally = Pick<LatencyTally, 'buckets' | 'sumMs' | 'count'>;
type Values = MetricObjectWithValues<MetricValueWithName<string>>;

export interface TalliedHistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Some of LATENCY_BUCKETS_MS, rising: what was tallied finer is added up. */
  readonly bounds: readonly (typeof LATENCY_BUCKETS_MS)[number][];
  readonly registry: Registry;
}

/** A histogram of durations that another process counted: prom-client itself could only observe one at a time. */
export class TalliedHistogram extends Histogram<string> {
  readonly #options: TalliedHistogramOptions;
  readonly #rows: { readonly labels: Record<string, string>; readonly tally: Tally }[] = [];

  constructor(options: TalliedHistogramOptions) {
    const { name, help, bounds, registry } = options;
    super({ name, help, buckets: [...bounds], registers: [registry] });
    this.#options = options;
  }

  put(labels: Record<string, string>, tally: Tally): void {
    this.#rows.push({ labels, tally });
  }

  override get(): Promise<Values> {
    return this.getForPromString();
  }

  /** What the text format is made from; buckets are cumulative there. */
  async getForPromString(): Promise<Values> {
    const { name, help } = this.#options;
    const values = this.#rows.flatMap((row) => this.#valuesOf(row.labels, row.tally));
    return {
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      collect: () => {},
      values,
    } as unknown as Values;
  }

  #valuesOf(labels: Record<string, string>, { buckets, sumMs, count }: Tally): MetricValueWithName<string>[] {
    const { name, bounds } = this.#options;
    const upTo = (bound: number): number =>
      LATENCY_BUCKETS_MS.reduce((sum, own, index) => (own <= bound ? sum + (buckets[index] ?? 0) : sum), 0);
    return [
      ...bounds.map((bound) => ({
        metricName: `${name}_bucket`,
        labels: { le: bound, ...labels },
        value: upTo(bound),
      })),
      { metricName: `${name}_bucket`, labels: { le: '+Inf', ...labels }, value: count },
      { metricName: `${name}_sum`, labels, value: sumMs },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}
