import { expect, it } from 'vitest';
import { cameraFault } from './live-fixture.ts';

cameraFault('row 8: more pictures come than a camera takes', (stage) => {
  it('is ended with its name and tried again', async () => {
    const server = await stage.camera(await stage.clip('a.h264'), { speed: 3 });
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilState('LIVE');
    await rig.untilState('RETRYING', 20_000);
    expect(rig.status?.cause).toMatchObject({
      kind: 'camera-too-fast',
      message: expect.stringMatching(/7\d|8\d/),
    });
    expect(rig.gaps.at(-1)).toMatchObject({ cause: 'too-fast' });
    await server.kill();
    await stage.camera(await stage.clip('a.h264'), { port: server.port });
    await rig.untilState('LIVE', 20_000);
    const at = rig.states.length;
    await rig.untilFrames(120);
    expect(rig.path(at)).toEqual([]);
  });
});
