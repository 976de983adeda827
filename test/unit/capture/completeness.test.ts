import { describe, expect, it } from 'vitest';
import { type DecodingEnd, judgeEnd } from '../../../src-worker/capture/completeness.ts';

/** A good end of 100 frames at 25/s. */
const good: DecodingEnd = {
  code: 0,
  signal: null,
  failed: null,
  stream: 'eof',
  streamMessage: '',
  stopped: null,
  decoded: 100,
  lastPtsMs: 3960,
  frameMs: 40,
  durationMs: 4000,
  whole: true,
  decodeErrors: 0,
  cutOff: false,
  log: [],
};

describe('the end of decoding', () => {
  it.each<[string, Partial<DecodingEnd>]>([
    ['all frames came', {}],
    ['the container promises no duration', { durationMs: null, whole: null }],
    ['the duration is rounded up by half a frame', { durationMs: 4015 }],
    ['the sound goes on and the file is whole', { durationMs: 9000 }],
    ['frames were damaged but the end was reached', { decodeErrors: 3 }],
    ['the file was cut behind its last frame', { whole: false }],
  ])('is complete when %s', (_, change) => {
    expect(judgeEnd({ ...good, ...change })).toEqual({ complete: true, error: null });
  });

  it.each<[string, Partial<DecodingEnd>, string, string]>([
    [
      'a Matroska file was cut and ffmpeg left with 0',
      { decoded: 15, lastPtsMs: 560, whole: false },
      'file-incomplete',
      'incomplete at 0.60 s of 4.00 s: the file was cut off',
    ],
    [
      'ffmpeg met the end too early',
      { decoded: 99, lastPtsMs: 3920, cutOff: true },
      'file-incomplete',
      'at 3.96 s of 4.00 s',
    ],
    [
      'an unpromised duration and a cut file',
      { durationMs: null, whole: false },
      'file-incomplete',
      'incomplete at 4.00 s:',
    ],
    [
      'the end cannot be decoded',
      { lastPtsMs: 1960, decodeErrors: 50 },
      'file-incomplete',
      'incomplete at 2.00 s of 4.00 s',
    ],
    ['nothing came', { decoded: 0, lastPtsMs: null }, 'file-no-picture', 'not one picture'],
    [
      'ffmpeg was killed',
      { code: null, signal: 'SIGKILL', decoded: 7 },
      'ffmpeg-failed',
      'SIGKILL after 7 frames',
    ],
    ['ffmpeg crashed', { code: null, signal: 'SIGSEGV' }, 'ffmpeg-failed', 'SIGSEGV'],
    [
      'ffmpeg left with a code',
      { code: 69, log: ['[error] strange'] },
      'ffmpeg-failed',
      'code 69 after 100 frames: strange',
    ],
    ['ffmpeg could not start', { code: null, failed: 'spawn ENOENT' }, 'ffmpeg-missing', 'spawn ENOENT'],
    [
      'the stream stops inside a frame',
      { stream: 'truncated', streamMessage: 'half' },
      'ffmpeg-failed',
      'truncated: half',
    ],
    [
      'the picture changes its size',
      {
        code: 1,
        decoded: 50,
        lastPtsMs: 1960,
        log: [
          "[Parsed_crop_0 @ 0x1] [error] Invalid too big or non positive size for width '-1' or height '480'",
        ],
      },
      'file-incomplete',
      'incomplete at 2.00 s of 4.00 s: the size of the picture changes',
    ],
    [
      'it was stopped on request, whatever ffmpeg says',
      { stopped: { kind: 'stopped', message: 'closed' }, signal: 'SIGKILL', code: null },
      'stopped',
      'closed',
    ],
  ])('is no complete one when %s', (_, change, kind, message) => {
    const verdict = judgeEnd({ ...good, ...change });
    expect(verdict.complete).toBe(false);
    expect(verdict.error?.kind).toBe(kind);
    expect(verdict.error?.message).toContain(message);
  });
});
