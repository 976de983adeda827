import { join, resolve } from 'node:path';
import { mainStore } from '#shared/contracts/main-store.contract.ts';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import { workerSpecs } from '../supervisor/worker-specs.ts';
import type { CommandContext } from './analyze.ts';
import { exitCodeOf } from './exit-code.ts';
import { say, tell } from './terminal.ts';

export const auditUsage = 'ivis audit verify DATABASE [--head HASH] [--json]';

const VERIFY_MS = 600_000;
const START_MS = 30_000;

/** `ivis audit verify`: exit code 0 when every row is as it was written; a broken row is named. */
export async function audit(words: readonly string[], context: CommandContext): Promise<number> {
  try {
    const { path, head, json } = parse(words);
    const found = await verify(path, context);
    const sound = found.broken.length === 0 && (head === null || head === found.head);
    if (json) say(JSON.stringify({ database: path, sound, ...found }));
    else {
      for (const { row, why } of found.broken) say(`${row}: ${why}`);
      if (head !== null && head !== found.head) say(`the newest row has another hash than ${head}`);
      say(`${found.rows} audit rows, ${sound ? 'all as they were written' : 'NOT as they were written'}`);
      say(`head ${found.head}`);
    }
    return sound ? 0 : 1;
  } catch (thrown) {
    const { kind, message } = toWireError(thrown);
    tell(`error ${kind}: ${message}`);
    return exitCodeOf(kind);
  }
}

function parse(words: readonly string[]): { path: string; head: string | null; json: boolean } {
  const bad = (message: string): NamedError => new NamedError('bad-argument', `${message}\n\n${auditUsage}`);
  const [what, ...rest] = words;
  if (what !== 'verify') throw bad(what === undefined ? 'what about it?' : `there is no "audit ${what}"`);
  let path: string | null = null;
  let head: string | null = null;
  let json = false;
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? '';
    if (word === '--json') json = true;
    else if (word === '--head') {
      head = rest[++i] ?? '';
      if (!/^[0-9a-f]{64}$/.test(head)) throw bad('--head needs the hash that an earlier check printed');
    } else if (word.startsWith('--')) throw bad(`there is no option ${word}`);
    else if (path !== null) throw bad('one DATABASE at a time');
    else path = resolve(word);
  }
  if (path === null) throw bad('no DATABASE is given');
  return { path, head, json };
}

/** The store process reads the file; the database itself is not opened for writing. */
async function verify(
  path: string,
  { workerFolder, log, clock }: CommandContext,
): Promise<{ rows: number; head: string; broken: { row: string; why: string }[] }> {
  let settle: { resolve: () => void; reject: (error: Error) => void } | null = null;
  const ready = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const fail = (why: string): void => settle?.reject(new NamedError('worker-crashed', why));
  const timer = setTimeout(() => fail('the store process did not start'), START_MS);
  const store = new SupervisedWorker(
    workerSpecs.store,
    null,
    join(workerFolder, 'store.js'),
    log,
    clock.monoMs,
    {
      ready: () => settle?.resolve(),
      ended: () => fail('the store process ended'),
      changed: () => {},
    },
  );
  store.start();
  try {
    await ready;
    const link = store.open(mainStore, {
      messages: { 'store.faulted': () => {}, 'store.recovered': () => {} },
    });
    return await link.request('audit.get', { path }, { timeoutMs: VERIFY_MS });
  } finally {
    clearTimeout(timer);
    await store.stop();
  }
}
