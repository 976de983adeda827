import { afterAll, beforeAll } from 'vitest';
import type { RunSettings } from '#shared/domain/run.ts';
import type { AnalysisStep } from '../../../src-worker/detection/counting/analysis.ts';
import type { PendingFrame } from '../../../src-worker/detection/frame-queue.ts';
import type { Detector } from '../../../src-worker/detection/model/detector.ts';
import { trackerSettingsFor } from '../../../src-worker/detection/run-tracker-settings.ts';
import { SceneBook } from '../../../src-worker/detection/scene.ts';
import { SegmentAnalysis } from '../../../src-worker/detection/segment-analysis.ts';
import { plainSettings, tinyDetector } from './run-fixture.ts';

export const WALL_MS = Date.UTC(2026, 0, 2);
export const FRAME_MS = 40;
let detector: Detector;

/** The tests of this file have people walk. */
export function walksHere(): void {
  beforeAll(async () => {
    detector = await tinyDetector();
  });
  afterAll(() => detector.release());
}

/** A line down the middle of a picture of 640 x 480, and a zone over its right half. */
export const settings: RunSettings = {
  ...plainSettings,
  mode: 'live',
  lines: [
    {
      name: 'middle',
      points: [
        { x: 320, y: 0 },
        { x: 320, y: 480 },
      ],
    },
  ],
  zones: [
    {
      name: 'right',
      points: [
        { x: 330, y: 0 },
        { x: 640, y: 0 },
        { x: 640, y: 480 },
        { x: 330, y: 480 },
      ],
    },
  ],
};

/** One person who walks from left to right, one step each frame, through a camera in the test's hand. */
export class Walk {
  readonly analysis: SegmentAnalysis;
  readonly steps: AnalysisStep[] = [];
  size = { width: 640, height: 480 };
  segment = 0;
  seq = 0;
  /** Added to the stream's times from now on, and to the wall clock. */
  ptsOffsetMs = 0;
  wallOffsetMs = 0;
  readonly #scenes: SceneBook;

  constructor(change: Partial<RunSettings> = {}) {
    const chosen = { ...settings, ...change };
    this.#scenes = new SceneBook(chosen, detector);
    this.analysis = new SegmentAnalysis(chosen, trackerSettingsFor(chosen, 0.25));
  }

  /** Feet at `x` of the 640 pixels that the picture has, or would have. */
  at(x: number): AnalysisStep {
    const [sx, sy] = [this.size.width / 640, this.size.height / 480];
    const { seq, segment } = this;
    const ptsMs = seq * FRAME_MS + this.ptsOffsetMs;
    const frame: PendingFrame['frame'] = {
      ring: '/r',
      epoch: 1,
      slot: 0,
      generation: 0,
      seq,
      ptsMs,
      wallMs: WALL_MS + seq * FRAME_MS + this.wallOffsetMs,
      monoMs: 0,
      ...this.size,
      pixelFormat: 'i420',
    };
    const box = { x1: (x - 20) * sx, y1: 200 * sy, x2: (x + 20) * sx, y2: 300 * sy };
    this.seq += 1;
    const scene = this.#scenes.sceneOf(this.size);
    const detections = scene.admit([[{ box, label: 'person', confidence: 0.9 }]]);
    const step = this.analysis.accept({ frame, ptsMs, segment }, scene, detections);
    this.steps.push(step);
    return step;
  }

  to(from: number, upTo: number): void {
    for (let x = from; x <= upTo; x += 5) this.at(x);
  }

  /** A hole in what is seen begins. */
  gap(): void {
    this.segment += 1;
    const step = this.analysis.interrupt(this.segment);
    if (step !== null) this.steps.push(step);
  }

  finish(): void {
    this.steps.push(this.analysis.finish('source-ended'));
  }

  get crossings() {
    return this.steps.flatMap((step) => step.crossings);
  }

  get closed() {
    return this.steps.flatMap((step) => step.closed);
  }

  get visits() {
    return this.steps.flatMap((step) => step.visits);
  }

  get loiterings() {
    return this.steps.flatMap((step) => step.loiterings);
  }

  /** Ways from gate to gate. */
  get ways(): string[] {
    const movements = this.steps.flatMap((step) => step.movements);
    return movements.map(({ entered, left }) => `${entered?.gate ?? '?'} > ${left?.gate ?? '?'}`);
  }
}
