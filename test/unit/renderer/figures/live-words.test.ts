import { describe, expect, it } from 'vitest';
import { toFault } from '#shared/domain/fault-text.ts';
import { sourceStateOf } from '../../../../src-renderer/figures/health-words.ts';
import {
  gapLine,
  lengthWords,
  liveRates,
  nextTryWords,
  ratesLine,
} from '../../../../src-renderer/figures/live-words.ts';
import { isGoingOn, isWanted } from '../../../../src-renderer/figures/run-figures.ts';
import { staleMs } from '../../../../src-renderer/live/picture-figures.ts';
import { cameraWith, sourceWith } from '../app-states.ts';

describe('what is said of a camera', () => {
  it('counts down to the next try', () => {
    const source = cameraWith({ state: 'RETRYING', nextTryWallMs: 10_000 });
    expect(nextTryWords(source, 1000)).toBe('Next try in 9 s');
    expect(nextTryWords(source, 9001)).toBe('Next try in 1 s');
    expect(nextTryWords(source, 10_000)).toBe('Trying now');
    expect(nextTryWords(cameraWith(), 0)).toBeNull();
    expect(nextTryWords(sourceWith(), 0)).toBeNull();
  });

  it('tells lengths of time as people do', () => {
    expect(lengthWords(400)).toBe('0 s');
    expect(lengthWords(59_400)).toBe('59 s');
    expect(lengthWords(60_000)).toBe('1 min');
    expect(lengthWords(125_000)).toBe('2 min 5 s');
    expect(lengthWords(3_780_000)).toBe('1 h 3 min');
  });

  it('names a gap with its times, also one that lasts', () => {
    const gap = { cause: 'frozen' as const, fromWallMs: 0, toWallMs: 65_000 };
    expect(gapLine(gap, 99_000)).toMatch(/^Frozen picture: \d\d:\d\d:\d\d – \d\d:\d\d:\d\d \(1 min 5 s\)$/);
    expect(gapLine({ ...gap, toWallMs: null }, 99_000)).toMatch(/– now \(1 min 39 s\)$/);
  });

  it('says that load limits it only when fewer are looked at than are wanted and come', () => {
    const progress = sourceWith().progress;
    const looked = (fps: number) => (progress === null ? null : { ...progress, fps });
    expect(liveRates(cameraWith({ fps: 25 }, { progress: looked(24) })).limited).toBe(false);
    expect(liveRates(cameraWith({ fps: 25 }, { progress: looked(15) })).limited).toBe(true);
    expect(ratesLine(cameraWith({ fps: 25 }, { progress: looked(15) }))).toBe(
      '25/s from the camera · 15/s looked at (limited by load)',
    );
    const wanted = { ...cameraWith().settings, rate: { targetFps: 15, floorFps: 1, priority: 5 } };
    const five = { progress: looked(15), settings: wanted };
    expect(liveRates(cameraWith({ fps: 25 }, five))).toMatchObject({ wantedFps: 15, limited: false });
    // A camera that sends fewer than are wanted is not this computer's fault.
    const slow = { ...five, progress: looked(5) };
    expect(liveRates(cameraWith({ fps: 5 }, slow)).limited).toBe(false);
  });

  it.each(['detection-away', 'store-away'] as const)(
    'shows the camera, but no rate of looking, with %s',
    (kind) => {
      const progress = sourceWith().progress;
      const away = { progress: progress && { ...progress, fps: 0 }, fault: toFault(kind, '') };
      const source = cameraWith({ fps: 25 }, away);
      expect(liveRates(source)).toMatchObject({ cameraFps: 25, lookedFps: null, limited: false });
      expect(ratesLine(source)).toBe('25/s from the camera');
      expect(sourceStateOf(source)).toEqual({ words: 'Counting paused', tone: 'bad' });
    },
  );

  it('shows no rates of before while it is not live', () => {
    expect(ratesLine(cameraWith({ state: 'STALLED', fps: 25 }))).toBe('');
  });

  it('is kept going whatever happens to it, until it is stopped', () => {
    for (const state of ['AUTH_FAILED', 'FAULTED', 'NOT_FOUND', 'STALLED', 'BLACK'] as const)
      expect(isGoingOn(cameraWith({ state }))).toBe(true);
    expect(isGoingOn(cameraWith({ state: 'STOPPED' }))).toBe(false);
    expect(isGoingOn(sourceWith({ state: 'FAULTED' }))).toBe(false);
    expect(isGoingOn(sourceWith({ state: 'QUEUED' }))).toBe(false);
    expect(isWanted(sourceWith({ state: 'QUEUED' }))).toBe(true);
  });

  it('is named in its own words', () => {
    expect(sourceStateOf(cameraWith()).words).toBe('Live');
    expect(sourceStateOf(cameraWith({ state: 'RETRYING' })).words).toBe('Trying again');
    expect(sourceStateOf(sourceWith({ state: 'RETRYING' })).words).toBe('Starting again');
  });

  it('has old pictures later when it sends rarely', () => {
    expect(staleMs(cameraWith({ fps: 25 }))).toBe(1000);
    expect(staleMs(cameraWith({ fps: 0.5 }))).toBe(5000);
  });
});
