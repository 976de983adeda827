import { z } from 'zod';
import { severitySchema } from '#shared/domain/health.ts';
import type { Broken } from './invariants.ts';
import type { KeptLine } from './log-lines.ts';

/** A fault from when it struck until all was well again. Wall-clock milliseconds. */
export interface FaultTime {
  readonly atWallMs: number;
  readonly wellWallMs: number;
  /** Components of Health, one of which must have been told as ill, and all of which must be well in the end. */
  readonly about: readonly string[];
  /** Words that the cause told must hold, where the fault has only one. */
  readonly cause?: RegExp;
}

export interface ToldLimits {
  /** A fault that lasts longer must have been told by then. */
  readonly tellMs: number;
  /** How long after all is well a component may still be shown as ill: Health judges each second. */
  readonly clearMs: number;
  /** And an alarm may still be raised: a process has to run for half a minute before it is trusted. */
  readonly alarmClearMs: number;
}

export const healthLimits: ToldLimits = { tellMs: 8000, clearMs: 5000, alarmClearMs: 35_000 };

const changeSchema = z.object({
  message: z.string().startsWith('health: '),
  component: z.string(),
  now: z.union([severitySchema, z.literal('gone')]),
});
const alarmSchema = z.object({
  message: z.string().regex(/^alarm (raised|cleared): /),
  alarm: z.string(),
});

interface Telling {
  readonly subject: string;
  readonly kind: 'component' | 'alarm';
  readonly ill: boolean;
  readonly words: string;
  readonly wallMs: number;
  /** The process that told it: what another main said is nobody's to take back. */
  readonly pid: number | null;
}

function tellingOf(line: KeptLine): Telling | null {
  const of = { wallMs: Date.parse(line.time), pid: line.pid, words: line.message };
  const change = changeSchema.safeParse(line);
  if (change.success) {
    const { component, now } = change.data;
    return {
      ...of,
      kind: 'component',
      subject: component,
      ill: now === 'stale' || now === 'warn' || now === 'critical',
    };
  }
  const alarm = alarmSchema.safeParse(line);
  if (!alarm.success) return null;
  const { alarm: subject, message } = alarm.data;
  return { ...of, kind: 'alarm', subject, ill: message.startsWith('alarm raised') };
}

/**
 * I6 from the log of ivis: a fault that lasts is told within its time, under its component and cause, and what was told
 * is taken back when all is well, alarms too. Judged at `nowWallMs`; what its time has not come for is not judged.
 */
export function brokenTellings(
  log: readonly KeptLine[],
  fault: FaultTime,
  nowWallMs: number,
  limits: ToldLimits = healthLimits,
): Broken[] {
  const tellings = log.flatMap((line) => tellingOf(line) ?? []);
  return [...untold(tellings, fault, limits), ...neverTakenBack(tellings, fault, nowWallMs, limits)];
}

function untold(tellings: readonly Telling[], fault: FaultTime, { tellMs }: ToldLimits): Broken[] {
  const { atWallMs, wellWallMs, about, cause } = fault;
  if (about.length === 0 || wellWallMs - atWallMs <= tellMs) return [];
  const inTime = tellings.filter(
    ({ subject, ill, wallMs }) =>
      ill && about.includes(subject) && wallMs >= atWallMs && wallMs <= atWallMs + tellMs,
  );
  if (inTime.length === 0) return [`I6: nothing was told of ${about.join(', ')} within ${tellMs / 1000} s`];
  if (cause === undefined || inTime.some(({ words }) => cause.test(words))) return [];
  return [`I6: ${inTime.map(({ words }) => words).join('; ')}, not ${cause.source}`];
}

function neverTakenBack(
  tellings: readonly Telling[],
  { about, wellWallMs }: FaultTime,
  nowWallMs: number,
  { clearMs, alarmClearMs }: ToldLimits,
): Broken[] {
  const isDue = ({ kind, subject }: Telling): boolean =>
    kind === 'alarm'
      ? nowWallMs >= wellWallMs + alarmClearMs
      : about.includes(subject) && nowWallMs >= wellWallMs + clearMs;
  const last = new Map(tellings.map((telling) => [`${telling.kind} ${telling.subject}`, telling]));
  const teller = tellings.at(-1)?.pid;
  return [...last.values()]
    .filter(
      (telling) => telling.ill && telling.pid === teller && telling.wallMs <= wellWallMs && isDue(telling),
    )
    .map(({ subject, words }): Broken => `I6: ${subject} is still told as ill: ${words}`);
}
