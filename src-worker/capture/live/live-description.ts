import type { StreamHeader } from '#native';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import { inputName, type SourceInput } from '#shared/domain/source-input.ts';
import type { StreamFacts } from './live-log.ts';
import type { Mask } from './mask.ts';

/** What is known of a live source: from ffmpeg's log and from the header of its pictures. */
export function liveMedia(
  input: SourceInput,
  facts: StreamFacts | null,
  { width, height }: Pick<StreamHeader, 'width' | 'height'>,
  startWallMs: number,
  mask: Mask,
): MediaInfo {
  return {
    path: mask(inputName(input)),
    container: facts?.container ?? input.kind,
    codec: facts?.codec ?? 'unknown',
    width,
    height,
    rotation: 0,
    fps: facts?.fps ?? null,
    durationMs: null,
    expectedFrames: null,
    startWallMs,
    startBasis: 'arrival',
  };
}

/** What a source said of itself over its connections, and what of it was told already. */
export class LiveDescription {
  readonly #describe: (facts: StreamFacts | null, header: StreamHeader) => MediaInfo;
  #facts: StreamFacts | null = null;
  #codec: string | null = null;
  #told = '';

  constructor(input: SourceInput, startWallMs: number, mask: Mask) {
    this.#describe = (facts, header) => liveMedia(input, facts, header, startWallMs, mask);
  }

  /** Of the connection going on. */
  get facts(): StreamFacts | null {
    return this.#facts;
  }

  reconnect(): void {
    this.#facts = null;
  }

  /** True when the stream is coded in another way than before. */
  take(facts: StreamFacts): boolean {
    const changed = this.#codec !== null && this.#codec !== facts.codec;
    this.#facts = facts;
    this.#codec = facts.codec;
    return changed;
  }

  /** The medium, or null when just that was told last. */
  news(header: StreamHeader): MediaInfo | null {
    const media = this.#describe(this.#facts, header);
    const told = JSON.stringify(media);
    if (told === this.#told) return null;
    this.#told = told;
    return media;
  }
}
