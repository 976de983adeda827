import { boxArea, clampBox } from '../../../src-shared/domain/box.ts';
import { Tracker } from '../../../src-worker/detection/tracking/tracker.ts';
import {
  defaultTrackerSettings,
  type TrackerSettings,
} from '../../../src-worker/detection/tracking/tracker-settings.ts';
import type { MotSequence } from '../mot-file.ts';
import { compare, type TrackingCounts } from '../tracking-score.ts';
import { boxAt } from './camera.ts';
import type { Scene } from './scene.ts';

/** Tracks a scene and compares all boxes but predicted ones with the actors' true boxes, hidden ones included. */
export function trackScene(scene: Scene, settings: TrackerSettings = defaultTrackerSettings): TrackingCounts {
  const tracker = new Tracker(settings);
  const truth: MotSequence = new Map();
  const result: MotSequence = new Map();
  for (const frame of scene.frames) {
    const boxes = scene.actors.flatMap((actor, id) => {
      if (frame.ptsMs < actor.startMs || frame.ptsMs > actor.endMs) return [];
      const whole = boxAt(actor, frame.ptsMs);
      const box = clampBox(whole, frame.width, frame.height);
      return box && boxArea(box) >= 0.3 * boxArea(whole) ? [{ id, box }] : [];
    });
    truth.set(frame.frame, boxes);
    const { current, backfill } = tracker.update(frame);
    for (const box of [...backfill, ...current]) {
      if (box.origin === 'predicted') continue;
      result.set(box.frame, [...(result.get(box.frame) ?? []), { id: box.trackId, box: box.box }]);
    }
  }
  return compare(truth, result);
}
