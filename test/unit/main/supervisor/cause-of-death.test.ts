import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { causeOfDeath } from '../../../../src-main/supervisor/cause-of-death.ts';

describe('why a process ended', () => {
  it.each([
    [0, 'linux', 'ended'],
    [1, 'linux', 'ended with code 1'],
    [70, 'linux', 'ended with code 70'],
    [9, 'linux', 'killed (SIGKILL): by the system for want of memory, or by somebody'],
    [9, 'darwin', 'killed (SIGKILL): by the system for want of memory, or by somebody'],
    [137, 'linux', 'killed (SIGKILL): by the system for want of memory, or by somebody'],
    [11, 'linux', 'crashed (SIGSEGV)'],
    [139, 'linux', 'crashed (SIGSEGV)'],
    [6, 'linux', 'crashed (SIGABRT)'],
    [15, 'linux', 'was told to end from outside (SIGTERM)'],
    [9, 'win32', 'ended with code 9'],
    [-1073741819, 'win32', 'crashed (0xc0000005)'],
    [0xc0000005, 'win32', 'crashed (0xc0000005)'],
    [-536870904, 'win32', 'ran out of memory (0xe0000008)'],
  ] as const)('code %i on %s: %s', (code, platform, words) => {
    expect(causeOfDeath(code, platform)).toBe(words);
  });

  it.skipIf(process.platform === 'win32').each(['SIGKILL', 'SIGSEGV', 'SIGABRT', 'SIGTERM'] as const)(
    'a real process that %s ended is told of by that name',
    (name) => {
      const { signal } = spawnSync('sh', ['-c', `kill -${name.slice(3)} $$`]);
      expect(signal).toBe(name);
      expect(causeOfDeath(constants.signals[name], process.platform)).toContain(name);
    },
  );
});
