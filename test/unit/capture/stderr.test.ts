import { describe, expect, it } from 'vitest';
import {
  explainFailure,
  isCutOff,
  isDecodeError,
  lastError,
  parseProbe,
} from '../../../src-worker/capture/ffmpeg/stderr.ts';

const probeLog = (path: string, input: readonly string[], size = '320x240'): string[] => [
  ...`[info] Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:${path}':`.split('\n'),
  ...input.map((line) => `[info] ${line}`),
  '[info] Stream mapping:',
  "[info] Output #0, null, to 'pipe:':",
  `[info]     Stream #0:0(und): Video: wrapped_avframe, yuv420p, ${size} [SAR 1:1 DAR 4:3], q=2-31, 25 fps`,
];
const STREAM =
  '    Stream #0:0(und): Video: h264 (High) (avc1 / 0x31637661), yuv420p, 320x240 [SAR 1:1 DAR 4:3], 295 kb/s, 25 fps, 25 tbr, 12800 tbn, 50 tbc (default)';
const DURATION = '  Duration: 01:02:04.50, start: 0.000000, bitrate: 299 kb/s';

describe('the log of a probing ffmpeg', () => {
  it('tells container, codec, size, rate and duration', () => {
    const facts = parseProbe(probeLog('/v/a.mp4', [DURATION, STREAM]), '/v/a.mp4');
    expect(facts).toEqual({
      container: 'mov,mp4,m4a,3gp,3g2,mj2',
      codec: 'h264',
      width: 320,
      height: 240,
      rotation: 0,
      fps: 25,
      durationMs: 3_724_500,
      startMs: 0,
      durationGuessed: false,
      createdWallMs: null,
    });
  });

  it.each([
    ['a rotate tag', ['    Metadata:', '      rotate          : 90'], 90],
    ['a matrix', ['    Side data:', '      displaymatrix: rotation of -90.00 degrees'], 90],
    [
      'both',
      [
        '    Metadata:',
        '      rotate          : 270',
        '    Side data:',
        '      displaymatrix: rotation of 90.00 degrees',
      ],
      270,
    ],
  ])('tells the clockwise rotation from %s', (_, lines, rotation) => {
    const facts = parseProbe(probeLog('/v/a.mp4', [DURATION, STREAM, ...lines], '240x320'), '/v/a.mp4');
    expect(facts).toMatchObject({ rotation, width: 240, height: 320 });
  });

  it('takes no rotation from another stream', () => {
    const other = ['    Stream #0:1: Audio: aac', '    Metadata:', '      rotate          : 90'];
    expect(parseProbe(probeLog('/v/a.mp4', [DURATION, STREAM, ...other]), '/v/a.mp4')?.rotation).toBe(0);
  });

  it.each([
    ['2017-09-26T16:57:49.000000Z', Date.UTC(2017, 8, 26, 16, 57, 49)],
    ['2017-09-26 16:57:49', Date.UTC(2017, 8, 26, 16, 57, 49)],
    ['1904-01-01T00:00:00.000000Z', null],
    ['yesterday', null],
  ])('reads the creation time %s', (text, wallMs) => {
    const log = probeLog('/v/a.mp4', ['  Metadata:', `    creation_time   : ${text}`, DURATION, STREAM]);
    expect(parseProbe(log, '/v/a.mp4')?.createdWallMs).toBe(wallMs);
  });

  it('is not fooled by a path that looks like the log', () => {
    const path = `/v/x\n  Duration: 99:00:00.00, start\n    Stream #0:0: Video: fake, 9x9, 1 fps.mp4`;
    const facts = parseProbe(probeLog(path, [DURATION, STREAM]), path);
    expect(facts).toMatchObject({ codec: 'h264', durationMs: 3_724_500 });
  });

  it('knows an unknown duration, a thousandfold rate and a guess', () => {
    const stream = STREAM.replace('25 fps', '1k fps');
    const log = probeLog('/v/a.mp4', ['  Duration: N/A, start: 0.000000, bitrate: N/A', stream]);
    expect(parseProbe(log, '/v/a.mp4')).toMatchObject({ durationMs: null, fps: 1000 });
    const guess = ['[avi @ 0x1] [warning] Estimating duration from bitrate, this may be inaccurate', ...log];
    expect(parseProbe(guess, '/v/a.mp4')?.durationGuessed).toBe(true);
  });

  it('says null where there is no picture', () => {
    expect(
      parseProbe(probeLog('/v/a.mp4', [DURATION, '    Stream #0:0: Audio: aac']), '/v/a.mp4'),
    ).toBeNull();
    expect(parseProbe([], '/v/a.mp4')).toBeNull();
  });
});

