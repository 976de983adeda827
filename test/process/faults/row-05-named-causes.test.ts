import { expect, it } from 'vitest';
import { cameraFault } from './live-fixture.ts';
import type { LiveRig } from './live-rig.ts';

const cause = async (rig: LiveRig, url: string): Promise<string> => {
  await rig.rtsp(url);
  await rig.until('a cause', () => rig.status?.cause !== null && rig.status !== null, 20_000);
  return `${rig.status?.state} ${rig.status?.cause?.kind}`;
};

cameraFault('row 5: what is wrong with an address is told apart', (stage) => {
  it('a stream the camera does not have, and it is found when it appears', async () => {
    const clip = await stage.clip('a.h264');
    const server = await stage.camera(clip);
    const rig = stage.rig();
    expect(await cause(rig, server.url('/nope'))).toBe('NOT_FOUND camera-not-found');
    await server.kill();
    await stage.server({ port: server.port, mounts: [{ path: '/nope', file: clip.path, fps: 25 }] });
    await rig.untilState('LIVE', 25_000);
    expect(rig.gaps).toMatchObject([{ cause: 'connecting', toPtsMs: expect.any(Number) }]);
  });

  it('a name that nobody has', async () => {
    expect(await cause(stage.rig(), 'rtsp://camera.invalid/cam')).toBe('NOT_FOUND address-unknown');
  });

  it('a machine on which nothing listens', async () => {
    const rig = stage.rig();
    expect(await cause(rig, 'rtsp://127.0.0.1:1/cam')).toBe('RETRYING camera-unreachable');
    expect(rig.status?.cause?.message).toContain('nothing listens');
  });
});
