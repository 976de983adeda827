import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { childrenOf } from '../../../../src-main/health/child-gauge.ts';
import { familyMemory } from '../../../../src-main/supervisor/family-memory.ts';

test('what an ffmpeg holds counts for the process that reads with it, and for no other', () => {
  const own = new Map([
    [1, 100],
    [2, 200],
    [3, 300],
  ]);
  const children = (pid: number) => (pid === 2 ? [{ memoryBytes: 40 }, { memoryBytes: 2 }] : []);
  expect([...familyMemory(own, [1, 2], children)]).toEqual([
    [1, 100],
    [2, 242],
    [3, 300],
  ]);
});

test.skipIf(process.platform !== 'linux')('a real child is counted while it lives', async () => {
  const child = spawn('sleep', ['60']);
  try {
    await new Promise((resolve) => child.once('spawn', resolve));
    const all = familyMemory(new Map([[process.pid, 100]]), [process.pid], childrenOf);
    expect(all.get(process.pid)).toBeGreaterThan(100);
  } finally {
    child.kill('SIGKILL');
  }
});
