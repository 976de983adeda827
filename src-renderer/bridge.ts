import {
  DEFAULT_LIMIT_MS,
  type RequestBody,
  type RequestName,
  type RequestReply,
  type RequestSpec,
} from '#shared/contracts/contract.ts';
import { type ActionReply, uiMain } from '#shared/contracts/ui-main.contract.ts';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import type { AppState } from '#shared/domain/app-state.ts';
import { toFault } from '#shared/domain/fault-text.ts';
import { LinkEnd } from '#shared/link/link-end.ts';
import { isGoingOn } from './figures/run-figures.ts';
import { feedOf, keepFeeds, measureFeeds } from './live/feeds.ts';
import { mainPort, schedule, workerPort } from './ports.ts';
import { useAppState } from './stores/app-state-store.ts';
import { useChoice } from './stores/choice-store.ts';
import { useNotices } from './stores/notice-store.ts';
import { usePictures } from './stores/picture-store.ts';

type Name = RequestName<typeof uiMain>;
type Reply<N extends Name> = RequestReply<typeof uiMain, N>;
/** What is asked for by doing something: answered with how it went. */
type Action = { [N in Name]: Reply<N> extends ActionReply ? N : never }[Name];

/** Main answers every command within the limit of its contract; who waits this much longer knows that main is silent. */
const PATIENCE_MS = 2000;
/** A question to the database, which may be busy. */
const QUERY_MS = 60_000;
const LOOK_MS = 2000;
const RETRY_MS = 500;
const MEASURE_MS = 500;
const BEAT_MS = 1000;

const commands: Readonly<Record<string, RequestSpec>> = uiMain.commands;

let link: LinkEnd<typeof uiMain, 'from'> | null = null;

/** Opens the link to main, asks for the state and keeps the stores up to date. Called once, before the first render. */
export function connect(): void {
  link = new LinkEnd(
    uiMain,
    'from',
    mainPort(),
    {
      messages: {
        'state.changed': receive,
        'link.offered': ({ link: name, sourceId }, { ports }) => {
          const port = ports[0];
          if (!(port instanceof MessagePort)) return;
          if (name === 'capture-ui') feedOf(sourceId).acceptCapture(workerPort(port));
          else feedOf(sourceId).acceptDetection(workerPort(port));
        },
      },
    },
    {
      schedule,
      onRejected: (reason, detail) => link?.send('message.refused', { reason, detail: detail.slice(0, 500) }),
    },
  );
  void askForState();
  // A page that stays silent hangs: main loads it again.
  setInterval(() => link?.send('page.beat', {}), BEAT_MS);
  setInterval(() => usePictures.getState().measure(measureFeeds(performance.now())), MEASURE_MS);
}

/** Asks main for something; rejects when it does not answer in time or not at all. */
export async function inquire<N extends Name>(
  name: N,
  body: RequestBody<typeof uiMain, N>,
): Promise<Reply<N>> {
  if (link === null) throw new NamedError('not-ready', 'the window is still starting');
  const command: RequestSpec | undefined = commands[name];
  const timeoutMs = command === undefined ? QUERY_MS : (command.limitMs ?? DEFAULT_LIMIT_MS) + PATIENCE_MS;
  return link.request(name, body, { timeoutMs });
}

/** Asks main for what it knows at this moment; rejects when it does not answer within two seconds. */
export async function look<N extends Exclude<Name, Action>>(
  name: N,
  body: RequestBody<typeof uiMain, N>,
): Promise<Reply<N>> {
  if (link === null) throw new NamedError('not-ready', 'the window is still starting');
  return link.request(name, body, { timeoutMs: LOOK_MS });
}

/** Asks main to do something; what goes wrong on the way is a refusal too. */
export async function act<N extends Action>(
  name: N,
  body: RequestBody<typeof uiMain, N>,
): Promise<ActionReply> {
  try {
    return await inquire(name, body);
  } catch (thrown) {
    const { kind, message } = toWireError(thrown);
    return { requestId: '', status: 'refused', message, fault: toFault(kind, message) };
  }
}

/**
 * Asks main to do something and tells the person how it went: a refusal in plain words, a `done` with a message as a
 * confirmation. Resolves with true when it was done.
 */
export async function ask<N extends Action>(
  name: N,
  body: RequestBody<typeof uiMain, N>,
  doneTitle = '',
): Promise<boolean> {
  const { say, complain } = useNotices.getState();
  const reply = await act(name, body);
  if (reply.fault !== null) complain(reply.fault);
  else if (reply.status === 'refused') complain(toFault('bad-argument', reply.message));
  else if (reply.status === 'done' && doneTitle !== '') say(doneTitle, reply.message);
  return reply.status === 'done';
}

function receive(state: AppState): void {
  const sourceIds = state.sources.map((source) => source.sourceId);
  keepFeeds(sourceIds);
  for (const source of state.sources) feedOf(source.sourceId).setMode(source.settings.mode);
  useAppState.getState().receive(state);
  useChoice.getState().keepTo(sourceIds);
}

/** The first state; main may still be starting, so it is asked again until it answers. */
async function askForState(): Promise<void> {
  try {
    const state = await link?.request('state.get', {});
    if (state === undefined) return;
    receive(state);
    // After a reload of the page the ports of what is going on are gone with the old one.
    for (const source of state.sources) {
      if (isGoingOn(source) && !feedOf(source.sourceId).linked) {
        void ask('source.watch', { sourceId: source.sourceId });
      }
    }
  } catch {
    schedule(RETRY_MS, () => void askForState());
  }
}
