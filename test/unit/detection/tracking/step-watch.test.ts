import { describe, expect, it } from 'vitest';
import type { Motion } from '../../../../src-shared/domain/motion.ts';
import type { TrackBox } from '../../../../src-shared/domain/track.ts';
import { Analysis } from '../../../../src-worker/detection/counting/analysis.ts';
import { StepWatch } from '../../../../src-worker/detection/tracking/step-watch.ts';
import { usualTrouble } from '../../../eval/simulation/camera.ts';
import { countScene, errorsOf } from '../../../eval/simulation/crossing-errors.ts';
import { drawScene } from '../../../eval/simulation/scene.ts';

interface Place {
  readonly trackId: number;
  readonly x: number;
  readonly y?: number;
  readonly origin?: TrackBox['origin'];
}

/** A watch over a camera that is looked at each `everyMs`; objects are 40 wide and 20 high. */
class Watched {
  readonly watch = new StepWatch();
  everyMs: number;
  /** Times of the looks so far. */
  readonly #ptsMs: number[] = [];

  constructor(everyMs = 100) {
    this.everyMs = everyMs;
  }

  /** The next look. `lookAgo`: the box is of an earlier one, and is told only now. */
  look(places: readonly (Place & { readonly lookAgo?: number })[], ended: readonly number[] = []): void {
    const now = this.#ptsMs.push((this.#ptsMs.at(-1) ?? 0) + this.everyMs) - 1;
    const boxes = places.map(({ trackId, x, y = 100, origin = 'detected', lookAgo = 0 }): TrackBox => {
      const frame = now - lookAgo;
      const box = { x1: x - 20, y1: y - 10, x2: x + 20, y2: y + 10 };
      return { trackId, frame, ptsMs: this.#ptsMs[frame] ?? 0, box, label: 'car', confidence: 0.9, origin };
    });
    this.watch.take({ frame: now, ptsMs: this.#ptsMs[now] ?? 0 }, boxes, ended);
  }

  /** One object drives by, so many pixels from look to look. */
  drive(trackId: number, step: number, looks: number): void {
    for (let n = 0; n < looks; n++) this.look([{ trackId, x: n * step }]);
    this.look([], [trackId]);
  }
}

describe('the step from look to look', () => {
  it('is in lengths of the object along its way, and gives the rate that would do', () => {
    const sideways = new Watched(500);
    const down = new Watched(500);
    for (let n = 0; n < 8; n++) {
      sideways.look([{ trackId: 1, x: n * 30 }]);
      down.look([{ trackId: 1, x: 0, y: n * 30 }]);
    }
    // 30 of 40 pixels in half a second: 1.5 lengths a second.
    const told = { tracks: 1, tooRare: false };
    expect(sideways.watch.motion).toEqual({
      ...told,
      stepShare: 0.75,
      neededFps: expect.closeTo(1.5 / 0.36),
    });
    expect(down.watch.motion).toEqual({ ...told, stepShare: 1.5, neededFps: expect.closeTo(3 / 0.36) });
  });

  it('is not told of what stands and trembles, and not before anything moved', () => {
    const watched = new Watched();
    expect(watched.watch.motion).toBeNull();
    for (let n = 0; n < 50; n++) watched.look([{ trackId: 1, x: n % 2 === 0 ? 100 : 115 }]);
    expect(watched.watch.motion).toBeNull();
  });

  it('is that of an object on its way, however long it waits in between', () => {
    const watched = new Watched();
    let x = 0;
    for (let n = 0; n < 300; n++) {
      if (n < 6 || n >= 294) x += 20;
      watched.look([{ trackId: 1, x: x + (n % 2) * 0.4 }]);
    }
    expect(watched.watch.motion?.stepShare).toBeCloseTo(0.5, 1);
  });

  it('takes only looks that follow on each other, and boxes that were found', () => {
    const watched = new Watched();
    for (let n = 0; n < 30; n++) {
      // Each third look finds nothing, and a guess lies elsewhere.
      if (n % 3 === 2) watched.look([{ trackId: 1, x: 5000, origin: 'predicted' }]);
      else watched.look([{ trackId: 1, x: n * 10 }]);
    }
    expect(watched.watch.motion?.stepShare).toBe(0.25);
  });

  it('takes the looks before a track was sure, which are told later', () => {
    const watched = new Watched();
    watched.look([]);
    watched.look([]);
    const way = [0, 30, 60].map((x, n) => ({ trackId: 1, x, lookAgo: 2 - n }));
    watched.look(way, [1]);
    expect(watched.watch.motion).toMatchObject({ stepShare: expect.closeTo(0.75), tracks: 1 });
    // The same again, or what was looked at long ago, adds nothing.
    watched.look([{ trackId: 2, x: 0, lookAgo: 400 }]);
    expect(watched.watch.motion?.tracks).toBe(1);
  });

  it('changes with the rate of looks at once, whatever was seen at another', () => {
    const watched = new Watched(100);
    for (let n = 0; n < 6; n++) watched.drive(n, 24, 5);
    const rare = watched.watch.motion;
    expect(rare?.tooRare).toBe(true);
    watched.everyMs = 20;
    for (let n = 0; n < 40; n++) watched.look([]);
    expect(watched.watch.motion).toEqual({ ...rare, stepShare: expect.closeTo(0.12), tooRare: false });
  });

  it('is of the latest tracks, each with one voice', () => {
    const watched = new Watched();
    for (let n = 0; n < 3; n++) watched.drive(n, 4, 200);
    for (let n = 3; n < 7; n++) watched.drive(n, 24, 5);
    expect(watched.watch.motion).toMatchObject({ stepShare: expect.closeTo(0.6), tracks: 7 });
    for (let n = 7; n < 67; n++) watched.drive(n, 8, 10);
    expect(watched.watch.motion).toMatchObject({ stepShare: expect.closeTo(0.2), tracks: 40 });
  });
});

describe('what is looked at too rarely', () => {
  const SCENES = 40;

  /** Errors of counting and the steps of simulated scenes at so many looks a second. */
  function simulated(fps: number): { errorShare: number; motion: Motion } {
    const watch = new StepWatch();
    let [truth, wrong, last] = [0, 0, 0];
    for (let seed = 0; seed < SCENES; seed++) {
      const scene = drawScene({ seed, fps, durationMs: 20_000, actors: 12, trouble: usualTrouble });
      const errors = errorsOf(scene, countScene(scene));
      truth += errors.truth;
      wrong += errors.missed.length + errors.extra.length;
      const analysis = new Analysis({ lines: [scene.line], zones: [] });
      for (const frame of scene.frames) {
        const { tracks, backfill, ended } = analysis.step(frame);
        const later = (box: TrackBox): TrackBox => ({
          ...box,
          trackId: box.trackId + last,
          frame: box.frame + last,
          ptsMs: box.ptsMs + last,
        });
        watch.take(
          { frame: frame.frame + last, ptsMs: frame.ptsMs + last },
          [...backfill, ...tracks].map(later),
          ended.map((trackId) => trackId + last),
        );
      }
      last += 100_000;
    }
    const motion = watch.motion;
    if (motion === null) throw new Error('nothing moved');
    const errorShare = wrong / truth;
    console.log(
      `${fps} looks a second: step ${motion.stepShare.toFixed(2)}, at least ${motion.neededFps.toFixed(1)} needed, ${(100 * errorShare).toFixed(1)} % of crossings wrong`,
    );
    return { errorShare, motion };
  }

  it('is told where counts suffer, and not where they do not; the rate that is needed is nearly the same at each', () => {
    const often = [25, 10, 5].map(simulated);
    const rare = simulated(2);
    for (const { errorShare, motion } of often) {
      expect(motion.tooRare).toBe(false);
      expect(errorShare).toBeLessThan(0.05);
    }
    expect(rare.motion.tooRare).toBe(true);
    expect(rare.errorShare).toBeGreaterThan(0.05);
    const needed = [...often, rare].map(({ motion }) => motion.neededFps);
    expect(Math.max(...needed) / Math.min(...needed)).toBeLessThan(1.4);
  });

  it('is not judged by a handful of tracks, and not taken back and said again at its edge', () => {
    const watched = new Watched();
    let trackId = 0;
    const drive = (share: number, times: number): boolean | undefined => {
      for (let n = 0; n < times; n++) watched.drive(trackId++, share * 40, 12);
      return watched.watch.motion?.tooRare;
    };
    expect(drive(0.9, 4)).toBe(false);
    expect(drive(0.9, 1)).toBe(true);
    expect(drive(0.4, 40)).toBe(true);
    expect(drive(0.3, 40)).toBe(false);
    expect(drive(0.4, 40)).toBe(false);
    expect(drive(0.5, 40)).toBe(true);
  });
});
