import type { MessagePortMain, UtilityProcess } from 'electron';
import type { Port, Schedule } from '#shared/link/link-end.ts';

export const schedule: Schedule = (delayMs, fire) => {
  const timer = setTimeout(fire, delayMs);
  return () => clearTimeout(timer);
};

/** The port a worker was born with, shared by its lifecycle link and its main-<process> link. */
export function birthPortOf(child: UtilityProcess): Port {
  const receivers: ((data: unknown, ports: readonly unknown[]) => void)[] = [];
  child.on('message', (data: unknown) => {
    for (const receive of receivers) receive(data, []);
  });
  return {
    // An explicit undefined is refused as "not an array of ports".
    post: (data, transfer = []) => child.postMessage(data, [...transfer] as MessagePortMain[]),
    listen: (receive) => receivers.push(receive),
    close: () => {},
  };
}
