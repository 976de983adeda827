import { X509Certificate } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fingerprintIn } from '#shared/domain/certificate.ts';
import { bundledBuild } from '../../../src-worker/capture/ffmpeg/build.ts';
import { HttpCamera } from '../../drivers/http-camera.ts';
import { TlsFront } from '../../drivers/tls-front.ts';
import { testClip } from '../../fixtures/clips.ts';
import { ffmpeg } from '../../fixtures/ffmpeg.ts';
import { cameraFault, fault } from './live-fixture.ts';
import { madeUpWebcam, SessionRig } from './live-session-rig.ts';
import { childProcesses } from './own-process.ts';

const login = { user: 'web', password: 'p w&d' };

cameraFault('a camera over RTSP by UDP', (stage) => {
  it('is opened and goes on', async () => {
    const server = await stage.camera(await stage.clip('a.h264'));
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'), null, 'udp');
    await rig.untilState('LIVE');
    await rig.untilFrames(50);
    await server.kill();
    await rig.until('the loss', () => rig.status?.state !== 'LIVE', 10_000);
  });
});

cameraFault('a camera over RTSPS', (stage) => {
  it('with a certificate nobody signed: refused by that name until a person accepts it', async () => {
    const server = await stage.camera(await stage.clip('secured.h264'));
    const front = await TlsFront.start(server.port);
    try {
      const url = `rtsps://127.0.0.1:${front.port}/cam`;
      const stranger = stage.rig();
      await stranger.open({ kind: 'rtsp', url, transport: 'tcp' });
      await stranger.untilState('FAULTED');
      expect(stranger.status?.cause?.kind).toBe('camera-certificate');
      const shown = fingerprintIn(stranger.status?.cause?.message ?? '');
      expect(shown).toBe(new X509Certificate(front.certificate.cert).fingerprint256);

      const rig = stage.rig();
      await rig.open({ kind: 'rtsp', url, transport: 'tcp', certificate: shown ?? '' });
      await rig.untilState('LIVE');
      await rig.untilFrames(50);
    } finally {
      front.stop();
    }
  });
});

fault('a camera over HTTP', (stage) => {
  const jpegs = async (): Promise<string> => {
    const folder = stage.at('jpegs');
    mkdirSync(folder, { recursive: true });
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=320x240:rate=10:duration=2',
      '-q:v',
      '5',
      `${folder}/%03d.jpg`,
    );
    return folder;
  };

  it('MJPEG: times come from the arrival, the login from the relay, a redirect is followed', async () => {
    const camera = await HttpCamera.start({
      folder: stage.at(''),
      pictures: await jpegs(),
      fps: 10,
      basic: login,
    });
    const rig = stage.rig();
    await rig.open({ kind: 'http', url: camera.url('/moved') }, login);
    await rig.untilState('LIVE');
    await rig.untilFrames(30);
    expect(rig.media.at(-1)).toMatchObject({ codec: 'mjpeg', width: 320, height: 240 });
    const frames = rig.frames.slice(10);
    expect(frames.every(({ ptsEstimated }) => ptsEstimated)).toBe(true);
    const [first, last] = [frames[0], frames.at(-1)];
    const perFrameMs = ((last?.ptsMs ?? 0) - (first?.ptsMs ?? 0)) / (frames.length - 1);
    expect(perFrameMs).toBeGreaterThan(80);
    expect(perFrameMs).toBeLessThan(130);
    camera.stop();
    await rig.until('the loss', () => rig.status?.state === 'RETRYING');
  });

  it('a wrong login and a wrong path are told apart', async () => {
    const camera = await HttpCamera.start({ folder: stage.at(''), basic: login });
    const wrong = stage.rig();
    await wrong.open({ kind: 'http', url: camera.url('/live.mjpg') }, { ...login, password: 'no' });
    await wrong.untilState('AUTH_FAILED');
    const lost = stage.rig();
    await lost.open({ kind: 'http', url: camera.url('/nothing') }, login);
    await lost.untilState('NOT_FOUND');
    camera.stop();
  });

  it('HLS: segments come through the relay with the login, and other files stay closed', async () => {
    const folder = stage.at('hls');
    mkdirSync(folder, { recursive: true });
    const clip = await testClip(stage.at('film.mp4'), { frames: 150 });
    const cut = ['-c', 'copy', '-f', 'hls', '-hls_time', '1', '-hls_list_size', '0'];
    await ffmpeg('-i', clip.path, ...cut, `${folder}/index.m3u8`);
    const playlist = readFileSync(`${folder}/index.m3u8`, 'utf8');
    // As a live playlist it has no end, and one that leads to a file of this machine.
    const canary = `${stage.at('canary')}.ts`;
    appendFileSync(canary, 'secret');
    writeFileSync(`${folder}/index.m3u8`, playlist.replace('#EXT-X-ENDLIST', `#EXTINF:1,\nfile://${canary}`));
    const camera = await HttpCamera.start({ folder, basic: login });
    const rig = stage.rig();
    await rig.open({ kind: 'http', url: camera.url('/index.m3u8') }, login);
    await rig.untilState('LIVE');
    await rig.untilFrames(20);
    expect(camera.asked.filter((name) => name.endsWith('.ts')).length).toBeGreaterThan(0);
    expect(rig.media.at(-1)).toMatchObject({ codec: 'h264', container: expect.stringContaining('hls') });
    expect(JSON.stringify(rig.status)).not.toContain('canary');
    camera.stop();
  });

  it('a film on a web server is played once, to its end', async () => {
    const clip = await testClip(stage.at('short.mp4'), { frames: 40 });
    const camera = await HttpCamera.start({ folder: stage.at('') });
    const rig = stage.rig();
    await rig.open({ kind: 'http', url: camera.url('/short.mp4') });
    await rig.untilState('ENDED');
    await rig.until('the end', () => rig.ends.length === 1);
    expect(rig.ends[0]).toMatchObject({ decoded: clip.frames, complete: true, error: null });
    camera.stop();
  });
});

