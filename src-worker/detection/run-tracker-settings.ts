import { defaultTrackerSettings, type TrackerSettings } from './tracking/tracker-settings.ts';

/**
 * The tracker's settings for a run that was asked for `confidence`: nothing below it begins a track. Weaker
 * detections still continue tracks, so a person behind a post keeps the number it has.
 */
export function trackerSettingsFor(confidence: number): TrackerSettings {
  const { highConfidence, lowConfidence } = defaultTrackerSettings;
  return {
    ...defaultTrackerSettings,
    newTrackConfidence: confidence,
    highConfidence: Math.min(highConfidence, confidence),
    lowConfidence: Math.min(lowConfidence, confidence),
  };
}
