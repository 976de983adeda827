import type { MessagePortMain } from 'electron';
import type { Port } from '#shared/link/link-end.ts';

/** A MessagePort that another process holds the other end of. */
export function portOf(port: MessagePortMain): Port {
  return {
    // An explicit undefined is refused as "not an array of ports".
    post: (data, transfer = []) => port.postMessage(data, [...transfer] as MessagePortMain[]),
    listen: (receive) => {
      port.on('message', (event) => receive(event.data, event.ports));
      port.start();
    },
    close: () => port.close(),
    onClosed: (closed) => {
      port.once('close', closed);
    },
  };
}

/** The port a utility process is born with; throws when this is not one. */
export function birthPort(): Port {
  const parent = process.parentPort;
  if (parent === undefined)
    throw new Error('this file is the entry of a utility process; start ivis instead');
  return {
    post: (data) => parent.postMessage(data),
    listen: (receive) => {
      parent.on('message', (event) => receive(event.data, event.ports));
    },
    close: () => {},
  };
}
