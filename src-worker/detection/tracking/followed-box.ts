import type { Box } from '#shared/domain/box.ts';
import type { TrackBox } from '#shared/domain/track.ts';

/** A track in one frame with what counting needs to know of it beyond the box that was found. */
export interface FollowedBox extends TrackBox {
  /** The box with what is probably hidden added; may reach beyond the picture. */
  whole: Box;
  /** Whether part of the object is hidden or has just come into view, so that `whole` is a guess. */
  partial: boolean;
}

/** The box as it leaves this process part. */
export function plainBox({ whole: _whole, partial: _partial, ...box }: FollowedBox): TrackBox {
  return box;
}
