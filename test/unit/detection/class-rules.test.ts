import { describe, expect, test } from 'vitest';
import { hasAllowedSize } from '../../../src-worker/detection/class-rules.ts';
import { trackerSettingsFor } from '../../../src-worker/detection/run-tracker-settings.ts';
import { Tracker } from '../../../src-worker/detection/tracking/tracker.ts';

const picture = { width: 200, height: 100 };
const sized = (width: number, height: number, label = 'person') => ({
  box: { x1: 10, y1: 10, x2: 10 + width, y2: 10 + height },
  label,
  confidence: 0.9,
});

describe('sizes by class', () => {
  test('are shares of the picture, bounds included', () => {
    const rules = [{ label: 'person', minHeight: 0.2, maxHeight: 0.5, maxArea: 0.1 }];
    expect(hasAllowedSize(sized(10, 19), rules, picture)).toBe(false);
    expect(hasAllowedSize(sized(10, 20), rules, picture)).toBe(true);
    expect(hasAllowedSize(sized(10, 50), rules, picture)).toBe(true);
    expect(hasAllowedSize(sized(10, 51), rules, picture)).toBe(false);
    expect(hasAllowedSize(sized(45, 50), rules, picture)).toBe(false);
  });

  test('the rule for all is for those without one of their own', () => {
    const rules = [{ label: null, minHeight: 0.3 }, { label: 'person' }];
    expect(hasAllowedSize(sized(10, 10, 'car'), rules, picture)).toBe(false);
    expect(hasAllowedSize(sized(10, 10), rules, picture)).toBe(true);
    expect(hasAllowedSize(sized(10, 10), [], picture)).toBe(true);
  });
});

describe('confidences by class', () => {
  /** Labels of the tracks that come of objects found with 0.3. */
  const labelsWith = (settings: Parameters<typeof trackerSettingsFor>[0], confidence = 0.3): string[] => {
    const tracker = new Tracker(trackerSettingsFor(settings, 0.25));
    const labels = new Set<string>();
    for (let frame = 0; frame < 12; frame++) {
      const detections = ['person', 'car'].map((label, i) => ({
        box: { x1: 10 + 5 * frame, y1: 100 * i + 10, x2: 40 + 5 * frame, y2: 100 * i + 70 },
        label,
        confidence,
      }));
      const { current } = tracker.update({ frame, ptsMs: 100 * frame, width: 640, height: 360, detections });
      for (const { label } of current) labels.add(label);
    }
    return [...labels].sort();
  };

  test('a class begins tracks from its own confidence on, the others from the general one', () => {
    expect(labelsWith({ confidence: null })).toEqual(['car', 'person']);
    const strict = { classRules: [{ label: 'person', confidence: 0.5 }] };
    expect(labelsWith({ confidence: null, tuning: strict })).toEqual(['car']);
    const lenient = { classRules: [{ label: 'person', confidence: 0.1 }] };
    expect(labelsWith({ confidence: 0.5, tuning: lenient })).toEqual(['person']);
    expect(labelsWith({ confidence: 0.5, tuning: lenient }, 0.15)).toEqual(['person']);
  });

  test('a rule for all replaces the general confidence', () => {
    const tuning = { classRules: [{ label: null, confidence: 0.4 }] };
    expect(labelsWith({ confidence: null, tuning })).toEqual([]);
  });

  test('who names a confidence gets no track of fainter boxes', () => {
    expect(trackerSettingsFor({ confidence: null }, 0.25).faintTracks).toBe(true);
    expect(trackerSettingsFor({ confidence: 0.25 }, 0.25).faintTracks).toBe(false);
  });

  test('tracker and camera motion are those of the run', () => {
    const tuning = { algorithm: 'oc-sort', cameraMotion: true } as const;
    expect(trackerSettingsFor({ confidence: null, tuning }, 0.25)).toMatchObject(tuning);
  });
});
