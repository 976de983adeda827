import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { ChildGauge, parseChild } from '../../../../src-main/health/child-gauge.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const status = 'Name:\tffmpeg\nVmPeak:\t  900 kB\nVmRSS:\t     2048 kB\nThreads:\t3\n';
const stat = (name: string, state = 'S'): string =>
  `42 (${name}) ${state} 7 7 7 0 -1 4194304 98 0 0 0 150 50 0 0 20 0 1 0 1356663 3133440 366 1844 1`;

describe('what the kernel tells of a process', () => {
  test('is read with its name, processor time and memory, also with an odd name', () => {
    expect(parseChild(42, stat('ffmpeg-linux-x6'), status)).toEqual({
      pid: 42,
      name: 'ffmpeg',
      cpuSeconds: 2,
      memoryBytes: 2048 * 1024,
      started: '1356663',
    });
    expect(parseChild(42, stat('a (b) c'), status)?.name).toBe('a (b) c');
  });

  test('of one that is dead, or in another form, gives nothing rather than something made up', () => {
    expect(parseChild(42, stat('ffmpeg', 'Z'), status)).toBeNull();
    expect(parseChild(42, stat('ffmpeg'), 'Name:\tffmpeg\n')).toBeNull();
    expect(parseChild(42, '', '')).toBeNull();
    expect(parseChild(42, '42 (ffmpeg) S 1 2', status)).toBeNull();
  });
});

describe.skipIf(!existsSync('/proc/self/task'))('children of a process', () => {
  test('are found with what they take, and go with their end', async () => {
    const gauge = new ChildGauge();
    const script =
      "const end = performance.now() + 60000; process.stdout.write('x'); while (performance.now() < end);";
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    await once(child.stdout, 'data');
    const find = () => gauge.of(process.pid, 'yard').find(({ pid }) => pid === child.pid);
    const beganMs = performance.now();
    gauge.take([process.pid], beganMs);
    expect(find()).toMatchObject({ sourceId: 'yard', state: 'running', cpuShare: null });
    expect(find()?.memoryBytes).toBeGreaterThan(2 ** 20);
    await expect
      .poll(
        () => {
          gauge.take([process.pid], performance.now());
          return find()?.cpuShare ?? 0;
        },
        { timeout: 20_000, interval: 300 },
      )
      .toBeGreaterThan(0.05);
    expect(gauge.memoryBytes).toBeGreaterThan(2 ** 20);
    child.kill('SIGKILL');
    await once(child, 'exit');
    gauge.take([process.pid], performance.now());
    expect(find()).toBeUndefined();
  });

  test('of a process that is gone are none', () => {
    const gauge = new ChildGauge();
    gauge.take([2 ** 22 + 1], 1000);
    expect(gauge.of(2 ** 22 + 1, null)).toEqual([]);
    expect(gauge.of(null, null)).toEqual([]);
  });
});
