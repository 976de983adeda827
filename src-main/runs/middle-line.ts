import type { Line } from '#shared/domain/line.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';

/** What a newcomer counts over until a line is drawn: straight down the middle of the picture. */
export function middleLine({ width, height }: Pick<MediaInfo, 'width' | 'height'>): Line {
  const x = Math.round(width / 2);
  return {
    name: 'Line 1',
    points: [
      { x, y: 0 },
      { x, y: height },
    ],
  };
}
