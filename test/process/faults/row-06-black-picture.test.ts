import { expect, it } from 'vitest';
import { joinedClip } from '../../drivers/rtsp-clips.ts';
import { cameraFault, report } from './live-fixture.ts';

cameraFault('row 6: the picture is black', (stage) => {
  it('is BLACK after a grace of five seconds, counts nothing meanwhile, and heals by itself', async () => {
    const clips = [
      await stage.clip('moving.h264', { seconds: 4 }),
      await stage.clip('black.h264', { scene: 'black', seconds: 10 }),
    ];
    const server = await stage.camera(await joinedClip(stage.at('both.h264'), clips));
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilState('LIVE');
    report('start to BLACK', await rig.untilState('BLACK', 20_000));
    expect(rig.status?.cause?.kind).toBe('camera-black');
    // The picture was black all through the grace, so the hole began that much before it was judged.
    const judgedWallMs = rig.status?.sinceWallMs ?? 0;
    const hole = rig.gaps.at(-1);
    expect(judgedWallMs - (hole?.fromWallMs ?? 0)).toBeGreaterThan(4900);
    const lastTrue = rig.frames.findLast(({ wallMs }) => wallMs <= (hole?.fromWallMs ?? 0));
    expect(Math.abs((lastTrue?.ptsMs ?? 0) - (hole?.fromPtsMs ?? 0))).toBeLessThan(500);
    const sent = rig.frames.length;
    const shown = rig.shown.length;
    await rig.until('dropped frames', () => rig.dropped > 40);
    expect(rig.frames).toHaveLength(sent);
    // People go on seeing what the camera sees.
    expect(rig.shown.length).toBeGreaterThan(shown);
    await rig.untilState('LIVE', 15_000);
    await rig.untilFrames(5);
    const gap = rig.gaps.at(-1);
    expect(gap).toMatchObject({ cause: 'black', toPtsMs: expect.any(Number) });
    expect(rig.frames[sent]?.discontinuity).toBe(true);
    expect(rig.path()).toEqual(['CONNECTING', 'LIVE', 'BLACK', 'LIVE']);
    await rig.close();
    expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
  });
});
