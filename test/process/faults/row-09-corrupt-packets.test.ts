import { expect, it } from 'vitest';
import { cameraFault } from './live-fixture.ts';

cameraFault('row 9: packets arrive damaged', (stage) => {
  it('are counted and complained about, and the source goes on', async () => {
    const server = await stage.camera(await stage.clip('a.h264'), { damage: 0.3 });
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilFrames(100, 30_000);
    await rig.until('a complaint', () => rig.status?.cause?.kind === 'camera-damaged', 15_000);
    expect(rig.status).toMatchObject({ state: 'LIVE', decodeErrors: expect.any(Number) });
    expect(rig.status?.decodeErrors).toBeGreaterThan(3);
    await rig.close();
    expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
  });
});
