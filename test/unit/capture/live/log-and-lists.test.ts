import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lossFromLog, type StreamFacts, StreamReader } from '../../../../src-worker/capture/live/live-log.ts';
import type { Loss } from '../../../../src-worker/capture/live/loss.ts';
import { statusLoss } from '../../../../src-worker/capture/live/status-loss.ts';
import {
  listVideo4Linux,
  parseAvfoundation,
  parseDshow,
} from '../../../../src-worker/capture/live/webcam-list.ts';
import { temporaryFolder } from '../../../fixtures/ffmpeg.ts';

const { folder, remove } = temporaryFolder('webcams');
afterAll(remove);

const read = (lines: readonly string[]): StreamFacts | null => {
  const reader = new StreamReader();
  return lines.reduce<StreamFacts | null>((facts, line) => facts ?? reader.line(line), null);
};

describe('what ffmpeg logs about a stream', () => {
  it('gives codec, size, rate and length', () => {
    expect(
      read([
        "[info] Input #0, rtsp, from 'rtsp://127.0.0.1:1/x':",
        '[info]   Duration: N/A, start: 0.237600, bitrate: N/A',
        '[info]     Stream #0:0: Audio: pcm_mulaw, 8000 Hz',
        '[info]     Stream #0:1: Video: h264 (Main), yuv420p(tv, bt709, progressive), 1920x1080 [SAR 1:1 DAR 16:9], 24.83 fps, 25 tbr, 90k tbn, 50 tbc',
      ]),
    ).toEqual({ container: 'rtsp', codec: 'h264', width: 1920, height: 1080, fps: 24.83, durationMs: null });
    expect(
      read([
        "[info] Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'http://127.0.0.1:1/x.mp4':",
        '[info]   Duration: 00:01:02.50, start: 0.000000, bitrate: 1 kb/s',
        '[info]     Stream #0:0[0x1](und): Video: hevc (Main) (hvc1 / 0x31637668), yuv420p(tv), 640x360, 10 kb/s, 30 fps, 30 tbr',
      ]),
    ).toMatchObject({ codec: 'hevc', width: 640, height: 360, fps: 30, durationMs: 62_500 });
  });

  it('a clock for a rate is no rate, and an output is no input', () => {
    const head = "[info] Input #0, rtsp, from 'rtsp://x':";
    expect(
      read([head, '[info]     Stream #0:0: Video: h264, yuv420p, 640x480, 90k fps, 90k tbn'])?.fps,
    ).toBeNull();
    expect(read(['[info]     Stream #0:0: Video: rawvideo, yuv420p, 640x480, 25 fps'])).toBeNull();
  });

  it('says why a stream could not be opened', () => {
    const fallback: Loss = { kind: 'lost', error: { kind: 'camera-lost', message: 'x' } };
    const kind = (line: string): string => lossFromLog([line], fallback).error.kind;
    expect(kind('[fatal] Codec (mpeg4) not on whitelist')).toBe('stream-refused');
    expect(kind('[fatal] Stream map 0:v:0 matches no streams.')).toBe('stream-refused');
    expect(
      kind(
        '[video4linux2,v4l2 @ 0x1] [fatal] Cannot open video device /dev/video9: No such file or directory',
      ),
    ).toBe('device-missing');
    expect(kind('[error] Picture size 20000x20000 exceeds specified max pixel count 33177600')).toBe(
      'frame-too-large',
    );
    expect(kind('[fatal] Unrecognized option rw.')).toBe('ffmpeg-failed');
    expect(lossFromLog(['[info] nothing'], fallback)).toBe(fallback);
  });
});

describe('what a status says', () => {
  it('is told apart', () => {
    const kinds = [200, 302, 401, 403, 404, 410, 453, 454, 461, 500, 503].map(
      (status) => statusLoss(status, '', true)?.kind,
    );
    expect(kinds).toEqual([
      undefined,
      'refused',
      'auth-failed',
      'auth-failed',
      'not-found',
      'not-found',
      'refused',
      'not-found',
      'refused',
      'refused',
      'refused',
    ]);
    expect(statusLoss(401, 'Unauthorized', false)?.error.message).toContain('wants user and password');
  });
});

