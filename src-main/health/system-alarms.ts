import type { AlarmRule, SystemAlarm } from '#shared/domain/health.ts';
import type { HealthFacts, WorkerFacts } from './facts.ts';

interface RuleSpec {
  readonly severity: SystemAlarm['severity'];
  /** What it is about has to last this long. */
  readonly forMs: number;
  readonly title: string;
  readonly whatToDo: string;
}

const MINUTE = 60_000;
/** The rules of kvs-infer B6.8 with their waiting times. */
export const alarmRules: Readonly<Record<AlarmRule, RuleSpec>> = {
  'worker-down': {
    severity: 'critical',
    forMs: MINUTE,
    title: 'A process of ivis does not come up',
    whatToDo: 'Look at its last error in the table of processes. Save the diagnostics, then restart ivis.',
  },
  'no-frames': {
    severity: 'critical',
    forMs: 2 * MINUTE,
    title: 'No frame is analysed',
    whatToDo:
      'Check that the camera has power and network, and that its picture is there. Then start the source again.',
  },
  'slow-inference': {
    severity: 'warn',
    forMs: 5 * MINUTE,
    title: 'Detection is too slow',
    whatToDo:
      'Look at fewer frames per second, run fewer sources, or choose a smaller model or an accelerator.',
  },
  'sink-failing': {
    severity: 'warn',
    forMs: 5 * MINUTE,
    title: 'Results cannot be stored',
    whatToDo:
      'Free some space on the disk with the database and check that it can be written. Until then videos wait; of cameras what fits into memory is kept, then counting pauses and that time is noted as a gap.',
  },
  'no-accelerator': {
    severity: 'warn',
    forMs: 0,
    title: 'Detection runs without its accelerator',
    whatToDo:
      'Fewer frames per second are possible. Update the driver of the graphics card, then restart ivis.',
  },
  'model-set-aside': {
    severity: 'critical',
    forMs: 0,
    title: 'A detection model was set aside',
    whatToDo: 'Another model counts now. Install another version of the one that failed, then restart ivis.',
  },
};

/** p95 above a second, and more than one failure in ten seconds, as B6.8 has it. */
const SLOW_SHARE = 0.05;
const FAILURES_PER_SECOND = 0.1;
const FRAMES_MISSED_MS = 5000;

/** Something a rule is about, as long as it lasts. `sinceMs`: when it began, where that is known better than by looking. */
export interface AlarmCondition {
  readonly rule: AlarmRule;
  /** Empty where there is only one. */
  readonly subject: string;
  readonly sourceId: string | null;
  readonly cause: string;
  readonly sinceMs?: number;
}

function isDown({ state }: WorkerFacts): boolean {
  return state !== 'running' && state !== 'draining' && state !== 'stopped';
}

/** What holds now. A source that is paused, disabled, stopped or finished expects nothing and raises nothing. */
export function alarmConditions(
  facts: HealthFacts,
  slowShareOf: (sourceId: string) => number | null,
): AlarmCondition[] {
  const found: AlarmCondition[] = [];
  const expecting = facts.sources.filter((source) => source.expecting);
  for (const worker of facts.workers) {
    const needed = worker.sourceId === null || expecting.some(({ sourceId }) => sourceId === worker.sourceId);
    if (!needed || !isDown(worker)) continue;
    found.push({
      rule: 'worker-down',
      subject: worker.sourceId === null ? worker.name : `${worker.name}:${worker.sourceId}`,
      sourceId: worker.sourceId,
      cause: `${worker.name} is ${worker.state}${worker.lastError === null ? '' : `: ${worker.lastError}`}`,
    });
  }
  for (const source of expecting) {
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

interface Watched {
  readonly sinceMs: number;
  readonly sinceWallMs: number;
  readonly alarm: SystemAlarm | null;
}

export interface AlarmStep {
  readonly raised: readonly SystemAlarm[];
  readonly cleared: readonly SystemAlarm[];
}

/** Raises what has lasted its time, clears what is over. The clock is passed in. */
export class SystemAlarms {
  #watched = new Map<string, Watched>();

  get raised(): SystemAlarm[] {
    return [...this.#watched.values()].flatMap(({ alarm }) => (alarm === null ? [] : [alarm]));
  }

  step(conditions: readonly AlarmCondition[], monoMs: number, wallMs: number): AlarmStep {
    const before = this.#watched;
    const raised: SystemAlarm[] = [];
    this.#watched = new Map(
      conditions.map((condition) => {
        const id = `${condition.rule}:${condition.subject}`;
        const sinceMs = condition.sinceMs ?? before.get(id)?.sinceMs ?? monoMs;
        const watched: Watched = { sinceMs, sinceWallMs: wallMs - (monoMs - sinceMs), alarm: null };
        const { forMs, ...spec } = alarmRules[condition.rule];
        if (monoMs - sinceMs < forMs) return [id, watched];
        const { rule, sourceId, cause } = condition;
        const old = before.get(id)?.alarm;
        const { sinceWallMs } = old ?? watched;
        const alarm = {
          id,
          rule,
          sourceId,
          cause,
          ...spec,
          sinceWallMs,
          raisedWallMs: old?.raisedWallMs ?? wallMs,
        };
        if (old == null) raised.push(alarm);
        return [id, { ...watched, alarm }];
      }),
    );
    const cleared = [...before].flatMap(([id, { alarm }]) =>
      alarm !== null && this.#watched.get(id)?.alarm == null ? [alarm] : [],
    );
    return { raised, cleared };
  }
}
