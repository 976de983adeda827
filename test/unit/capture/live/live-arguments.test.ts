import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { namedFfmpeg, pathFfmpeg } from '../../../../src-worker/capture/ffmpeg/binary.ts';
import {
  bundledBuild,
  chooseBuild,
  isOld,
  parseLibrary,
} from '../../../../src-worker/capture/ffmpeg/build.ts';
import {
  type LiveTarget,
  liveArguments,
  pictureArguments,
} from '../../../../src-worker/capture/ffmpeg/live-arguments.ts';
import {
  givesPackets,
  type WebcamOrder,
  webcamInput,
  webcamSystem,
} from '../../../../src-worker/capture/ffmpeg/webcam-arguments.ts';
import { temporaryFolder } from '../../../fixtures/ffmpeg.ts';

const { folder, remove } = temporaryFolder('builds');
afterAll(remove);

const old = {
  options: new Set([
    'stimeout',
    'timeout',
    'vsync',
    'format_whitelist',
    'protocol_whitelist',
    'reinit_filter',
    'codec_whitelist',
  ]),
};
const current = {
  options: new Set(['timeout', 'fps_mode', 'enc_time_base', 'format_whitelist', 'protocol_whitelist']),
};
const rtsp: LiveTarget = { kind: 'rtsp', url: 'rtsp://127.0.0.1:9/w', transport: 'tcp' };
const valueAfter = (args: readonly string[], name: string): string | undefined =>
  args[args.indexOf(name) + 1];

describe('the command line for a live source', () => {
  it('limits RTSP by the option this build has', () => {
    expect(liveArguments(old, rtsp, 'pipe:1')).toContain('-stimeout');
    expect(liveArguments(old, rtsp, 'pipe:1')).not.toContain('-timeout');
    expect(valueAfter(liveArguments(current, rtsp, 'pipe:1'), '-timeout')).toBe('8000000');
  });

  it('lets each kind open its own protocols and formats only', () => {
    expect(valueAfter(liveArguments(old, rtsp, 'pipe:1'), '-protocol_whitelist')).toBe('tcp,udp,rtp');
    const http: LiveTarget = { kind: 'http', url: 'http://127.0.0.1:9/w', arrivalClock: true };
    const args = liveArguments(old, http, 'pipe:1');
    expect(valueAfter(args, '-protocol_whitelist')).toBe('http,tcp,crypto');
    expect(valueAfter(args, '-format_whitelist')?.split(',')).toEqual(
      expect.arrayContaining(['hls', 'mpjpeg', 'mpegts']),
    );
    expect(valueAfter(args, '-use_wallclock_as_timestamps')).toBe('1');
    expect(liveArguments(old, { ...http, arrivalClock: false }, 'pipe:1')).not.toContain(
      '-use_wallclock_as_timestamps',
    );
  });

  it('neither doubles nor drops pictures, and never rescales silently', () => {
    expect(valueAfter(liveArguments(old, rtsp, 'pipe:1'), '-vsync')).toBe('0');
    expect(valueAfter(liveArguments(current, rtsp, 'pipe:1'), '-fps_mode')).toBe('passthrough');
    expect(valueAfter(liveArguments(old, rtsp, 'pipe:1'), '-reinit_filter')).toBe('0');
  });

  it('plays a file at real speed, and maps one stream', () => {
    const args = liveArguments(old, { kind: 'file', path: '/a/-b.mp4' }, 'pipe:1');
    expect(args).toContain('-re');
    expect(args.filter((each) => each === '-map')).toHaveLength(1);
    expect(valueAfter(args, '-i')).toBe('file:/a/-b.mp4');
  });

  it('takes one picture of bounded width for the test of the dialog', () => {
    const args = pictureArguments(old, rtsp, 640);
    expect(valueAfter(args, '-frames:v')).toBe('1');
    expect(valueAfter(args, '-vf')).toBe('scale=w=min(640\\,iw):h=-2');
    expect(args.at(-1)).toBe('pipe:1');
  });
});

