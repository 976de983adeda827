import { toWireError } from '#shared/contracts/wire-error.ts';
import type { Schedule } from '#shared/link/link-end.ts';

/** What has become of a step. `late`: it was left behind and may go on; `failed`: it threw. */
export type StepEnd = 'done' | 'late' | 'failed';

/** The steps before this one, by name. */
export type StepEnds = ReadonlyMap<string, StepEnd>;

export interface DrainStep {
  readonly name: string;
  readonly limitMs: number;
  readonly run: (before: StepEnds) => unknown;
}

export interface DrainNote {
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

export interface DrainOptions {
  /** Of all steps together. */
  readonly limitMs: number;
  readonly monoMs: () => number;
  readonly schedule: Schedule;
  readonly note: (line: DrainNote) => void;
}

/**
 * Does the steps one after the other, and writes a line about each with its time. No step takes longer than its limit,
 * nor all of them longer than theirs; when that is over every further step is still begun, but not waited for. Never
 * rejects. Resolves with what has become of each step.
 */
export async function drain(steps: readonly DrainStep[], options: DrainOptions): Promise<StepEnds> {
  const { limitMs, monoMs, note } = options;
  const beganMs = monoMs();
  const ends = new Map<string, StepEnd>();
  for (const step of steps) {
    const stepMs = monoMs();
    const allowedMs = Math.max(0, Math.min(step.limitMs, beganMs + limitMs - stepMs));
    const { end, why } = await endOf(step, allowedMs, ends, options.schedule);
    ends.set(step.name, end);
    const fields = { step: step.name, end, tookMs: Math.round(monoMs() - stepMs) };
    note({ level: end === 'done' ? 'info' : 'warn', message: `shutdown: ${step.name}: ${why}`, fields });
  }
  const left = steps.filter(({ name }) => ends.get(name) !== 'done').map(({ name }) => name);
  const tookMs = Math.round(monoMs() - beganMs);
  if (left.length === 0) note({ level: 'info', message: 'shutdown complete', fields: { tookMs } });
  else note({ level: 'warn', message: `shutdown complete, but for: ${left.join(', ')}`, fields: { tookMs } });
  return ends;
}

async function endOf(
  { run }: DrainStep,
  allowedMs: number,
  before: StepEnds,
  schedule: Schedule,
): Promise<{ end: StepEnd; why: string }> {
  const { promise: over, resolve } = Promise.withResolvers<{ end: StepEnd; why: string }>();
  const cancel = schedule(allowedMs, () =>
    resolve({ end: 'late', why: `not done within ${allowedMs} ms, left behind` }),
  );
  const work = async (): Promise<unknown> => run(before);
  work().then(
    () => resolve({ end: 'done', why: 'done' }),
    (thrown: unknown) => resolve({ end: 'failed', why: `failed: ${toWireError(thrown).message}` }),
  );
  const ended = await over;
  cancel();
  return ended;
}