describe('the webcams of a machine', () => {
  it('Linux: those that give pictures, in their order, by the names of the system', async () => {
    for (const [name, title, index] of [
      ['video10', 'Second', '0'],
      ['video2', 'First', '0'],
      ['video3', 'First', '1'],
    ] as const) {
      mkdirSync(path.join(folder, name));
      writeFileSync(path.join(folder, name, 'name'), `${title}\n`);
      writeFileSync(path.join(folder, name, 'index'), `${index}\n`);
    }
    mkdirSync(path.join(folder, 'video4'));
    expect(await listVideo4Linux(folder, [])).toEqual([
      { device: '/dev/video2', title: 'First' },
      { device: '/dev/video4', title: 'video4' },
      { device: '/dev/video10', title: 'Second' },
    ]);
    expect(await listVideo4Linux(path.join(folder, 'none'))).toEqual([]);
  });

  it('Linux: by names that stay when they are plugged in anew, where there are any', async () => {
    const system = path.join(folder, 'system');
    const [byId, byPath] = [path.join(folder, 'by-id'), path.join(folder, 'by-path')];
    for (const name of ['video0', 'video2', 'video4'])
      mkdirSync(path.join(system, name), { recursive: true });
    mkdirSync(byId);
    mkdirSync(byPath);
    symlinkSync('../../video2', path.join(byId, 'usb-Cam_A-video-index0'));
    symlinkSync('../../video2', path.join(byPath, 'pci-1-video-index0'));
    symlinkSync('../../video0', path.join(byPath, 'pci-2-video-index0'));
    const listed = async () =>
      (await listVideo4Linux(system, [byId, byPath, path.join(folder, 'none')])).map(({ device }) => device);
    expect(await listed()).toEqual([
      path.join(byPath, 'pci-2-video-index0'),
      path.join(byId, 'usb-Cam_A-video-index0'),
      '/dev/video4',
    ]);
    // Plugged in anew as another number, it is found under the same name.
    rmSync(path.join(byId, 'usb-Cam_A-video-index0'));
    symlinkSync('../../video4', path.join(byId, 'usb-Cam_A-video-index0'));
    expect((await listed()).at(-1)).toBe(path.join(byId, 'usb-Cam_A-video-index0'));
  });

  it('macOS: cameras, neither screens nor microphones', () => {
    const log = [
      '[AVFoundation indev @ 0x7f] AVFoundation video devices:',
      '[AVFoundation indev @ 0x7f] [0] FaceTime HD Camera',
      '[AVFoundation indev @ 0x7f] [1] Capture screen 0',
      '[AVFoundation indev @ 0x7f] AVFoundation audio devices:',
      '[AVFoundation indev @ 0x7f] [0] Built-in Microphone',
      ': Input/output error',
    ];
    const name = 'FaceTime HD Camera';
    expect(parseAvfoundation(log)).toEqual([{ device: name, title: name }]);
    const twice = ['[A @ 0] [0] USB Camera', '[A @ 0] [1] USB Camera', '[A @ 0] [2] A: B', '[A @ 0] [3] USB'];
    expect(parseAvfoundation(twice).map(({ device }) => device)).toEqual(['0', '1', '2', '3']);
  });

  it('Windows: as old and as new builds list them', () => {
    const old = [
      '[dshow @ 02] DirectShow video devices (some may be both video and audio devices)',
      '[dshow @ 02]  "Integrated Camera"',
      '[dshow @ 02]     Alternative name "@device_pnp_x"',
      '[dshow @ 02] DirectShow audio devices',
      '[dshow @ 02]  "Microphone"',
    ];
    const now = [
      '[dshow @ 02] "USB: Video" (video)',
      '[dshow @ 02] "Microphone" (audio)',
      '[dshow @ 02]   Alternative name "@device_cm"',
    ];
    expect(parseDshow(old)).toEqual([{ device: 'Integrated Camera', title: 'Integrated Camera' }]);
    expect(parseDshow(now)).toEqual([{ device: 'USB: Video', title: 'USB: Video' }]);
  });
});
