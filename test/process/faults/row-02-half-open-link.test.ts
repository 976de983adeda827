import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { expectHealed } from './healed.ts';
import { cameraFault, report } from './live-fixture.ts';
import { childProcesses } from './own-process.ts';

/** From the last picture to STALLED, both by the program's own clock. */
const SHOWN_WITHIN_MS = 5000;

cameraFault('row 2: the cable is cut and nobody says so', (stage) => {
  for (const transport of ['tcp', 'udp'] as const)
    it(`${transport}: shows STALLED within five seconds, ends the attempt, and is LIVE again after it heals`, async () => {
      const server = await stage.camera(await stage.clip('a.h264'));
      const rig = stage.rig();
      await rig.rtsp(server.url('/cam'), null, transport);
      await rig.untilFrames(30);
      // The program runs in this process: how long the machine kept it from running is no delay of its own.
      const held = monitorEventLoopDelay({ resolution: 10 });
      held.enable();
      server.freeze();
      await rig.untilState('STALLED', 10_000);
      held.disable();
      const shownWallMs = rig.states.at(-1)?.status.sinceWallMs ?? 0;
      const tookMs = shownWallMs - (rig.frames.at(-1)?.wallMs ?? 0);
      report('last picture to STALLED', tookMs);
      report('of it held up by the machine at most', held.max / 1e6);
      expect(tookMs).toBeGreaterThan(3900);
      expect(tookMs - held.max / 1e6).toBeLessThan(SHOWN_WITHIN_MS);
      // Since the last picture it was missing, not since it was missed.
      expect((rig.gaps.at(-1)?.fromWallMs ?? 0) - (rig.frames.at(-1)?.wallMs ?? 0)).toBeLessThan(1000);
      expect(rig.status?.cause?.kind).toBe('camera-no-picture');
      expect(rig.gaps.at(-1)).toMatchObject({ cause: 'stalled', toWallMs: null });
      await rig.untilState('RETRYING', 10_000);
      server.thaw();
      await expectHealed(rig, ['connecting', 'stalled']);
      await rig.close();
      expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
    });

  it('does not touch a connection that only pauses', async () => {
    const server = await stage.camera(await stage.clip('a.h264'));
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilFrames(10);
    const children = childProcesses();
    server.freeze();
    await rig.untilState('STALLED', 10_000);
    server.thaw();
    await rig.untilState('LIVE', 5000);
    await rig.untilFrames(10);
    expect(childProcesses()).toEqual(children);
    expect(rig.path()).toEqual(['CONNECTING', 'LIVE', 'STALLED', 'LIVE']);
    expect(rig.gaps.at(-1)).toMatchObject({ cause: 'stalled', toPtsMs: expect.any(Number) });
  });
});
