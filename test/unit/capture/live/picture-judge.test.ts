import { describe, expect, it } from 'vitest';
import { PictureJudge, type PictureLook } from '../../../../src-worker/capture/live/picture-judge.ts';

const scene: PictureLook = {
  mean: 110,
  variance: 1500,
  brightest: 220,
  fingerprint: 1,
  diffMean: 8,
  diffMax: 60,
};
const dark: PictureLook = { mean: 18, variance: 4, brightest: 20, fingerprint: 2, diffMean: 0.1, diffMax: 1 };
const still: PictureLook = { ...scene, diffMean: 0, diffMax: 0, fingerprint: 3 };
const EACH_MS = 200;

/** Truths after looking at pictures one by one, five a second. */
function watch(
  judge: PictureJudge,
  fromMs: number,
  lastsMs: number,
  picture: (n: number) => PictureLook,
): string[] {
  const count = Math.round(lastsMs / EACH_MS);
  return Array.from({ length: count }, (_, n) => judge.look(picture(n), fromMs + n * EACH_MS).truth);
}

describe('the judge of pictures', () => {
  it('finds moving pictures true', () => {
    const truths = watch(new PictureJudge(), 0, 60_000, (n) => ({ ...scene, fingerprint: n }));
    expect(new Set(truths)).toEqual(new Set(['true']));
  });

  it('waits as long as the settings say', () => {
    const judge = new PictureJudge();
    judge.limit({ blackSeconds: 20, frozenSeconds: 60 });
    expect(watch(judge, 0, 20_000, (n) => ({ ...dark, fingerprint: n })).at(-1)).toBe('true');
    expect(watch(judge, 20_000, 400, (n) => ({ ...dark, fingerprint: n })).at(-1)).toBe('black');
    const frozen = new PictureJudge();
    frozen.limit({ blackSeconds: 20, frozenSeconds: 60 });
    expect(watch(frozen, 0, 60_000, () => still).at(-1)).toBe('true');
    expect(watch(frozen, 60_000, 400, () => still).at(-1)).toBe('frozen');
  });

  it('calls a dark picture black after five seconds, and true with the first light', () => {
    const judge = new PictureJudge();
    expect(new Set(watch(judge, 0, 5000, (n) => ({ ...dark, fingerprint: n })))).toEqual(new Set(['true']));
    expect(new Set(watch(judge, 5000, 3000, (n) => ({ ...dark, fingerprint: n })))).toEqual(
      new Set(['black']),
    );
    expect(judge.look(scene, 8000).truth).toBe('true');
  });

  it('leaves a night scene alone: one lamp, or the structure of a street', () => {
    const lamp = watch(new PictureJudge(), 0, 20_000, (n) => ({ ...dark, brightest: 140, fingerprint: n }));
    expect(lamp.at(-1)).toBe('true');
    const street = watch(new PictureJudge(), 0, 20_000, (n) => ({
      ...dark,
      mean: 28,
      variance: 160,
      fingerprint: n,
    }));
    expect(street.at(-1)).toBe('true');
  });

  it('says since when a picture is black, which is before it is called so', () => {
    const judge = new PictureJudge();
    watch(judge, 0, 3000, (n) => ({ ...scene, fingerprint: n }));
    watch(judge, 3000, 6000, () => dark);
    expect(judge.look(dark, 9000)).toMatchObject({ truth: 'black', sinceMs: 3000 });
  });

  it('calls a still scene frozen ten seconds after its noise stopped, however long it stood, and since then', () => {
    const judge = new PictureJudge();
    judge.look(scene, 0);
    watch(judge, EACH_MS, 3_600_000, (n) => ({ ...still, diffMax: 1, diffMean: 0.1, fingerprint: n }));
    const stoppedMs = 3_600_000 + EACH_MS;
    const truths = watch(judge, stoppedMs, 12_000, () => still);
    expect(truths.indexOf('frozen') * EACH_MS).toBeLessThanOrEqual(11_000);
    const { truth, sinceMs } = judge.look(still, stoppedMs + 12_000);
    expect(truth).toBe('frozen');
    expect(sinceMs).toBeGreaterThanOrEqual(stoppedMs - EACH_MS);
    expect(sinceMs).toBeLessThanOrEqual(stoppedMs + 1000);
  });

  it('a moment of darkness is not black', () => {
    const judge = new PictureJudge();
    watch(judge, 0, 4000, () => dark);
    judge.look(scene, 4000);
    expect(watch(judge, 4200, 4000, () => dark).at(-1)).toBe('true');
  });

  it('calls a repeated picture frozen after ten seconds, and true with the first movement', () => {
    const judge = new PictureJudge();
    judge.look(scene, 0);
    const truths = watch(judge, EACH_MS, 14_000, () => still);
    const at = truths.indexOf('frozen') * EACH_MS;
    expect(at).toBeGreaterThanOrEqual(9600);
    expect(at).toBeLessThanOrEqual(10_400);
    expect(judge.look({ ...scene, fingerprint: 9 }, 15_000)).toEqual({
      truth: 'true',
      sinceMs: 15_000,
      keep: true,
    });
  });

  it('key frames that differ by a hair do not hide it', () => {
    const judge = new PictureJudge();
    const truths = watch(judge, 0, 14_000, (n) => ({
      ...still,
      diffMax: 1,
      diffMean: 0.05,
      fingerprint: Math.floor(n / 10),
    }));
    expect(truths.at(-1)).toBe('frozen');
  });

  it('nor do key frames that differ plainly from the pictures before them, when all of them come again', () => {
    const judge = new PictureJudge();
    // Ten looks from key frame to key frame; each picture between refines the one before.
    const coded = (n: number): PictureLook => ({
      ...still,
      diffMax: n % 10 === 0 ? 6 : 3,
      diffMean: 0.5,
      fingerprint: 100 + (n % 10),
    });
    const truths = watch(judge, 0, 18_000, coded);
    expect(truths.indexOf('frozen') * EACH_MS).toBeLessThan(13_000);
    expect(truths.at(-1)).toBe('frozen');
  });

  /** Ten looks from key frame to key frame, each coded with the bits at hand: most never there before. */
  const heldRate = (n: number): PictureLook => ({
    ...still,
    diffMax: 4,
    diffMean: 0.6,
    fingerprint: n % 10 === 3 ? 3 : 1000 + n,
  });

  it('nor does a coder that holds its rate, when a picture comes back among those that differ', () => {
    const truths = watch(new PictureJudge(), 0, 20_000, heldRate);
    expect(truths.indexOf('frozen') * EACH_MS).toBeGreaterThan(10_000);
    expect(truths.indexOf('frozen') * EACH_MS).toBeLessThan(14_000);
    expect(truths.at(-1)).toBe('frozen');
  });

  it('which is true again with a movement, or when no picture has come back for five seconds', () => {
    const judge = new PictureJudge();
    watch(judge, 0, 20_000, heldRate);
    expect(judge.look({ ...heldRate(0), diffMax: 9, fingerprint: 1 }, 20_000).truth).toBe('true');
    const other = new PictureJudge();
    watch(other, 0, 20_000, heldRate);
    const noise = watch(other, 20_000, 6000, (n) => ({ ...still, diffMax: 1, fingerprint: 5000 + n }));
    expect(noise.indexOf('true') * EACH_MS).toBeLessThanOrEqual(5000);
    expect(noise.at(-1)).toBe('true');
  });

  it('but one picture that comes back, or a movement from time to time, is no proof', () => {
    const once = watch(new PictureJudge(), 0, 30_000, (n) => ({
      ...heldRate(n),
      fingerprint: n === 13 ? 3 : 1000 + n - (n === 3 ? 1000 : 0),
    }));
    expect(new Set(once)).toEqual(new Set(['true']));
    const moves = watch(new PictureJudge(), 0, 30_000, (n) => ({
      ...heldRate(n),
      ...(n % 40 === 7 ? { diffMax: 9 } : {}),
    }));
    expect(new Set(moves)).toEqual(new Set(['true']));
  });

  it('a scene that moves in a loop is not frozen, though its pictures come again', () => {
    const truths = watch(new PictureJudge(), 0, 60_000, (n) => ({
      ...scene,
      fingerprint: n % 20,
    }));
    expect(new Set(truths)).toEqual(new Set(['true']));
  });

  it('a motionless scene under the noise of a sensor is not frozen', () => {
    const truths = watch(new PictureJudge(), 0, 120_000, (n) => ({
      ...still,
      diffMax: 1,
      diffMean: 0.1,
      fingerprint: n,
    }));
    expect(new Set(truths)).toEqual(new Set(['true']));
  });

  it('a clock in the corner of the picture is movement', () => {
    const truths = watch(new PictureJudge(), 0, 60_000, (n) => ({
      ...still,
      diffMax: n % 5 === 0 ? 12 : 0,
      fingerprint: Math.floor(n / 5),
    }));
    expect(truths.at(-1)).toBe('true');
  });

  it('the noise that comes back tells a frozen camera from one that was only covered', () => {
    const judge = new PictureJudge();
    watch(judge, 0, 14_000, () => still);
    expect(watch(judge, 14_000, 2000, (n) => ({ ...still, diffMax: 1, fingerprint: 100 + n })).at(-1)).toBe(
      'true',
    );
  });

  it('knows nothing of the connection before', () => {
    const judge = new PictureJudge();
    watch(judge, 0, 20_000, () => dark);
    judge.reset();
    expect(judge.truth).toBe('true');
    expect(judge.look(dark, 20_200).truth).toBe('true');
  });
});
