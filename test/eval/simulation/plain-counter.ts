import type { Crossing } from '../../../src-shared/domain/line.ts';
import type { TrackBox } from '../../../src-shared/domain/track.ts';
import { Analysis, type AnalysisOptions } from '../../../src-worker/detection/counting/analysis.ts';
import { passages } from '../../../src-worker/detection/counting/geometry.ts';
import type { Scene } from './scene.ts';

const footOf = ({ box }: TrackBox) => ({ x: (box.x1 + box.x2) / 2, y: box.y2 });

/**
 * The counter that most programs have, over the same tracks: each time the foot of a track steps over the line from one
 * frame to the next is a crossing.
 */
export function countPlainly(scene: Scene, options: Partial<AnalysisOptions> = {}): Crossing[] {
  const analysis = new Analysis({ lines: [scene.line], zones: [], ...options });
  const before = new Map<number, TrackBox>();
  const counted: Crossing[] = [];
  for (const frame of scene.frames) {
    for (const track of analysis.step(frame).tracks) {
      const last = before.get(track.trackId);
      before.set(track.trackId, track);
      if (last === undefined) continue;
      for (const { sign, share, x, y } of passages([footOf(last), footOf(track)], scene.line.points)) {
        counted.push({
          number: counted.length,
          line: scene.line.name,
          direction: sign > 0 ? 'forward' : 'backward',
          label: track.label,
          trackId: track.trackId,
          frame: track.frame,
          ptsMs: last.ptsMs + share * (track.ptsMs - last.ptsMs),
          x,
          y,
        });
      }
    }
  }
  return counted;
}
