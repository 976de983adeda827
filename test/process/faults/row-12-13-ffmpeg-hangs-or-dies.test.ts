import { expect, it } from 'vitest';
import { cameraFault, report } from './live-fixture.ts';
import { childProcesses } from './live-rig.ts';

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
    process.kill(pid, 'SIGSTOP');
    const tookMs = await rig.until(
      'the end of the stopped one',
      () => !childProcesses().includes(pid),
      15_000,
    );
    report('stopped to killed', tookMs);
    expect(tookMs).toBeLessThan(12_000);
    await rig.untilState('LIVE', 15_000);
    await rig.untilFrames(10);
    expect(rig.gaps.at(-1)?.cause).toBe('stalled');
  });

  for (const signal of ['SIGKILL', 'SIGSEGV'] as const) {
    it(`dies of ${signal}: the part of a picture it left is no picture`, async () => {
      const { rig, pid } = await watched();
      process.kill(pid, signal);
      await rig.until('the loss', () => rig.status?.state === 'RETRYING', 5000);
      await rig.untilState('LIVE', 15_000);
      await rig.untilFrames(10);
      expect(rig.gaps.at(-1)?.cause).toBe('lost');
      expect(rig.tornReads).toEqual([]);
      await rig.close();
      expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
    });
  }
});
