// Tracker speed: npm run bench:tracker -- [--json]. One update is one frame with all its detections.
import { parseArgs } from 'node:util';
import type { Detection } from '../../src-shared/domain/detection.ts';
import { Tracker, type TrackerFrame } from '../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../src-worker/detection/tracking/tracker-settings.ts';
import { Random } from '../eval/simulation/random.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const [width, height, fps] = [1920, 1080, 25];
const frames = 600;
const limitPerSecond = 10_000;

/** Objects that wander about and bounce off the edges, found with jitter, misses and low confidences. */
function wanderers(objects: number): TrackerFrame[] {
  const random = new Random(objects);
  const all = Array.from({ length: objects }, () => ({
    x: random.between(50, width - 50),
    y: random.between(80, height - 10),
    vx: random.between(-6, 6),
    vy: random.between(-3, 3),
    h: random.between(40, 90),
    label: random.pick(['person', 'car']),
  }));
  return Array.from({ length: frames }, (_, frame) => {
    const detections: Detection[] = [];
    for (const one of all) {
      one.x += one.vx;
      one.y += one.vy;
      if (one.x < 50 || one.x > width - 50) one.vx = -one.vx;
      if (one.y < 80 || one.y > height - 10) one.vy = -one.vy;
      if (random.chance(0.05)) continue;
      const w = one.h * (one.label === 'car' ? 1.6 : 0.45);
      const [dx, dy] = [0.02 * w * random.normal(), 0.02 * one.h * random.normal()];
      const box = { x1: one.x - w / 2 + dx, y1: one.y - one.h + dy, x2: one.x + w / 2 + dx, y2: one.y + dy };
      const confidence = random.chance(0.1) ? random.between(0.1, 0.25) : random.between(0.3, 0.95);
      detections.push({ box, label: one.label, confidence });
    }
    return { frame, ptsMs: (frame * 1000) / fps, width, height, detections };
  });
}

function updatesPerSecond(algorithm: 'bytetrack' | 'oc-sort', scene: readonly TrackerFrame[]): number {
  const tracker = new Tracker(trackerSettingsSchema.parse({ algorithm }));
  const start = process.hrtime.bigint();
  for (const frame of scene) tracker.update(frame);
  return scene.length / (Number(process.hrtime.bigint() - start) / 1e9);
}

const rows = (['bytetrack', 'oc-sort'] as const).flatMap((algorithm) =>
  [30, 100, 300].map((objects) => {
    const scene = wanderers(objects);
    // best of five runs: the first ones are compiled on the way, and others use the machine
    const perSecond = Math.max(...[1, 2, 3, 4, 5].map(() => updatesPerSecond(algorithm, scene)));
    console.log(
      `${algorithm.padEnd(9)} ${String(objects).padStart(4)} objects ${perSecond.toFixed(0).padStart(7)} updates/s`,
    );
    return { algorithm, objects, updatesPerSecond: Math.round(perSecond) };
  }),
);
if (values.json) console.log(JSON.stringify({ limitPerSecondAt30: limitPerSecond, rows }));
