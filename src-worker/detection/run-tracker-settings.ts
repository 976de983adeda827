import type { RunSettings } from '#shared/domain/run.ts';
import { defaultTrackerSettings, type TrackerSettings } from './tracking/tracker-settings.ts';

/**
 * The tracker's settings of a run: nothing below its confidence (`modelConfidence` if it names none) begins a track,
 * nor below that of its class. Weaker detections still continue tracks, so a person behind a post keeps the number
 * it has. Who names a confidence wants no track of fainter boxes, however often they are found.
 */
export function trackerSettingsFor(
  { confidence, tuning = {} }: Pick<RunSettings, 'confidence' | 'tuning'>,
  modelConfidence: number,
): TrackerSettings {
  const { highConfidence, lowConfidence } = defaultTrackerSettings;
  const classConfidence = new Map<string, number>();
  let general = confidence ?? modelConfidence;
  for (const rule of tuning.classRules ?? []) {
    if (rule.confidence === undefined) continue;
    if (rule.label === null) general = rule.confidence;
    else classConfidence.set(rule.label, rule.confidence);
  }
  const lowest = Math.min(general, ...classConfidence.values());
  return {
    ...defaultTrackerSettings,
    ...(tuning.algorithm && { algorithm: tuning.algorithm }),
    ...(tuning.cameraMotion !== undefined && { cameraMotion: tuning.cameraMotion }),
    newTrackConfidence: general,
    classConfidence: Object.fromEntries(classConfidence),
    highConfidence: Math.min(highConfidence, general),
    lowConfidence: Math.min(lowConfidence, lowest),
    faintTracks: confidence === null && general === modelConfidence,
  };
}
