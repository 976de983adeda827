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
