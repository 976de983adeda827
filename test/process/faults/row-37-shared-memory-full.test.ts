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
    const told = JSON.parse(inRoom('124k'));
    expect(told).toMatchObject({ state: 'LIVE', warned: true, cause: { kind: 'shm-scarce' } });
    expect(told.cause.message).toMatch(/room for 3 pictures, 6 are wished/);
  });

  it('and when there is room again, all of them with the next connection, and the complaint is gone', () => {
    const { state, healed } = JSON.parse(inRoom('124k', '2m'));
    expect(state).toBe('LIVE');
    const gaps = ['connecting', 'lost'];
    expect(healed).toEqual({ state: 'LIVE', cause: null, rings: 2, gaps, open: 0, uncounted: 0 });
  });

  it('and when there is none, the ring that is there serves on', () => {
    const { healed } = JSON.parse(inRoom('124k', '125k'));
    expect(healed).toMatchObject({ state: 'LIVE', cause: 'shm-scarce', rings: 1, open: 0, uncounted: 0 });
  });

  it('for any picture: FAULTED, with the bytes that are needed, until there is room', () => {
    const { state, cause, healed } = JSON.parse(inRoom('40k', '1m'));
    expect(state).toBe('FAULTED');
    expect(cause).toMatchObject({ kind: 'shm-full', message: expect.stringMatching(/\d+ bytes are needed/) });
    const gaps = ['connecting', 'faulted'];
    expect(healed).toEqual({ state: 'LIVE', cause: null, rings: 1, gaps, open: 0, uncounted: 0 });
  });
});
