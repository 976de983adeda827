import { describe, expect, it } from 'vitest';
import { runFigures, speedSample } from '../../../../src-renderer/figures/run-figures.ts';
import { addSample, type SpeedSample, speedOf } from '../../../../src-renderer/figures/speed-window.ts';
import { sourceWith } from '../app-states.ts';

describe('how a run is getting on', () => {
  it('is told from media time: share, speed and what remains', () => {
    expect(runFigures(sourceWith(), 2)).toEqual({
      share: 0.5,
      framesPerSecond: 31,
      timesRealTime: 2,
      remainingMs: 2500,
    });
  });

  it('leaves out what is not known rather than guessing', () => {
    const figures = runFigures(sourceWith({ media: null }), null);
    expect(figures).toMatchObject({ share: null, timesRealTime: null, remainingMs: null });
    expect(runFigures(sourceWith({ progress: null }), 2).framesPerSecond).toBeNull();
  });

  it('takes the whole run once it has ended', () => {
    expect(runFigures(sourceWith({ state: 'ENDED' }), 99)).toEqual({
      share: 1,
      framesPerSecond: 31.25,
      timesRealTime: 1.25,
      remainingMs: null,
    });
  });

  it('says nothing of what remains while it goes by what was looked at before', () => {
    const { progress } = sourceWith();
    if (progress === null) throw new Error('the source of tests is under way');
    const over = (takenOver: number) => runFigures(sourceWith({ progress: { ...progress, takenOver } }), 2);
    expect(over(progress.ledger.processed)).toMatchObject({ share: 0.5, remainingMs: null });
    expect(over(progress.ledger.processed - 1).remainingMs).toBe(2500);
    const sample = (takenOver: number) => speedSample(sourceWith({ progress: { ...progress, takenOver } }));
    expect(sample(progress.ledger.processed)).toBeNull();
    expect(sample(progress.ledger.processed - 1)).not.toBeNull();
  });

  it('does not show a stopped or incomplete run as complete', () => {
    expect(runFigures(sourceWith({ state: 'STOPPED' }), null).share).toBe(0.5);
    expect(runFigures(sourceWith({ state: 'INCOMPLETE' }), null).share).toBe(0.5);
  });
});

describe('the speed of the last seconds', () => {
  const samples = (...pairs: [number, number][]): readonly SpeedSample[] =>
    pairs.reduce<readonly SpeedSample[]>(
      (before, [elapsedMs, ptsMs]) => addSample(before, { elapsedMs, ptsMs }),
      [],
    );

  it('is not told before half a second', () => {
    expect(speedOf([])).toBeNull();
    expect(speedOf(samples([0, 0], [400, 900]))).toBeNull();
  });

  it('follows a change within five seconds', () => {
    expect(speedOf(samples([0, 0], [1000, 1000], [2000, 2000]))).toBe(1);
    expect(speedOf(samples([0, 0], [10_000, 10_000], [12_000, 16_000], [15_000, 25_000]))).toBe(3);
  });

  it('begins anew when the run begins anew', () => {
    expect(samples([9000, 9000], [100, 40])).toEqual([{ elapsedMs: 100, ptsMs: 40 }]);
  });
});
