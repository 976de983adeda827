import { createHash } from 'node:crypto';
import type { LoadedModel } from '#shared/domain/model.ts';
import type { RunSettings } from '#shared/domain/run.ts';

/** Another form of records, or another way from the model's output to detections, makes older journals useless. */
const FORM = 1;

/**
 * What detections of a film depend on, as 32 bytes: the film, the model and what it runs on, and the settings by which
 * it looks. Not lines, zones and whatever else is made of detections: they may be others the next time.
 */
export function journalKey(film: string, model: LoadedModel, settings: RunSettings): Buffer {
  const { every, fps, confidence, keepRawDetections, regions, picture, tuning = {} } = settings;
  const { inputSize, classRules, tiles } = tuning;
  const looks = { every, fps, confidence, keepRawDetections, regions, picture, inputSize, classRules, tiles };
  const { sha256, provider } = model;
  return createHash('sha256').update(JSON.stringify({ FORM, film, sha256, provider, looks })).digest();
}
