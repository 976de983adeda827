import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cameraFault, report } from './live-fixture.ts';
import type { LiveRig } from './live-rig.ts';
import { childProcesses } from './own-process.ts';

const login = { user: 'ivis', password: 's3cr&t p@ss/wörd' };
const wrong = { user: 'ivis', password: 'n0t th%e wo:rd' };

/** Everything of a rig that somebody could read, and what the system shows of its children. */
function readable(rig: LiveRig, commands: readonly string[]): string {
  return JSON.stringify([rig.states, rig.status, rig.media, rig.told, rig.ends, rig.logged, commands]);
}

/** Of the server, its own command line holds the password: it is the test's. */
const commandLines = (server: number | null): string[] =>
  childProcesses()
    .filter((pid) => pid !== server)
    .map((pid) =>
      ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8')).join('\n'),
    );

function expectNoSecret(text: string, { user, password }: typeof login): void {
  for (const secret of [
    password,
    encodeURIComponent(password),
    Buffer.from(`${user}:${password}`).toString('base64'),
  ]) {
    expect(text.includes(secret)).toBe(false);
  }
}

cameraFault('row 4: the password', (stage) => {
  for (const digest of [false, true]) {
    it(`opens the camera and is seen nowhere (${digest ? 'Digest' : 'Basic'})`, async () => {
      const { path: file } = await stage.clip('a.h264');
      const mounts = [{ path: '/cam', file, fps: 25 }];
      const server = await stage.server({ mounts, ...login, digest });
      const rig = stage.rig();
      await rig.rtsp(server.url('/cam'), login);
      report('password to LIVE', await rig.untilState('LIVE'));
      await rig.untilFrames(10);
      const commands = commandLines(server.pid);
      expect(commands.some((line) => line.includes('ffmpeg'))).toBe(true);
      await rig.close();
      expectNoSecret(readable(rig, commands), login);
    });
  }

  it('that is wrong is named, is not tried more than once a minute, and is seen nowhere', async () => {
    const { path: file } = await stage.clip('a.h264');
    const server = await stage.server({ mounts: [{ path: '/cam', file, fps: 25 }], ...login });
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'), wrong);
    await rig.untilState('AUTH_FAILED');
    expect(rig.status?.cause).toMatchObject({
      kind: 'camera-auth',
      message: expect.stringContaining('rejects'),
    });
    const waitMs = (rig.status?.nextTryWallMs ?? 0) - Date.now();
    expect(waitMs).toBeGreaterThan(50_000);
    expect(rig.gaps).toMatchObject([{ cause: 'connecting' }, { cause: 'auth-failed', toWallMs: null }]);
    await rig.close();
    expectNoSecret(readable(rig, []), wrong);
  });

  it('that is missing is asked for', async () => {
    const { path: file } = await stage.clip('a.h264');
    const server = await stage.server({ mounts: [{ path: '/cam', file, fps: 25 }], ...login });
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilState('AUTH_FAILED');
    expect(rig.status?.cause?.message).toContain('wants user and password');
  });

  it('is proven by the test of the add dialog, with a picture', async () => {
    const { path: file } = await stage.clip('large.h264', { width: 1280, height: 720 });
    const server = await stage.server({ mounts: [{ path: '/cam', file, fps: 25 }], ...login });
    const rig = stage.rig();
    const input = { kind: 'rtsp', url: server.url('/cam'), transport: 'tcp' } as const;
    const ask = (secret: typeof login) =>
      rig.main.request('input.get', { input, login: secret, timeoutMs: 10_000 }, { timeoutMs: 20_000 });
    const { media, connectMs, picture, ffmpeg } = await ask(login);
    report('picture of the test', connectMs);
    expect(media).toMatchObject({ width: 1280, height: 720, codec: 'h264', fps: 25, startBasis: 'arrival' });
    // JPEG, with 640 pixels of width in its frame header (SOF0).
    const bytes = Buffer.from(picture);
    expect(bytes.subarray(0, 2).toString('hex')).toBe('ffd8');
    const frame = bytes.indexOf(Buffer.from('ffc0', 'hex'));
    expect([bytes.readUInt16BE(frame + 7), bytes.readUInt16BE(frame + 5)]).toEqual([640, 360]);
    expect(ffmpeg.path).toContain('ffmpeg');
    await expect(ask(wrong)).rejects.toMatchObject({ kind: 'camera-auth' });
  });
});