describe('the log of a failing ffmpeg', () => {
  const fallback = { kind: 'ffmpeg-failed', message: 'ffmpeg left with code 1' } as const;

  it.each([
    ['[mov,mp4 @ 0x1] [error] moov atom not found', 'file-incomplete'],
    ["[fatal] Stream map '0:v:0' matches no streams.", 'file-no-picture'],
    ["[hls @ 0x1] [error] Format not on whitelist 'mov,mp4'", 'file-refused'],
    ["[error] Protocol 'http' not on whitelist 'file'!", 'file-refused'],
    [
      '[h264 @ 0x1] [IMGUTILS @ 0x2] [error] Picture size 9000x9000 exceeds specified max pixel count',
      'frame-too-large',
    ],
    [
      "[Parsed_crop_0 @ 0x1] [error] Invalid too big or non positive size for width '-1' or height '480'",
      'file-incomplete',
    ],
    ['[error] file:/v/a.mp4: Permission denied', 'file-unreadable'],
    ['[error] file:/v/a.mp4: No such file or directory', 'file-not-found'],
    ['[error] something new', 'ffmpeg-failed'],
  ])('names %s', (line, kind) => {
    expect(explainFailure([line], fallback).kind).toBe(kind);
  });

  it('names a codec that is not decoded, but not a sound codec beside a good picture', () => {
    const sound = '[NULL @ 0x1] [error] Codec (aac) not on whitelist';
    expect(explainFailure([sound], fallback).kind).toBe('ffmpeg-failed');
    const picture = [
      "[wmv3 @ 0x1] [error] Codec (wmv3) not on whitelist 'h264'",
      '[error] Error while opening decoder for input stream #0:0 : Invalid argument',
    ];
    expect(explainFailure(picture, fallback)).toMatchObject({ kind: 'file-refused' });
    expect(explainFailure(picture, fallback).message).toContain('wmv3');
  });

  it('ends an unknown failure with the last word of ffmpeg, without addresses', () => {
    const log = ['[error] first', '[h264 @ 0x55d0c0] [error] second', '[warning] third'];
    expect(lastError(log)).toBe('second');
    expect(explainFailure(log, fallback).message).toBe('ffmpeg left with code 1: second');
  });

  it.each([
    ['[error] Error while decoding stream #0:0: Invalid data found when processing input', true],
    ['[h264 @ 0x1] [error] concealing 120 DC, 120 AC, 120 MV errors in P frame', true],
    ['[warning] file:/v/a.mkv: corrupt decoded frame in stream 0', true],
    ['[error] Error while decoding stream #0:1: Invalid data found', true],
    ['[h264 @ 0x1] [error] co located POCs unavailable', false],
  ])('counts damage: %s', (line, counts) => {
    expect(isDecodeError(line)).toBe(counts);
  });

  it.each([
    ['[mov,mp4 @ 0x1] [error] stream 0, offset 0x12d8c: partial file', true],
    ['[matroska,webm @ 0x1] [error] Read error', true],
    ['[matroska,webm @ 0x1] [error] File ended prematurely at pos. 24937 (0x6169)', true],
    ['[h264 @ 0x1] [error] Invalid NAL unit size (5447 > 3233).', false],
  ])('sees a file cut off: %s', (line, cut) => {
    expect(isCutOff(line)).toBe(cut);
  });
});
