import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StepError } from './step-error.mjs';

const pollMs = 200;
const waitLimitMs = 15 * 60_000;

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** @param {string} lock */
function ownerOf(lock) {
  try {
    return Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Lets one set-up at a time change the checkout (two test runs started together must not both install).
 * A lock whose owner is dead is taken over.
 * @param {string} root
 * @param {(text: string) => void} say
 * @param {() => Promise<void>} work
 */
export async function withLock(root, say, work) {
  const lock = join(root, '.toolchain', 'setup.lock');
  mkdirSync(join(root, '.toolchain'), { recursive: true });
  const startMs = Date.now();
  let told = false;
  let ownerlessPolls = 0;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const owner = ownerOf(lock);
    // Between mkdir and the writing of its pid a lock has no owner for a moment; only a lasting lack of one is a leftover.
    ownerlessPolls = owner === null ? ownerlessPolls + 1 : 0;
    if ((owner !== null && !isAlive(owner)) || ownerlessPolls > 10) {
      rmSync(lock, { recursive: true, force: true });
      continue;
    }
    if (!told) say(`waiting for another set-up (process ${owner}) in this folder`);
    told = true;
    if (Date.now() - startMs > waitLimitMs) {
      throw new StepError(`another set-up (process ${owner}) has not finished`, `End it, or delete ${lock}.`);
    }
    await sleep(pollMs);
  }
  writeFileSync(join(lock, 'pid'), String(process.pid));
  try {
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
