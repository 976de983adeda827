import type { Line } from '#shared/domain/line.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { RunSettings } from '#shared/domain/run.ts';

/** What a newcomer counts over until a line is drawn: straight down the middle of the picture. */
export function middleLine({ width, height }: MediaInfo): Pick<RunSettings, 'lines' | 'picture'> {
  const x = Math.round(width / 2);
  const line: Line = {
    name: 'Line 1',
    points: [
      { x, y: 0 },
      { x, y: height },
    ],
  };
  return { lines: [line], picture: { width, height } };
}
