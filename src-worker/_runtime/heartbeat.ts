import type { Schedule } from '#shared/link/link-end.ts';

const BEAT_MS = 1000;

export interface Beat {
  readonly progress: number;
  readonly busy: boolean;
  readonly queues: Record<string, number>;
  readonly memoryBytes: number;
  readonly loopDelayMs: number;
  readonly rejected: number;
}

export interface Pulse {
  progress(): number;
  busy(): boolean;
  queues(): Record<string, number>;
  rejected(): number;
}

/** Sends a beat each second for ever; `loopDelayMs` is how late this one was, the cheapest measure of a busy loop. */
export function startHeartbeat(
  pulse: Pulse,
  send: (beat: Beat) => void,
  schedule: Schedule,
  monoMs: () => number,
): void {
  let dueMs = monoMs() + BEAT_MS;
  const beat = (): void => {
    const nowMs = monoMs();
    send({
      progress: pulse.progress(),
      busy: pulse.busy(),
      queues: pulse.queues(),
      memoryBytes: process.memoryUsage.rss(),
      loopDelayMs: Math.max(0, nowMs - dueMs),
      rejected: pulse.rejected(),
    });
    dueMs = nowMs + BEAT_MS;
    schedule(BEAT_MS, beat);
  };
  schedule(BEAT_MS, beat);
}
