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
});
