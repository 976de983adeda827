import { parentPort } from 'node:worker_threads';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import { type LookSession, openLookSession } from './look-session.ts';
import { type ModelSession, openSession } from './session.ts';
import { type ThreadAnswer, type ThreadRequest, threadRequestSchema } from './thread-messages.ts';

/**
 * The thread that models run in: ONNX Runtime blocks the thread it is called on, and the process has frames to read,
 * objects to track and commands to answer meanwhile. One request after the other.
 */
const sessions = new Map<number, ModelSession>();
const looks = new Map<number, LookSession>();

function openOf<S>(open: ReadonlyMap<number, S>, id: number): S {
  const session = open.get(id);
  if (session === undefined) throw new NamedError('closed', `there is no model session ${id}`);
  return session;
}

async function answerOf(request: ThreadRequest): Promise<ThreadAnswer> {
  const { id } = request;
  switch (request.ask) {
    case 'open':
      sessions.set(id, await openSession(request.bytes, request.spec, request.provider));
      return { answer: 'opened', id };
    case 'run': {
      const { input, tensorW, tensorH } = request;
      return { answer: 'ran', id, ...(await openOf(sessions, request.session).run(input, tensorW, tensorH)) };
    }
    case 'open-look': {
      const look = await openLookSession(request.bytes, request.name, request.provider);
      looks.set(id, look);
      return { answer: 'look-opened', id, shape: look.shape };
    }
    case 'embed': {
      const { session, input, count } = request;
      return { answer: 'ran', id, ...(await openOf(looks, session).run(input, count)) };
    }
    case 'release':
      await (sessions.get(request.session) ?? looks.get(request.session))?.release();
      sessions.delete(request.session);
      looks.delete(request.session);
      return { answer: 'released', id };
  }
}

const buffersOf = (answer: ThreadAnswer): ArrayBuffer[] =>
  answer.answer !== 'ran'
    ? []
    : [answer.input.buffer, answer.output.buffer].filter((buffer) => buffer instanceof ArrayBuffer);

let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (data: unknown) => {
  const request = threadRequestSchema.parse(data);
  last = last.then(async () => {
    const answer = await answerOf(request).catch(
      (thrown: unknown): ThreadAnswer => ({ answer: 'failed', id: request.id, error: toWireError(thrown) }),
    );
    parentPort?.postMessage(answer, buffersOf(answer));
  });
});
