import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ownMounts =
  spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', '/dev/shm']).status === 0;
const word = ownMounts ? '' : ' (skipped: a /dev/shm of its own needs root and unshare)';

describe.skipIf(!ownMounts)(`row 37: shared memory is too small${word}`, { timeout: 60_000 }, () => {
  /** `later`: the size of it after the fault. */
  const inRoom = (size: string, later = ''): string => {
    const script = path.join(import.meta.dirname, 'small-room.ts');
    const command = `mount -t tmpfs -o size=${size} none /dev/shm && exec "${process.execPath}" "${script}" ${later}`;
    return execFileSync('unshare', ['-m', 'sh', '-c', command], { encoding: 'utf8', timeout: 50_000 });
  };

  it('for the slots that were wished: fewer are taken, and it is said', () => {
    // 160 x 120 take 28 kB a picture: six do not fit, three do.
    expect(JSON.parse(inRoom('124k'))).toMatchObject({ state: 'LIVE', warned: true });
  });

  it('for any picture: FAULTED, with the bytes that are needed, until there is room', () => {
    const { state, cause, healed } = JSON.parse(inRoom('40k', '1m'));
    expect(state).toBe('FAULTED');
    expect(cause).toMatchObject({ kind: 'shm-full', message: expect.stringMatching(/\d+ bytes are needed/) });
    expect(healed).toEqual({ state: 'LIVE', gaps: ['connecting', 'faulted'], open: 0, uncounted: 0 });
  });
});
