import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { until } from '../../drivers/ivis-command.ts';
import { familyOf, lives, programOf, strike } from '../../drivers/process-tree.ts';
import { Analysis, analysisFolder } from './analysis-rig.ts';
import { expectHealed } from './healed.ts';
import { cameraFault, report } from './live-fixture.ts';
import { childProcesses } from './own-process.ts';

const KILLED_WITHIN_MS = 10_000;

cameraFault('rows 12 and 13: ffmpeg itself', (stage) => {
  const watched = async () => {
    const server = await stage.camera(await stage.clip('a.h264'));
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilFrames(10);
    const ffmpeg = childProcesses().filter((pid) => pid !== server.pid);
    expect(ffmpeg).toHaveLength(1);
    return { rig, pid: ffmpeg[0] ?? 0 };
  };

  it('hangs: it is killed within ten seconds and another one goes on', async () => {
    const { rig, pid } = await watched();
    // The program runs in this process: how long the machine kept it from running is no delay of its own.
    const held = monitorEventLoopDelay({ resolution: 10 });
    held.enable();
    process.kill(pid, 'SIGSTOP');
    const tookMs = await rig.until(
      'the end of the stopped one',
      () => !childProcesses().includes(pid),
      15_000,
    );
    held.disable();
    report('stopped to killed', tookMs);
    expect(tookMs - held.max / 1e6).toBeLessThan(KILLED_WITHIN_MS);
    await expectHealed(rig, ['connecting', 'stalled']);
    expect(rig.tornReads).toEqual([]);
    await rig.close();
    expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
  });

  for (const signal of ['SIGKILL', 'SIGSEGV'] as const) {
    it(`dies of ${signal}: the part of a picture it left is no picture`, async () => {
      const { rig, pid } = await watched();
      process.kill(pid, signal);
      await rig.until('the loss', () => rig.status?.state === 'RETRYING', 5000);
      await expectHealed(rig, ['connecting', 'lost']);
      expect(rig.tornReads).toEqual([]);
      await rig.close();
      expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
    });
  }
});

const { at, clip } = analysisFolder('ffmpeg-hangs');

describe('row 12, of a file', () => {
  it.skipIf(process.platform !== 'linux')(
    'ffmpeg is stopped in mid-file: it is killed within ten seconds, and the file is counted once',
    async () => {
      const analysis = new Analysis(await clip(), at('stopped'));
      await analysis.underWay();
      const ffmpeg = familyOf(analysis.command.pid).find(({ pid }) => programOf(pid) === 'ffmpeg');
      if (ffmpeg === undefined) throw new Error('no ffmpeg runs');
      strike(ffmpeg.pid, 'SIGSTOP');
      const began = performance.now();
      await until('the end of the stopped one', () => !lives(ffmpeg), 20_000);
      const tookMs = performance.now() - began;
      report('of a file, stopped to killed', tookMs);
      expect(tookMs).toBeLessThan(KILLED_WITHIN_MS);
      await analysis.endsTrue(2);
      expect(analysis.command.said.join('\n')).toContain('going on where it was, attempt 2');
    },
    90_000,
  );
});
