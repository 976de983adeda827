import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mustRun, runChild } from '../../../build/setup/child.mjs';
import { withLock } from '../../../build/setup/lock.mjs';
import { StepError } from '../../../build/setup/step-error.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ivis-setup-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test('a child hands back its exit code and both outputs', async () => {
  const result = await runChild(process.execPath, [
    '-e',
    'console.log("out"); console.error("err"); process.exit(3)',
  ]);
  expect(result.code).toBe(3);
  expect(result.stdout).toBe('out\n');
  expect(result.output).toContain('err');
});

test('a program that does not exist is a code and not an exception', async () => {
  const result = await runChild(join(root, 'no-such-program'), []);
  expect(result.code).toBe(127);
});

test('a child past its time limit is ended and said to be', async () => {
  const result = await runChild(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 200 });
  expect(result.timedOut).toBe(true);
  expect(result.code).not.toBe(0);
});

test('a child that must succeed names what failed, shows its words and says what to do', async () => {
  const run = mustRun(process.execPath, ['-e', 'console.error("disk full"); process.exit(1)'], {
    what: 'unpacking',
    remedy: 'Make room.',
  });
  const error: unknown = await run.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StepError);
  expect(String(error)).toContain('unpacking ended with code 1');
  expect(String(error)).toContain('disk full');
  expect(error).toMatchObject({ remedy: 'Make room.' });
});

test('two set-ups in one folder work one after the other', async () => {
  const order: string[] = [];
  const hold = async (name: string): Promise<void> => {
    order.push(`${name} in`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    order.push(`${name} out`);
  };
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  await Promise.all([withLock(root, say, () => hold('a')), withLock(root, say, () => hold('b'))]);
  expect(order).toEqual(['a in', 'a out', 'b in', 'b out']);
  expect(said).toHaveLength(1);
});

test('the lock of a dead set-up is taken over', async () => {
  const lock = join(root, '.toolchain', 'setup.lock');
  mkdirSync(lock, { recursive: true });
  const dead = await runChild(process.execPath, ['-p', 'process.pid']);
  writeFileSync(join(lock, 'pid'), dead.stdout.trim());
  let worked = false;
  await withLock(
    root,
    () => {},
    async () => {
      worked = true;
    },
  );
  expect(worked).toBe(true);
  expect(existsSync(lock)).toBe(false);
});

test('the lock is given back when the work fails', async () => {
  const failing = withLock(
    root,
    () => {},
    () => Promise.reject(new Error('no room')),
  );
  await expect(failing).rejects.toThrow('no room');
  expect(existsSync(join(root, '.toolchain', 'setup.lock'))).toBe(false);
});
