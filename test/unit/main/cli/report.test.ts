import { describe, expect, it } from 'vitest';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { RunProgress } from '#shared/domain/run.ts';
import { annotationText, progressText, summaryText } from '../../../../src-main/cli/report.ts';
import type { Summary } from '../../../../src-main/cli/summary.ts';

const none = { total: 0, byClass: {} };
const counts = {
  lines: { gate: { forward: { total: 3, byClass: { car: 3 } }, backward: none } },
  zones: {},
  tracks: { total: 4, byClass: { car: 4 } },
};
const media: MediaInfo = {
  ...{
    path: '/films/a.mp4',
    container: 'mp4',
    rotation: 0,
    width: 640,
    height: 360,
    codec: 'h264',
    fps: 25,
    durationMs: 40_000,
    expectedFrames: 1000,
  },
  ...{ startWallMs: 0, startBasis: 'file-modified' },
};
const progress: RunProgress = {
  ledger: { decoded: 500, processed: 500, dropped: {}, inFlight: 0 },
  counts,
  ...{ ptsMs: 20_000, fps: 50, inferMs: { p50: 20, p95: 30 } },
};

describe('the line of progress', () => {
  it('says how far, how fast, how long still, and the counts', () => {
    expect(progressText(progress, media)).toBe(
      '50 %  frame 500  50.0 frames/s (2.0x real time)  0:10 left  gate 3/0',
    );
  });

  it('says what was taken over, and nothing of what is left as long as that goes by', () => {
    expect(progressText({ ...progress, takenOver: 500 }, media)).toBe(
      '50 %  frame 500  50.0 frames/s (2.0x real time)  500 taken over  gate 3/0',
    );
    expect(progressText({ ...progress, takenOver: 400 }, media)).toContain('0:10 left  400 taken over');
  });
});

const summary: Summary = {
  ...{ source: '/films/a.mp4', complete: true, status: 'complete', error: null },
  frames: { decoded: 1000, processed: 1000, dropped: {}, inFlight: 0 },
  ...{ durationMs: 40_000, wallMs: 20_000, fps: 50, inferMs: { p50: 20, p95: 30 } },
  ...{ startUtc: null, media: null, model: null },
  ...counts,
  ...{ motion: null, tooRareMs: 0, takenOver: 0, runId: 1, attempts: 1, files: {} },
};

describe('the summary', () => {
  it('has the counts, and a word of what was taken over only where there was any', () => {
    expect(summaryText(summary).split('\n')).toEqual([
      'Analysed: /films/a.mp4',
      '  frames     1000 decoded = 1000 processed + 0 dropped',
      '  speed      50 frames/s, 0:20 in all',
      '  tracks     4  (car 4)',
      '  line gate',
      '    forward  3  (car 3)',
      '    backward 0',
    ]);
    expect(summaryText({ ...summary, takenOver: 400 })).toContain(
      '  taken over 400 frames that were looked at before\n',
    );
  });

  it('says that looks came too rarely, at the end or before', () => {
    const motion = { stepShare: 0.62, neededFps: 3.4, tracks: 20, tooRare: true };
    const now = summaryText({ ...summary, motion, tooRareMs: 39_000 });
    expect(now).toMatch(/TOO FEW LOOKS: what moves here goes 0\.6 .* at least 3\.4 looks a second/);
    const before = summaryText({ ...summary, motion: { ...motion, tooRare: false }, tooRareMs: 12_000 });
    expect(before).toContain('TOO FEW LOOKS for 0:12 of it');
    expect(summaryText(summary)).not.toContain('TOO FEW LOOKS');
  });
});

it('an annotated video that lacks pictures is told', () => {
  expect(annotationText(96, 96)).toBeNull();
  expect(annotationText(48, 96)).toMatch(/only 48 of 96 pictures/);
});
