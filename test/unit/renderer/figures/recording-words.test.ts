import { describe, expect, test } from 'vitest';
import { defaultRecording, type RecorderStatus, type RecordingDiskView } from '#shared/domain/recording.ts';
import {
  bytesWords,
  diskWords,
  isRecordedKind,
  rangeWords,
  recorderWords,
  unrecordable,
} from '../../../../src-renderer/figures/recording-words.ts';

const on = { ...defaultRecording, record: true };
const status = (change: Partial<RecorderStatus>): RecorderStatus => ({
  state: 'recording',
  message: '',
  bytes: 0,
  holes: 0,
  ...change,
});
const disk = (change: Partial<RecordingDiskView>): RecordingDiskView => ({
  folder: '/r',
  level: 'ok',
  usedShare: 0.5,
  freeBytes: 1e9,
  shares: { warnShare: 0.7, actShare: 0.85 },
  recordedBytes: 0,
  deleted: 0,
  problem: '',
  ...change,
});

describe('recording in words', () => {
  test('says how much is written, and how often pictures were lost', () => {
    expect(recorderWords(on, status({ bytes: 59_000 }))).toEqual({
      words: 'Recording · 59 kB written',
      tone: 'good',
    });
    expect(recorderWords(on, status({ bytes: 3.2e9, holes: 2 }))).toEqual({
      words: 'Recording · 3.2 GB written · 2 holes',
      tone: 'warn',
    });
  });

  test('never says that it records while it does not', () => {
    for (const state of ['off', 'refused', 'disk-full', 'disk-failed', 'disk-slow'] as const) {
      const { words } = recorderWords(on, status({ state, message: 'EIO' }));
      expect(words).toMatch(/^(Records when pictures come|Not recorded: )/);
    }
    expect(recorderWords(defaultRecording, status({ state: 'off' })).words).toMatch(/last 10 s are held/);
    expect(recorderWords({ ...defaultRecording, preRollS: 0 }, status({ state: 'off' })).words).toBe(
      'Not recorded',
    );
  });

  test('writes bytes as people do', () => {
    expect([0, 999, 999_999, 1e6, 999e6, 1e9].map(bytesWords)).toEqual([
      '0 kB',
      '1 kB',
      '1000 kB',
      '1 MB',
      '999 MB',
      '1.0 GB',
    ]);
  });

  test('names the share at which it deletes as it is set', () => {
    expect(diskWords(disk({}))).toBe('');
    expect(diskWords(disk({ level: 'warn', usedShare: 0.72 }))).toMatch(/72 % full\. At 85 % the oldest/);
    expect(diskWords(disk({ level: 'act', usedShare: 0.9 }))).toMatch(/being deleted/);
    expect(diskWords(disk({ level: 'act', problem: 'It is gone.' }))).toBe('It is gone.');
  });

  test('says why raw pictures are not recorded, and nothing of what can be', () => {
    const webcam = { kind: 'webcam', device: '/dev/video0', width: null, height: null, fps: null } as const;
    expect(unrecordable({ input: webcam })).toMatch(/raw pictures.*MJPEG or H\.264/);
    expect(unrecordable({ input: { ...webcam, coding: 'mjpeg' } })).toBeNull();
    expect(unrecordable({ input: { kind: 'rtsp', url: 'rtsp://x/y', transport: 'tcp' } })).toBeNull();
    expect(isRecordedKind({ input: { kind: 'file', path: '/a.mp4', loop: true } })).toBe(false);
  });

  test('writes a protected time with the day once, or with both where it goes over midnight', () => {
    const at = new Date(2026, 10, 20, 14, 3, 9).getTime();
    expect(rangeWords({ fromWallMs: at, toWallMs: at + 15_000 })).toBe('20 Nov 14:03:09 – 14:03:24');
    const late = new Date(2026, 10, 20, 23, 59, 55).getTime();
    expect(rangeWords({ fromWallMs: late, toWallMs: late + 10_000 })).toBe(
      '20 Nov 23:59:55 – 21 Nov 00:00:05',
    );
  });
});
