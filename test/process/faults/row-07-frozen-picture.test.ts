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

  it('that is equal sample by sample is FROZEN, though each key frame codes it in another way', async () => {
    const order = { scene: 'detailed', seconds: 32, sparing: true } as const;
    const server = await stage.camera(await stage.clip('equal.h264', order));
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilState('LIVE');
    await rig.untilState('FROZEN', 26_000);
    const dropped = rig.dropped;
    await rig.until('pictures over more key frames', () => rig.dropped > dropped + 50, 30_000);
    expect(rig.path()).toEqual(['CONNECTING', 'LIVE', 'FROZEN']);
    await rig.close();
    expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
  });

  it('is not what a motionless scene under the noise of a sensor is, be it strong or faint', async () => {
    const scenes = ['noisy', 'faint'] as const;
    const watched = scenes.map(async (scene) => {
      const server = await stage.camera(await stage.clip(`${scene}.h264`, { scene, seconds: 12 }));
      const rig = stage.rig();
      await rig.rtsp(server.url('/cam'));
      await rig.untilState('LIVE');
      await rig.until('15 s of pictures', () => (rig.frames.at(-1)?.ptsMs ?? 0) > 15_000, 30_000);
      expect(rig.path()).toEqual(['CONNECTING', 'LIVE']);
      expect(rig.gaps).toHaveLength(1);
    });
    await Promise.all(watched);
  });
});
