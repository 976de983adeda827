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
    const [connecting, missing] = rig.gaps;
    expect(rig.gaps.slice(0, 2)).toMatchObject([{ cause: 'connecting' }, { cause: 'not-found' }]);
    // One hole without a moment between, for as many causes as it had; the server was away for a while.
    expect(missing?.fromWallMs).toBe(connecting?.toWallMs);
    expect(rig.gaps.slice(2).every(({ cause }) => cause === 'lost' || cause === 'not-found')).toBe(true);
    expect(rig.gaps.at(-1)?.toPtsMs).toEqual(expect.any(Number));
  });

  it('a name that nobody has', async () => {
    const rig = stage.rig();
    expect(await cause(rig, 'rtsp://camera.invalid/cam')).toBe('NOT_FOUND address-unknown');
    expect(rig.gaps.map(({ cause: each }) => each)).toEqual(['connecting', 'not-found']);
  });

  it('a machine on which nothing listens', async () => {
    const rig = stage.rig();
    expect(await cause(rig, 'rtsp://127.0.0.1:1/cam')).toBe('RETRYING camera-unreachable');
    expect(rig.status?.cause?.message).toContain('nothing listens');
    expect(rig.gaps.map(({ cause: each }) => each)).toEqual(['connecting', 'lost']);
  });
});
