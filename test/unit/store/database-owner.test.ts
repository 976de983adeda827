import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DatabaseOwner } from '../../../src-worker/store/database-owner.ts';
import { temporaryFolder } from './store-fixture.ts';

const script = fileURLToPath(new URL('./lock-holder.ts', import.meta.url));
let path: string;
let remove: () => void;
let holder: ChildProcess | null = null;

beforeEach(() => {
  const made = temporaryFolder();
  path = join(made.folder, 'ivis.db');
  remove = made.remove;
});
afterEach(() => {
  holder?.kill('SIGKILL');
  holder = null;
  remove();
});

async function heldElsewhere(): Promise<ChildProcess> {
  holder = fork(script, [path], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(holder, 'message');
  return holder;
}

const take = (): DatabaseOwner => DatabaseOwner.take(path, process.pid, Date.now());

test('one process writes a database; a second one is told which', async () => {
  const { pid } = await heldElsewhere();
  expect(take).toThrow(
    expect.objectContaining({
      kind: 'store-in-use',
      message: expect.stringMatching(new RegExp(`written by process ${pid} since 20\\d\\d-`)),
    }),
  );
});

test('the right to write goes with a process that is killed', async () => {
  const child = await heldElsewhere();
  child.kill('SIGKILL');
  await once(child, 'exit');
  take().release();
});

test('it can be given back and taken again', () => {
  take().release();
  const owner = take();
  expect(take).toThrow(expect.objectContaining({ kind: 'store-in-use' }));
  owner.release();
});

test('where no file can be written that is what is said', () => {
  mkdirSync(`${path}.lock`);
  expect(take).toThrow(expect.objectContaining({ kind: 'store-read-only' }));
});
