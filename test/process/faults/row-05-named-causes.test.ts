import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { expectHealed } from './healed.ts';
import { cameraFault } from './live-fixture.ts';
import type { LiveRig } from './live-rig.ts';

const cause = async (rig: LiveRig, url: string): Promise<string> => {
  await rig.rtsp(url);
  await rig.until('a cause', () => rig.status?.cause !== null && rig.status !== null, 20_000);
  return `${rig.status?.state} ${rig.status?.cause?.kind}`;
};

const run = promisify(execFile);

/** Names of machines are looked up in a file that only this test sees. */
const ownHosts =
  spawnSync('unshare', ['-m', 'mount', '--bind', '/etc/hosts', '/etc/hosts'], { timeout: 10_000 }).status ===
  0;
const ownHostsWord = ownHosts ? '' : ' (skipped: names of its own need root and unshare)';

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

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
    await expectHealed(
      rig,
      rig.gaps.map(({ cause }) => cause),
    );
    await rig.close();
    expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
  });

  it.skipIf(!ownHosts)(`a name that nobody has, until somebody has it${ownHostsWord}`, async () => {
    const server = await stage.camera(await stage.clip('a.h264'));
    const script = path.join(import.meta.dirname, 'own-hosts.ts');
    const hosts = stage.at('hosts');
    writeFileSync(hosts, '127.0.0.1 localhost\n');
    const command = `mount --bind "${hosts}" /etc/hosts && exec "${process.execPath}" "${script}" ${server.port}`;
    const { stdout } = await run('unshare', ['-m', 'sh', '-c', command], { timeout: 60_000 });
    const { before, after } = JSON.parse(stdout.split('\n').at(-2) ?? '');
    expect(before).toEqual({
      state: 'NOT_FOUND',
      kind: 'address-unknown',
      gaps: ['connecting', 'not-found'],
    });
    expect(after).toEqual({ state: 'LIVE', gaps: ['connecting', 'not-found'] });
  });

  it('a machine on which nothing listens, until something does', async () => {
    const rig = stage.rig();
    const port = await freePort();
    expect(await cause(rig, `rtsp://127.0.0.1:${port}/cam`)).toBe('RETRYING camera-unreachable');
    expect(rig.status?.cause?.message).toContain('nothing listens');
    expect(rig.gaps.map(({ cause: each }) => each)).toEqual(['connecting', 'lost']);
    await stage.camera(await stage.clip('a.h264'), { port });
    await expectHealed(rig, ['connecting', 'lost']);
    await rig.close();
    expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
  });
});
