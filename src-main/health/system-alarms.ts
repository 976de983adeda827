import type { AlarmRule, SystemAlarm } from '#shared/domain/health.ts';
import type { AlarmCondition } from './alarm-conditions.ts';

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
  'no-looks': {
    severity: 'warn',
    forMs: 0,
    title: 'A look model cannot be used',
    whatToDo: 'Counting goes on by boxes alone. Put another model into models/looks, or choose none.',
  },
};

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
      conditions.flatMap((condition): [string, Watched][] => {
        const id = `${condition.rule}:${condition.subject}`;
        const known = before.get(id);
        if (condition.settling === true) return known === undefined ? [] : [[id, known]];
        const sinceMs = condition.sinceMs ?? known?.sinceMs ?? monoMs;
        const watched: Watched = { sinceMs, sinceWallMs: wallMs - (monoMs - sinceMs), alarm: null };
        const { forMs, ...spec } = alarmRules[condition.rule];
        if (monoMs - sinceMs < forMs) return [[id, watched]];
        const { rule, sourceId, cause, whatToDo = spec.whatToDo } = condition;
        const old = known?.alarm;
        const { sinceWallMs } = old ?? watched;
        const alarm = {
          id,
          rule,
          sourceId,
          cause,
          ...spec,
          whatToDo,
          sinceWallMs,
          raisedWallMs: old?.raisedWallMs ?? wallMs,
        };
        if (old == null) raised.push(alarm);
        return [[id, { ...watched, alarm }]];
      }),
    );
    const cleared = [...before].flatMap(([id, { alarm }]) =>
      alarm !== null && this.#watched.get(id)?.alarm == null ? [alarm] : [],
    );
    return { raised, cleared };
  }
}
