import { describe, expect, it } from 'vitest';
import { type CommandEnd, until } from '../../drivers/ivis-command.ts';
import { cpuMsOf, lookUp, strike } from '../../drivers/process-tree.ts';
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
    expect(analysis.command.said.join('\n')).toContain('going on where it was, attempt 2');
    expect(causes(analysis)).toEqual(['crashed (SIGSEGV)']);
  });
});

/** Why detection ended, each time, as the log has it. */
const causes = ({ command }: Analysis): unknown[] =>
  command.log.flatMap(({ process, message, lastError }) =>
    process === 'detection' && message === 'is backing-off' ? [lastError] : [],
  );

/** Strikes each detection process once, as soon as `due` finds it, until the command is over; how many there were. */
async function strikeEach(
  analysis: Analysis,
  signal: NodeJS.Signals,
  due: (pid: number) => boolean,
): Promise<{ end: CommandEnd; struck: number }> {
  const struck = new Set<number>();
  let over = false;
  const ended = analysis.end().finally(() => {
    over = true;
  });
  while (!over) {
    const pid = analysis.newest('detection');
    if (pid > 0 && !struck.has(pid) && lookUp(pid) !== null && due(pid)) {
      struck.add(pid);
      strike(pid, signal);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { end: await ended, struck: struck.size };
}

const failures = ({ log }: CommandEnd): number =>
  log.filter((line) => line.process === 'detection' && line.message === 'is failed').length;

describe('row 17: detection hangs again and again', () => {
  it('is given up as one that crashes is, though six hangs take longer than a minute', async () => {
    const analysis = new Analysis(await clip(), at('hangs'));
    const runs = (pid: number): boolean =>
      analysis.command.log.some((line) => line.pid === pid && line.message === 'is running');
    const { end, struck } = await strikeEach(analysis, 'SIGSTOP', runs);
    expect(end.code).toBe(8);
    expect(end.stderr).toContain('error worker-crashed: detection keeps ending: no sign of life for 8000 ms');
    expect(struck).toBe(6);
    expect(failures(end)).toBe(1);
    expect(await analysis.broken()).toEqual([]);
  }, 240_000);
});

describe('row 18: detection crashes again and again', () => {
  it('is given up with its cause, and nothing spins meanwhile', async () => {
    const analysis = new Analysis(await clip(), at('loop'));
    const pid = analysis.command.pid;
    const looks: { readonly atMs: number; readonly cpuMs: number }[] = [];
    const { end, struck } = await strikeEach(analysis, 'SIGKILL', () => {
      looks.push({ atMs: performance.now(), cpuMs: cpuMsOf(pid) });
      return true;
    });
    expect(end.code).toBe(8);
    expect(end.stderr).toContain('error worker-crashed: detection keeps ending: killed (SIGKILL)');
    // Five restarts, each after a longer pause, and no sixth; main does next to nothing meanwhile.
    expect(struck).toBe(6);
    expect(looks).toHaveLength(6);
    const [from, to] = [looks[1], looks[5]];
    expect(((to?.cpuMs ?? 0) - (from?.cpuMs ?? 0)) / ((to?.atMs ?? 0) - (from?.atMs ?? 0))).toBeLessThan(
      0.05,
    );
    expect(failures(end)).toBe(1);
    expect(await analysis.broken()).toEqual([]);
    // Healed: the same folder, nothing dies.
    await new Analysis(await clip(), at('loop')).endsTrue(1);
  });
});