fault('a webcam', () => {
  it('as far as ffmpeg makes one up: it is opened, and goes on after a fault', async () => {
    const rig = new SessionRig(madeUpWebcam(), { build: bundledBuild, webcamSystem: 'lavfi' });
    rig.session.open();
    await rig.until('pictures', () => rig.frames.length > 20);
    process.kill(rig.session.childPid ?? 0, 'SIGKILL');
    await rig.until('the loss', () => rig.status?.state === 'RETRYING');
    await rig.until('pictures again', () => rig.status?.state === 'LIVE');
    await rig.tearDown();
    expect(rig.frames.length + rig.dropped).toBe(rig.end?.decoded);
  });

  it('that is not there is said to be', async () => {
    const webcam = { kind: 'webcam', device: '/dev/video99', width: 640, height: 480, fps: 25 } as const;
    const rig = new SessionRig(webcam, { build: bundledBuild, webcamSystem: 'v4l2' });
    rig.session.open();
    await rig.until('a cause', () => rig.status?.state === 'NOT_FOUND');
    expect(rig.status?.cause?.kind).toBe('device-missing');
    await rig.tearDown();
    expect(childProcesses()).toEqual([]);
  });
});

fault('a file that is played again and again', (stage) => {
  it('goes on at real speed across its end, the seam marked, without a gap', async () => {
    const clip = await testClip(stage.at('loop.mp4'), { frames: 30 });
    const rig = stage.rig();
    await rig.open({ kind: 'file', path: clip.path, loop: true });
    await rig.until('three rounds', () => rig.frames.length > 75, 20_000);
    const frames = rig.frames;
    expect(frames.flatMap(({ seq, discontinuity }) => (discontinuity ? [seq] : []))).toEqual([0, 30, 60]);
    const times = frames.map(({ ptsMs }) => ptsMs ?? 0);
    expect(times.every((ms, n) => n === 0 || ms > (times[n - 1] ?? 0))).toBe(true);
    expect(rig.path()).toEqual(['CONNECTING', 'LIVE']);
    expect(rig.gaps).toHaveLength(1);
    const spanMs = (times[59] ?? 0) - (times[30] ?? 0);
    expect(spanMs).toBeGreaterThan(1100);
    expect(spanMs).toBeLessThan(1300);
  });

  it('that is not there is named', async () => {
    const rig = stage.rig();
    await rig.open({ kind: 'file', path: stage.at('none.mp4'), loop: true });
    await rig.untilState('FAULTED');
    expect(rig.status?.cause?.kind).toBe('file-not-found');
  });
});
