import type { Port } from '#shared/link/link-end.ts';

/** Two ends of an in-memory transport that clones like a real port and delivers later, in order. */
export function pipe(): { a: Port; b: Port; raw: { toA(data: unknown): void; toB(data: unknown): void } } {
  const make = (): { deliver(data: unknown): void; listen: Port['listen']; close(): void } => {
    const receivers: ((data: unknown, ports: readonly unknown[]) => void)[] = [];
    let open = true;
    return {
      deliver: (data) =>
        queueMicrotask(() => {
          if (open) for (const receive of receivers) receive(data, []);
        }),
      listen: (receive) => receivers.push(receive),
      close: () => {
        open = false;
      },
    };
  };
  const left = make();
  const right = make();
  return {
    a: { post: (data) => right.deliver(structuredClone(data)), listen: left.listen, close: left.close },
    b: { post: (data) => left.deliver(structuredClone(data)), listen: right.listen, close: right.close },
    raw: { toA: left.deliver, toB: right.deliver },
  };
}

/** A clock that only moves when told; fires what falls due. */
export function manualSchedule(): {
  schedule: (delayMs: number, fire: () => void) => () => void;
  advance(ms: number): void;
} {
  let nowMs = 0;
  let timers: { dueMs: number; fire: () => void }[] = [];
  return {
    schedule: (delayMs, fire) => {
      const timer = { dueMs: nowMs + delayMs, fire };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    advance: (ms) => {
      nowMs += ms;
      const due = timers.filter((each) => each.dueMs <= nowMs);
      timers = timers.filter((each) => each.dueMs > nowMs);
      for (const { fire } of due) fire();
    },
  };
}

/** Lets everything queued be delivered and answered. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
