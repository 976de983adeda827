import { MessageChannelMain, type MessagePortMain } from 'electron';

/** Anything that can be handed its end of a link: a supervised worker, or the window. */
export interface LinkHolder {
  attach(link: string, sourceId: string | null, port: MessagePortMain): Promise<void>;
}

/** Joins two processes by a channel that main itself does not listen to. Rejects when either end is gone. */
export async function joinByPort(
  link: string,
  sourceId: string | null,
  from: LinkHolder,
  to: LinkHolder,
): Promise<void> {
  const { port1, port2 } = new MessageChannelMain();
  await to.attach(link, sourceId, port2);
  await from.attach(link, sourceId, port1);
}
