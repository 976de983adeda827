import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { RingReader, RingWriter, unlinkRing } from '#native';
import { type Box, boxIou } from '#shared/domain/box.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { ModelSpec } from '#shared/domain/model.ts';
import { loadDetector } from '../../../../src-worker/detection/model/detector.ts';
import { defaultModel, sharedYolox } from './model-fixture.ts';

const clip = join(import.meta.dirname, '../../../../../shared/media/street-side-view.mp4');
const skipped = existsSync(clip) ? '' : ' (skipped: ../shared/media is not here)';
const yolox = sharedYolox();
const yoloxSkipped = yolox === null ? ' (skipped: ../shared/models is not here)' : skipped;
const { path: ffmpegPath } = z
  .object({ path: z.string() })
  .parse(createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg'));

/** The five cars of the picture at 5 s, measured by eye. */
const cars: Box[] = [
  { x1: 131, y1: 147, x2: 281, y2: 205 },
  { x1: 346, y1: 219, x2: 504, y2: 282 },
  { x1: 540, y1: 147, x2: 640, y2: 200 },
  { x1: 0, y1: 214, x2: 81, y2: 277 },
  { x1: 591, y1: 0, x2: 640, y2: 27 },
];

async function detect(model: { spec: ModelSpec; path: string }): Promise<Detection[]> {
  const args = ['-v', 'error', '-ss', '5', '-i', clip, '-frames:v', '1', '-pix_fmt', 'yuv420p'];
  const picture = spawnSync(ffmpegPath, [...args, '-f', 'rawvideo', '-']).stdout;
  const name = `/ivis-p-${process.pid.toString(36)}-${model.spec.output.decoder}`;
  const writer = RingWriter.create({ name, width: 640, height: 360, slots: 2, mode: 'newest' });
  try {
    const frame = writer.writeFrame(picture, 5000);
    if (frame === 'full') throw new Error('the ring is full');
    const reader = RingReader.open(name);
    const detector = await loadDetector({ path: model.path, spec: model.spec, provider: 'cpu' }, () =>
      performance.now(),
    );
    const input = detector.inputFor(640, 360);
    const tensor = detector.tensorFor(input);
    expect(reader.tensorInto({ ...frame, epoch: writer.epoch }, tensor, input.plan)).toBe('ok');
    const found = await detector.detect(input, tensor, 0.25);
    await detector.release();
    reader.close();
    return found;
  } finally {
    writer.close();
    unlinkRing(name);
  }
}

function expectTightBoxes(found: readonly Detection[]): void {
  const vehicles = found.filter(({ label }) => ['car', 'truck', 'bus', 'airplane'].includes(label));
  for (const car of cars.slice(0, 4)) {
    const best = Math.max(...vehicles.map(({ box }) => boxIou(box, car)));
    expect(best).toBeGreaterThan(0.75);
  }
  for (const { box } of vehicles) {
    expect(Math.max(...cars.map((car) => boxIou(box, car)))).toBeGreaterThan(0.6);
  }
}

describe('a real picture', () => {
  test.skipIf(skipped !== '')(`YOLO11 has tight boxes on its cars${skipped}`, async () => {
    expectTightBoxes(await detect(defaultModel()));
  });

  test.skipIf(yoloxSkipped !== '')(`YOLOX has tight boxes on its cars${yoloxSkipped}`, async () => {
    if (yolox !== null) expectTightBoxes(await detect(yolox));
  });
});
