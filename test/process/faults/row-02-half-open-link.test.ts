import { expect, it } from 'vitest';
import { cameraFault, report } from './live-fixture.ts';
import { childProcesses } from './live-rig.ts';

cameraFault('row 2: the cable is cut and nobody says so', (stage) => {
  it('shows STALLED within five seconds, ends the attempt, and is LIVE again after it heals', async () => {
    const server = await stage.camera(await stage.clip('a.h264'));
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilFrames(30);
    server.freeze();
    const tookMs = await rig.untilState('STALLED', 10_000);
    report('frozen to STALLED', tookMs);
    expect(tookMs).toBeLessThan(7000);
    expect(rig.status?.cause?.kind).toBe('camera-no-picture');
    expect(rig.gaps.at(-1)).toMatchObject({ cause: 'stalled', toWallMs: null });
    await rig.untilState('RETRYING', 10_000);
    server.thaw();
    await rig.untilState('LIVE', 25_000);
    await rig.untilFrames(10);
    expect(rig.gaps.at(-1)?.toPtsMs).not.toBeNull();
    expect(rig.gaps).toHaveLength(2);
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
