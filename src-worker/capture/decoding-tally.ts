import type { DecodingEnd } from './completeness.ts';
import { isCutOff, isDecodeError } from './ffmpeg/stderr.ts';

type TallyFacts = Pick<DecodingEnd, 'decoded' | 'lastPtsMs' | 'decodeErrors' | 'cutOff' | 'frameMs'>;

/** What came of a file so far: frames, their times, and what ffmpeg complained about. Times in milliseconds. */
export class DecodingTally {
  decoded = 0;
  /** Time of the latest picture; with frames out of order, of the last to be shown. */
  lastPtsMs: number | null = null;
  decodeErrors = 0;
  /** ffmpeg met the end of the file too early. */
  cutOff = false;
  #firstPtsMs: number | null = null;

  frame(ptsMs: number | null): void {
    this.decoded += 1;
    if (ptsMs === null) return;
    this.#firstPtsMs ??= ptsMs;
    this.lastPtsMs = Math.max(this.lastPtsMs ?? ptsMs, ptsMs);
  }

  /** One line of ffmpeg's log. */
  line(line: string): void {
    if (isDecodeError(line)) this.decodeErrors += 1;
    if (isCutOff(line)) this.cutOff = true;
  }

  /** How long a frame is shown: the mean distance of those that came, or what the container declares if longer. */
  frameMs(declaredFps: number | null): number {
    const gaps = this.decoded - 1;
    const meanMs = gaps > 0 ? ((this.lastPtsMs ?? 0) - (this.#firstPtsMs ?? 0)) / gaps : 0;
    return Math.max(meanMs, declaredFps === null ? 0 : 1000 / declaredFps);
  }

  /** All of it, for judging. `declaredFps`: what the container says, if it does. */
  facts(declaredFps: number | null): TallyFacts {
    const { decoded, lastPtsMs, decodeErrors, cutOff } = this;
    return { decoded, lastPtsMs, decodeErrors, cutOff, frameMs: this.frameMs(declaredFps) };
  }
}
