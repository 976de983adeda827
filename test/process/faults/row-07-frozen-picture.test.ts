import { expect, it } from 'vitest';
import { joinedClip } from '../../drivers/rtsp-clips.ts';
import { cameraFault, report } from './live-fixture.ts';
import { childProcesses } from './own-process.ts';

cameraFault('row 7: the picture is frozen', (stage) => {
  it('is FROZEN after ten seconds, is not connected anew, and is LIVE with the first movement', async () => {
    const clips = [
      await stage.clip('moving.h264', { seconds: 3 }),
      await stage.clip('still.h264', { scene: 'still', seconds: 16 }),
    ];
    const server = await stage.camera(await joinedClip(stage.at('both.h264'), clips));
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilState('LIVE');
    const children = childProcesses();
    report('start to FROZEN', await rig.untilState('FROZEN', 30_000));
    expect(rig.status?.cause?.kind).toBe('camera-frozen');
    const judgedWallMs = rig.status?.sinceWallMs ?? 0;
    expect(judgedWallMs - (rig.gaps.at(-1)?.fromWallMs ?? 0)).toBeGreaterThan(9900);
    const sent = rig.frames.length;
    await rig.until('dropped frames', () => rig.dropped > 25);
    expect(rig.frames).toHaveLength(sent);
    await rig.untilState('LIVE', 20_000);
    expect(childProcesses()).toEqual(children);
    expect(rig.path()).toEqual(['CONNECTING', 'LIVE', 'FROZEN', 'LIVE']);
    expect(rig.gaps.at(-1)).toMatchObject({ cause: 'frozen', toPtsMs: expect.any(Number) });
  });

  it('is not what a motionless scene under the noise of a sensor is', async () => {
    const server = await stage.camera(await stage.clip('noisy.h264', { scene: 'noisy', seconds: 6 }));
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilState('LIVE');
    await rig.until('15 s of pictures', () => (rig.frames.at(-1)?.ptsMs ?? 0) > 15_000, 30_000);
    expect(rig.path()).toEqual(['CONNECTING', 'LIVE']);
    expect(rig.gaps).toHaveLength(1);
  });
});
