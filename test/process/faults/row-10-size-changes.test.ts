import { expect, it } from 'vitest';
import { joinedClip } from '../../drivers/rtsp-clips.ts';
import { cameraFault, report } from './live-fixture.ts';

cameraFault('row 10: the picture changes its size', (stage) => {
  it('in mid-stream: a new ring of the new size at once, and a gap that says why', async () => {
    const small = await stage.clip('small.h264', { seconds: 4 });
    const large = await stage.clip('large.h264', { width: 640, height: 480, seconds: 30 });
    const server = await stage.camera(await joinedClip(stage.at('grows.h264'), [small, large]));
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilState('LIVE');
    await rig.until('small pictures', () => rig.frames.length > 10);
    await rig.until('a second ring', () => rig.rings.length === 2, 20_000);
    report('new ring to LIVE', await rig.untilState('LIVE'));
    await rig.untilFrames(10);
    expect(rig.rings.map(({ width, height }) => [width, height])).toEqual([
      [320, 240],
      [640, 480],
    ]);
    expect(rig.rings[0]?.epoch).not.toBe(rig.rings[1]?.epoch);
    expect(rig.gaps.at(-1)).toMatchObject({ cause: 'size-changed', toPtsMs: expect.any(Number) });
    // Each picture is read from the ring of its epoch: none is taken for another.
    for (const each of rig.told) {
      if (each.kind !== 'frame') continue;
      const { epoch, width } = each.frame;
      expect(width).toBe(epoch === rig.rings[0]?.epoch ? 320 : 640);
    }
    expect(rig.told.at(-1)).toMatchObject({ kind: 'frame', read: 'ok' });
    expect(rig.media.map(({ width }) => width)).toEqual([320, 640]);
    const seqs = rig.frames.map(({ seq }) => seq);
    expect(seqs.every((seq, n) => n === 0 || seq > (seqs[n - 1] ?? 0))).toBe(true);
    await rig.close();
    expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
  });

  it('while the camera was away: the loss and the change are two gaps', async () => {
    const server = await stage.camera(await stage.clip('small.h264', { seconds: 4 }));
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilFrames(10);
    await server.kill();
    await stage.camera(await stage.clip('wide.h264', { width: 480, height: 200 }), { port: server.port });
    await rig.until('the new size', () => rig.frames.at(-1)?.width === 480, 25_000);
    expect(rig.gaps.map(({ cause }) => cause)).toEqual(['connecting', 'lost', 'size-changed']);
  });
});
