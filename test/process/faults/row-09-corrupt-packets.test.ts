import { expect, it } from 'vitest';
import { expectHealed } from './healed.ts';
import { cameraFault } from './live-fixture.ts';

const FPS = 25;

cameraFault('row 9: packets arrive damaged', (stage) => {
  it('are counted and complained about, the source goes on, and the complaint ends with them', async () => {
    const order = { damage: 0.3, damaged: 5 * FPS } as const;
    const server = await stage.camera(await stage.clip('a.h264'), order);
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.until('a complaint', () => rig.status?.cause?.kind === 'camera-damaged', 20_000);
    expect(rig.status).toMatchObject({ state: 'LIVE', decodeErrors: expect.any(Number) });
    expect(rig.status?.decodeErrors).toBeGreaterThan(3);

    // The share is that of the last ten seconds.
    await rig.until('no complaint', () => rig.status?.cause === null, 30_000);
    const counted = rig.status?.decodeErrors;
    await expectHealed(rig, ['connecting']);
    await rig.untilFrames(2 * FPS);
    expect(rig.status?.decodeErrors).toBe(counted);
    expect(rig.path()).toEqual(['CONNECTING', 'LIVE']);
    await rig.close();
    expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
    expect(rig.ends[0]?.decodeErrors).toBe(counted);
  });
});
