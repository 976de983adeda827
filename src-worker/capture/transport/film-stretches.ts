import type { Writable } from 'node:stream';
import { FIRST_STRETCH, feedStretch, type StretchEnd, type StretchStart } from './coded-stretch.ts';

/** The way through a file that is played again and again, whose coding may change in the middle. */
export class FilmStretches {
  /** Null while ffmpeg reads the file itself. */
  #start: StretchStart | null = null;
  #fed: Promise<StretchEnd> | null = null;

  /** The file was looked at. */
  know(codingMayChange: boolean): void {
    if (codingMayChange) this.#start ??= FIRST_STRETCH;
  }

  /** What feeds the next ffmpeg from where the film goes on; null when it has to read the file itself. */
  feeder(file: string): ((input: Writable) => void) | null {
    const start = this.#start;
    if (start === null) return null;
    return (input) => {
      this.#fed = feedStretch(file, start, input);
    };
  }

  /**
   * That ffmpeg has left. `whole`: it read to the end of what it was given, so the film goes on there; else it begins anew,
   * as behind a stretch that cannot be decoded.
   */
  async over(whole: boolean): Promise<void> {
    // Let go of at once: the next one may be fed while the end of this is awaited.
    const fed = this.#fed;
    this.#fed = null;
    const end = await fed;
    if (this.#start !== null) this.#start = (whole ? end?.change : null) ?? FIRST_STRETCH;
  }
}
