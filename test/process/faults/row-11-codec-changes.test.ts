import { expect, it } from 'vitest';
import { cameraFault } from './live-fixture.ts';

cameraFault('row 11: the camera is set to another coding', (stage) => {
  it('goes on in the same ring, with a gap that says why', async () => {
    const first = await stage.clip('a.h264');
    const server = await stage.camera(first);
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilFrames(10);
    await server.kill();
    const second = await stage.clip('a.h265', { codec: 'h265' });
    await stage.camera(second, { port: server.port, codec: 'h265' });
    await rig.until('the new coding', () => rig.media.at(-1)?.codec === 'hevc', 25_000);
    await rig.untilFrames(10);
    expect(rig.gaps.map(({ cause }) => cause)).toEqual(['connecting', 'lost', 'codec-changed']);
    expect(rig.rings).toHaveLength(1);
  });

  it('shows pictures that refer to later ones in their order, with rising times', async () => {
    for (const codec of ['h264', 'h265'] as const) {
      const server = await stage.camera(await stage.clip(`b.${codec}`, { codec, bFrames: 3 }), { codec });
      const rig = stage.rig();
      await rig.rtsp(server.url('/cam'));
      await rig.untilState('LIVE', 25_000);
      await rig.untilFrames(40, 25_000);
      const times = rig.frames.map(({ ptsMs }) => ptsMs ?? Number.NaN);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(rig.tornReads).toEqual([]);
    }
  });
});
