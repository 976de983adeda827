import { afterAll, beforeAll } from 'vitest';
import type { RunSettings } from '#shared/domain/run.ts';
import type { Detector } from '../../../src-worker/detection/model/detector.ts';
import { RunAtHand, tinyDetector } from './run-fixture.ts';

let detector: Detector;

/** The tests of this file have runs in their hand. */
export function runsHere(): void {
  beforeAll(async () => {
    detector = await tinyDetector();
  });
  afterAll(() => detector.release());
}

/** A run with these settings, and what is done with it. */
export async function withRun(
  settings: Partial<RunSettings>,
  body: (hand: RunAtHand) => Promise<void>,
  model = detector,
): Promise<void> {
  const hand = new RunAtHand(model, settings);
  try {
    await body(hand);
  } finally {
    hand.close();
  }
}
