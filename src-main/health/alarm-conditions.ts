import type { AlarmRule } from '#shared/domain/health.ts';
import type { HealthFacts, SourceFacts, WorkerFacts } from './facts.ts';

/** p95 above a second, and more than one failure in ten seconds, as B6.8 has it. */
const SLOW_SHARE = 0.05;
const FAILURES_PER_SECOND = 0.1;
const FRAMES_MISSED_MS = 5000;
/** A process that came up is up once it has run for so long: one that dies again and again was down all the while. */
const STEADY_MS = 30_000;

/** Something a rule is about, as long as it lasts. `sinceMs`: when it began, where that is known better than by looking. */
export interface AlarmCondition {
  readonly rule: AlarmRule;
  /** Empty where there is only one. */
  readonly subject: string;
  readonly sourceId: string | null;
  readonly cause: string;
  readonly sinceMs?: number;
  /** Better than what the rule says to do. */
  readonly whatToDo?: string;
  /** Over, as it seems, but not for long enough to be sure: what began goes on, and nothing begins. */
  readonly settling?: boolean;
}

function isDown({ state }: WorkerFacts): boolean {
  return state !== 'running' && state !== 'draining' && state !== 'stopped';
}

function workerDown(worker: WorkerFacts, { monoMs }: HealthFacts): AlarmCondition[] {
  const { name, sourceId, state, lastError, sinceMs } = worker;
  const settling = state === 'running' && monoMs - sinceMs < STEADY_MS;
  if (!settling && !isDown(worker)) return [];
  const subject = sourceId === null ? name : `${name}:${sourceId}`;
  const because = lastError === null ? '' : `: ${lastError}`;
  return [{ rule: 'worker-down', subject, sourceId, cause: `${name} is ${state}${because}`, settling }];
}

/** A capture process that ended is no more among the workers: of a camera, it is missed. */
function captureDown({ sourceId, fault }: SourceFacts, facts: HealthFacts): AlarmCondition[] {
  const captures = facts.workers.filter((each) => each.name === 'capture' && each.sourceId === sourceId);
  const living = captures.find(({ state }) => state === 'running') ?? captures[0];
  if (living !== undefined) return workerDown(living, facts);
  return [
    {
      rule: 'worker-down',
      subject: `capture:${sourceId}`,
      sourceId,
      cause: `no process reads it${fault === null ? '' : `: ${fault.title}`}`,
      ...(fault === null ? {} : { whatToDo: fault.whatToDo }),
    },
  ];
}

/** What holds now. A source that is paused, disabled, stopped or finished expects nothing and raises nothing. */
export function alarmConditions(
  facts: HealthFacts,
  slowShareOf: (sourceId: string) => number | null,
): AlarmCondition[] {
  const found: AlarmCondition[] = [];
  const expecting = facts.sources.filter((source) => source.expecting);
  for (const worker of facts.workers) {
    const { sourceId } = worker;
    const ofFile = expecting.some((source) => source.sourceId === sourceId && !source.live);
    if (sourceId === null || ofFile) found.push(...workerDown(worker, facts));
  }
  for (const source of expecting) {
    if (source.live) found.push(...captureDown(source, facts));
    const { sourceId, title } = source;
    const sinceMs = source.lastProcessedMs ?? source.expectingSinceMs;
    if (sinceMs !== null && facts.monoMs - sinceMs > FRAMES_MISSED_MS) {
      found.push({ rule: 'no-frames', subject: sourceId, sourceId, cause: title, sinceMs });
    }
    const slow = slowShareOf(sourceId);
    if (slow !== null && slow > SLOW_SHARE) {
      const cause = `${title}: ${(slow * 100).toFixed(0)} % of the frames took longer than a second`;
      found.push({ rule: 'slow-inference', subject: sourceId, sourceId, cause });
    }
  }
  for (const { kind, cause } of facts.model.fallbacks)
    found.push({ rule: kind, subject: 'model', sourceId: null, cause });
  if (facts.store.error !== null || facts.sinkFailuresPerSecond > FAILURES_PER_SECOND) {
    const cause =
      facts.store.error?.message ?? `${facts.sinkFailuresPerSecond.toFixed(2)} failed writes per second`;
    found.push({ rule: 'sink-failing', subject: 'database', sourceId: null, cause });
  }
  return found;
}
