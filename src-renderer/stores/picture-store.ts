import { create } from 'zustand';
import type { PaintAges } from '../live/paint-tally.ts';
import type { MatchOrigin } from '../overlay/frame-matcher.ts';

/** What is known of the picture a tile shows. */
export interface PictureStatus {
  /** Milliseconds since the frame on show was decoded. */
  readonly ageMs: number | null;
  /** Media time of the frame on show; null where the stream gives none. */
  readonly ptsMs: number | null;
  /** Pictures drawn per second over the last two seconds. */
  readonly fps: number;
  readonly origin: MatchOrigin;
  /** For the strip of stages. */
  readonly paint: {
    readonly ages: PaintAges | null;
    readonly overtaken: number;
    readonly waiting: number;
  };
}

interface PictureStore {
  readonly bySource: Readonly<Record<string, PictureStatus>>;
  readonly measure: (bySource: Readonly<Record<string, PictureStatus>>) => void;
}

/** Age and rate of every picture, measured twice a second. */
export const usePictures = create<PictureStore>((set) => ({
  bySource: {},
  measure: (bySource) => set({ bySource }),
}));
