import { expect, it } from 'vitest';
import { cameraFault } from './live-fixture.ts';

cameraFault('a camera whose analysis is not ready', (stage) => {
  it('is opened when it is', async () => {
    const server = await stage.camera(await stage.clip('a.h264'));
    const rig = stage.rig();
    rig.ready = false;
    await rig.rtsp(server.url('/cam'));
    await rig.until('the refusal', () => rig.status?.cause?.kind === 'not-ready');
    rig.ready = true;
    await rig.untilState('LIVE');
    await rig.untilFrames(5);
    expect(rig.gaps).toMatchObject([
      { cause: 'connecting' },
      { cause: 'detection-restart', toPtsMs: expect.any(Number) },
    ]);
  });
});
