import type { LinkOptions, Port } from '#shared/link/link-end.ts';

/** Two ends of a pipe that copies what passes, as a message port between processes does. */
export function portPipe(): [Port, Port] {
  const receivers: ((data: unknown, ports: readonly unknown[]) => void)[][] = [[], []];
  const end = (own: number): Port => ({
    post: (data) => {
      const copy = structuredClone(data);
      setImmediate(() => {
        for (const receive of receivers[1 - own] ?? []) receive(copy, []);
      });
    },
    listen: (receive) => receivers[own]?.push(receive),
    close: () => receivers[own]?.splice(0),
  });
  return [end(0), end(1)];
}

/** Links with the timers of this process. */
export const pipeOptions: LinkOptions = {
  schedule: (delayMs, fire) => {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};
