import { type Box, boxIou } from '#shared/domain/box.ts';
import { shifted } from './box-points.ts';
import type { Matching } from './matching.ts';
import { sizeGap } from './stand.ts';
import type { Track } from './track.ts';

/** So much must a box lie where the sleeper stood, and so little differ in size, to be of it. */
const sameIou = 0.6;
const sameSizeGap = 0.3;
/** A new track must itself have stood there for so long. */
const standMs = 1000;

interface Sleeper {
  readonly track: Track;
  place: Box;
}

/**
 * Tracks of what stood and has been out of sight for longer than a track is usually kept: a parked car behind a lorry,
 * somebody who waits behind others. Such a track goes on only in one that has stood at the same place, in the same size,
 * from its first box on; who walks by does not, and nothing is told of the time between.
 */
export class Sleepers {
  private readonly matching: Matching;
  private readonly keptMs: number;
  private sleeping: Sleeper[] = [];

  /** `keptMs`: how long a sleeper is waited for, from when it was last seen. */
  constructor(matching: Matching, keptMs: number) {
    this.matching = matching;
    this.keptMs = keptMs;
  }

  /** Takes a track that is given up, if it stood; false when it did not, or nothing is waited for. */
  take(track: Track, ptsMs: number): boolean {
    const { place } = track.stand;
    if (!place || ptsMs - track.last.ptsMs >= this.keptMs) return false;
    track.forgetMissed();
    this.sleeping.push({ track, place });
    return true;
  }

  shift(dx: number, dy: number): void {
    for (const sleeper of this.sleeping) sleeper.place = shifted(sleeper.place, dx, dy);
  }

  /** Whether a new track may prove to be a sleeper, but has not stood there for long enough. */
  isUndecided(fresh: Track, ptsMs: number): boolean {
    return ptsMs - fresh.first.ptsMs < standMs && this.sleeping.some((sleeper) => this.isOn(fresh, sleeper));
  }

  /** The sleeper that a new track has proved to be; it sleeps no more. */
  wake(fresh: Track): Track | null {
    if (fresh.last.ptsMs - fresh.first.ptsMs < standMs) return null;
    let [best, most]: [Sleeper | null, number] = [null, 0];
    for (const sleeper of this.sleeping) {
      const iou = this.isOn(fresh, sleeper) ? boxIou(fresh.first.whole, sleeper.place) : 0;
      if (iou > most) [best, most] = [sleeper, iou];
    }
    this.sleeping = this.sleeping.filter((sleeper) => sleeper !== best);
    return best?.track ?? null;
  }

  /** Those that nobody waits for any longer. */
  givenUp(ptsMs: number): Track[] {
    if (this.sleeping.length === 0) return [];
    const over = this.sleeping.filter(({ track }) => ptsMs - track.last.ptsMs > this.keptMs);
    if (over.length > 0) this.sleeping = this.sleeping.filter((sleeper) => !over.includes(sleeper));
    return over.map(({ track }) => track);
  }

  /** All of them: none sleeps any more. */
  end(): Track[] {
    const all = this.sleeping.map(({ track }) => track);
    this.sleeping = [];
    return all;
  }

  private isOn(fresh: Track, { track, place }: Sleeper): boolean {
    if (fresh.first.ptsMs <= track.last.ptsMs || !this.matching.mayBeOne(track, fresh)) return false;
    return [fresh.first.whole, fresh.last.whole].every(
      (box) => boxIou(box, place) >= sameIou && sizeGap(box, place) <= sameSizeGap,
    );
  }
}
