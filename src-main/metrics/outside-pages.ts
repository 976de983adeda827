import type { LatestResult } from '#shared/contracts/main-detection.contract.ts';
import type { Severity } from '#shared/domain/health.ts';
import { type MetricsFacts, metricsText } from './metrics-text.ts';
import { jsonPage, type Page, type Pages } from './outside-server.ts';

export interface OutsideFacts extends MetricsFacts {
  /** Since main last looked at everything; it does so each second. */
  readonly silentMs: number;
  readonly ready: { readonly model: boolean; readonly store: boolean };
}

export interface OutsidePagesOptions {
  facts(): OutsideFacts;
  perceptionEnabled(): boolean;
  /** Asks detection; rejects when it is not there. */
  results(horizonsMs: number[]): Promise<readonly LatestResult[]>;
}

/** How far ahead tracks are rolled, as OMNISIGHT has it. */
const HORIZONS_MS = [250, 500, 1000, 1500, 2000];

/** The three words of kvs-infer and home-security A10.5. */
const STATUS: Readonly<Record<Severity, string>> = {
  ok: 'ok',
  info: 'ok',
  stale: 'degraded',
  warn: 'degraded',
  critical: 'unhealthy',
};
const HUNG_MS = 10_000;

/** Whether main lives: a camera that is gone must not make anybody restart ivis. */
function healthPage({ report, silentMs }: OutsideFacts): Page {
  const hung = silentMs > HUNG_MS;
  const health = STATUS[report.overall];
  return jsonPage(hung ? 503 : 200, { status: hung ? 'unhealthy' : 'ok', service: 'ivis', health });
}

/** Whether rows are taken, a model is loaded and no source has failed; the reasons when not. */
function readinessReasons({ report, ready }: Pick<OutsideFacts, 'report' | 'ready'>): string[] {
  const reasons = report.components.flatMap(({ kind, id, severity }) =>
    kind === 'source' && severity === 'critical' ? [`${id} has failed`] : [],
  );
  const storeIll = report.components.some(
    ({ kind, severity }) => kind === 'store' && severity === 'critical',
  );
  if (!ready.store || storeIll) reasons.push('the database takes no rows');
  if (!ready.model) reasons.push('no model is loaded');
  return reasons;
}

function readyPage(facts: OutsideFacts): Page {
  const reasons = readinessReasons(facts);
  return jsonPage(reasons.length === 0 ? 200 : 503, { ready: reasons.length === 0, reasons });
}

type Picked = Partial<Pick<LatestResult, 'detections' | 'tracks' | 'predictions'>>;

/** The newest result of every source, or of ?source=ID. */
async function perceptionPage(
  options: OutsidePagesOptions,
  query: URLSearchParams,
  pick: (result: LatestResult) => Picked,
  horizonsMs: number[] = [],
): Promise<Page> {
  if (!options.perceptionEnabled())
    return jsonPage(404, { error: 'publishing is off: perception.enabled in the settings' });
  let results: readonly LatestResult[];
  try {
    results = await options.results(horizonsMs);
  } catch {
    return jsonPage(503, { error: 'detection does not answer' });
  }
  const wanted = query.get('source');
  const sources = results
    .filter(({ sourceId }) => wanted === null || sourceId === wanted)
    .map((result) => {
      const { sourceId, runId, seq, ptsMs, wallMs, monoMs, width, height } = result;
      return {
        source_id: sourceId,
        run_id: runId,
        frame_id: seq,
        pts_ms: ptsMs,
        time_utc: new Date(wallMs).toISOString(),
        mono_ms: monoMs,
        width,
        height,
        ...pick(result),
      };
    });
  return jsonPage(200, { sources });
}

/** The pages of ivis for other programs. */
export function outsidePages(options: OutsidePagesOptions): Pages {
  return async (path, query) => {
    switch (path) {
      case '/healthz':
        return healthPage(options.facts());
      case '/readyz':
        return readyPage(options.facts());
      case '/metrics': {
        const { type, text } = await metricsText(options.facts());
        return { status: 200, type, body: text };
      }
      case '/api/perception/detections':
        return perceptionPage(options, query, ({ detections }) => ({ detections }));
      case '/api/perception/tracks':
        return perceptionPage(options, query, ({ tracks }) => ({ tracks }));
      case '/api/perception/timeline/predictions':
        return perceptionPage(options, query, ({ predictions }) => ({ predictions }), HORIZONS_MS);
      default:
        return null;
    }
  };
}
