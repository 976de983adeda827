import { describe, expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { lookUp, strike } from '../../drivers/process-tree.ts';
import { Analysis, analysisFolder } from './analysis-rig.ts';

const { at, clip } = analysisFolder('detection-dies');

describe('row 16: detection crashes in native code', () => {
  it('is analysed anew and counted once, as if nothing had been', async () => {
    const analysis = new Analysis(await clip(), at('crash'));
    await analysis.underWay();
    const before = analysis.newest('detection');
    strike(before, 'SIGSEGV');
    await until('another detection process', () => analysis.newest('detection') !== before, 30_000);
    await analysis.endsTrue(2);
    expect(analysis.command.said.join('\n')).toContain('analysing anew, attempt 2');
  });
});

describe('row 18: detection crashes again and again', () => {
  it('is given up with its cause, and nothing spins meanwhile', async () => {
    const analysis = new Analysis(await clip(), at('loop'));
    const struck = new Set<number>();
    let over = false;
    const ended = analysis.end().finally(() => {
      over = true;
    });
    while (!over) {
      const pid = analysis.newest('detection');
      if (pid > 0 && !struck.has(pid) && lookUp(pid) !== null) {
        struck.add(pid);
        strike(pid, 'SIGKILL');
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const end = await ended;
    expect(end.code).toBe(8);
    expect(end.stderr).toContain('error worker-crashed: detection keeps ending');
    // Five restarts in a minute, each after a longer pause, and no sixth.
    expect(struck.size).toBe(6);
    expect(
      end.log.filter((line) => line.process === 'detection' && line.message === 'is failed'),
    ).toHaveLength(1);
    expect(await analysis.broken()).toEqual([]);
    // Healed: the same folder, nothing dies.
    await new Analysis(await clip(), at('loop')).endsTrue(1);
  });
});