describe('webcams by platform', () => {
  const plain: WebcamOrder = { system: 'v4l2', device: '/dev/video0', width: null, height: null, fps: null };
  const table: [Partial<WebcamOrder>, string][] = [
    [{}, '-f v4l2 -i /dev/video0'],
    [{ width: 640, height: 480, fps: 15 }, '-f v4l2 -framerate 15 -video_size 640x480 -i /dev/video0'],
    [{ width: 640 }, '-f v4l2 -i /dev/video0'],
    [{ device: '/dev/v4l/by-id/usb-Cam_1-video-index0' }, '-f v4l2 -i /dev/v4l/by-id/usb-Cam_1-video-index0'],
    [{ system: 'avfoundation', device: '0' }, '-f avfoundation -framerate 30 -i 0:none'],
    [{ system: 'avfoundation', device: '1', fps: 25 }, '-f avfoundation -framerate 25 -i 1:none'],
    [{ system: 'dshow', device: 'My Cam' }, '-f dshow -rtbufsize 64M -i video=My Cam'],
    [{ system: 'dshow', device: 'a:audio=b' }, '-f dshow -rtbufsize 64M -i video=a_audio=b'],
    [{ system: 'lavfi', device: 'testsrc2' }, '-re -f lavfi -i testsrc2'],
    [{ coding: 'mjpeg' }, '-f v4l2 -input_format mjpeg -i /dev/video0'],
    [{ coding: 'h264', fps: 30 }, '-f v4l2 -input_format h264 -framerate 30 -i /dev/video0'],
    [
      { system: 'dshow', device: 'My Cam', coding: 'mjpeg' },
      '-f dshow -rtbufsize 64M -vcodec mjpeg -i video=My Cam',
    ],
    [{ system: 'avfoundation', device: '0', coding: 'mjpeg' }, '-f avfoundation -framerate 30 -i 0:none'],
  ];
  for (const [more, line] of table) {
    it(line, () => expect(webcamInput({ ...plain, ...more }).join(' ')).toBe(line));
  }

  it('can be recorded where the device compresses, and nowhere else', () => {
    const recorded = (more: Partial<WebcamOrder>): boolean => givesPackets({ ...plain, ...more });
    expect(recorded({ coding: 'mjpeg' })).toBe(true);
    expect(recorded({ coding: 'h264', system: 'dshow' })).toBe(true);
    expect(recorded({})).toBe(false);
    expect(recorded({ coding: 'mjpeg', system: 'avfoundation' })).toBe(false);
    expect(recorded({ coding: 'mjpeg', system: 'lavfi' })).toBe(false);
  });

  it('refuses what is no webcam', () => {
    for (const device of [
      '/etc/passwd',
      '/dev/sda',
      '/dev/video0/../sda',
      '-i',
      '/dev/v4l/by-id/../../sda',
    ]) {
      expect(() => webcamInput({ ...plain, device })).toThrow(RangeError);
    }
  });

  it('knows the systems', () => {
    expect(['linux', 'darwin', 'win32', 'aix'].map((name) => webcamSystem(name as NodeJS.Platform))).toEqual([
      'v4l2',
      'avfoundation',
      'dshow',
      null,
    ]);
  });
});

describe('which ffmpeg is taken', () => {
  const make = (name: string, library: string): string => {
    const file = path.join(folder, name);
    writeFileSync(
      file,
      `#!/bin/sh\necho "ffmpeg version ${name}"\necho "libavformat    ${library}.100 / ${library}.100"\n`,
    );
    chmodSync(file, 0o755);
    return file;
  };

  it('reads versions that can be compared', () => {
    expect(parseLibrary('libavutil 1\nlibavformat    58. 24.100 / 58. 24.100\n')).toEqual([58, 24]);
    expect(parseLibrary('nothing')).toEqual([0, 0]);
    expect([isOld({ library: [58, 76] }), isOld({ library: [59, 16] })]).toEqual([true, false]);
  });

  it('the one that was named, else a newer one of the system, else ours', async () => {
    const [newer, older] = [make('newer', '61. 7'), make('older', '57. 1')];
    const ours = await bundledBuild();
    expect((await chooseBuild(older, newer)).path).toBe(older);
    expect((await chooseBuild(null, newer)).path).toBe(newer);
    expect((await chooseBuild(null, older)).path).toBe(ours.path);
    expect((await chooseBuild(null, path.join(folder, 'none'))).path).toBe(ours.path);
    expect((await chooseBuild(null, null)).path).toBe(ours.path);
    await expect(chooseBuild(path.join(folder, 'none'), newer)).rejects.toMatchObject({
      kind: 'ffmpeg-missing',
    });
  });

  it('is found by the environment', () => {
    const ffmpeg = make('ffmpeg', '61. 7');
    expect(
      pathFfmpeg({ PATH: `.${path.delimiter}${path.join(folder, 'none')}${path.delimiter}${folder}` }),
    ).toBe(ffmpeg);
    expect(pathFfmpeg({ PATH: '.' })).toBeNull();
    expect(namedFfmpeg({ IVIS_FFMPEG: '/opt/ffmpeg' })).toBe('/opt/ffmpeg');
    expect([namedFfmpeg({}), namedFfmpeg({ IVIS_FFMPEG: '' })]).toEqual([null, null]);
  });
});
