import type { Port, Schedule } from '#shared/link/link-end.ts';
import './window-ivis.ts';

const CHANNEL = 'ui-main';

/** Timers of the page for the time limits of links. */
export const schedule: Schedule = (delayMs, fire) => {
  const timer = setTimeout(fire, delayMs);
  return () => clearTimeout(timer);
};

function isFromPreload(event: MessageEvent<unknown>): boolean {
  const data = event.data;
  return (
    event.source === window &&
    typeof data === 'object' &&
    data !== null &&
    'channel' in data &&
    data.channel === CHANNEL &&
    'envelope' in data
  );
}

/** The way to main: plain envelopes through the context bridge, those with ports as a message of this window. */
export function mainPort(): Port {
  let heard: ((event: MessageEvent<unknown>) => void) | null = null;
  return {
    post: (data) => window.ivis.post(data),
    listen: (receive) => {
      window.ivis.listen(receive);
      heard = (event) => {
        if (isFromPreload(event)) receive((event.data as { envelope: unknown }).envelope, event.ports);
      };
      window.addEventListener('message', heard);
    },
    close: () => {
      if (heard !== null) window.removeEventListener('message', heard);
      window.ivis.listen(() => undefined);
    },
  };
}

/** A MessagePort from another process as a link's port. */
export function workerPort(port: MessagePort): Port {
  return {
    post: (data, transfer) => port.postMessage(data, [...(transfer ?? [])] as Transferable[]),
    listen: (receive) => {
      port.onmessage = (event: MessageEvent<unknown>) => receive(event.data, event.ports);
    },
    close: () => {
      port.onmessage = null;
      port.close();
    },
  };
}
