import { afterAll, describe, expect, test } from 'vitest';
import { RingReader, RingWriter, unlinkRing } from '#native';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import { loadLookModel } from '../../../../src-worker/detection/looks/look-model.ts';
import { RunLooks } from '../../../../src-worker/detection/looks/run-looks.ts';
import { openLookSession } from '../../../../src-worker/detection/model/look-session.ts';
import type { SeenDetection } from '../../../../src-worker/detection/tracking/candidate.ts';
import { Tracker } from '../../../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../../../src-worker/detection/tracking/tracker-settings.ts';
import { writeModel } from '../model/model-fixture.ts';
import { tinyLookOnnx } from '../model/tiny-onnx.ts';

const [WIDTH, HEIGHT] = [640, 360];
const FRAMES = 60;
/** Luma and chroma of the people and of what is behind them. */
const COLOURS = { red: [81, 90, 240], blue: [41, 240, 110], grey: [120, 128, 128] } as const;
type Who = 'red' | 'blue';

const writer = RingWriter.create({
  name: `/ivis-l-${process.pid.toString(36)}`,
  ...{ width: WIDTH, height: HEIGHT, slots: 8, mode: 'newest' },
});
const reader = RingReader.open(writer.name);
afterAll(() => {
  reader.close();
  writer.close();
  unlinkRing(writer.name);
});

const boxAt = (x: number) => ({ x1: x - 20, y1: 200, x2: x + 20, y2: 300 });

/** An I420 picture with what is to be seen in it, the last one in front. */
function pictureOf(people: readonly { who: Who; x: number }[]): Uint8Array {
  const picture = new Uint8Array((WIDTH * HEIGHT * 3) / 2);
  const planes = [0, WIDTH * HEIGHT, WIDTH * HEIGHT * 1.25];
  planes.forEach((from, c) => {
    const by = c === 0 ? 1 : 2;
    const stride = WIDTH / by;
    picture.fill(COLOURS.grey[c] ?? 0, from, from + (stride * HEIGHT) / by);
    for (const { who, x } of people) {
      const { x1, y1, x2, y2 } = boxAt(x);
      for (let y = y1 / by; y < y2 / by; y++) {
        const row = from + y * stride;
        picture.fill(COLOURS[who][c] ?? 0, row + Math.floor(x1 / by), row + Math.ceil(x2 / by));
      }
    }
  });
  return picture;
}

/**
 * Two people walk towards each other, for a second only the one in front is seen, and both turn back: by their boxes
 * alone each goes on. Their looks are taken from the pictures by a model, when the tracker asks for them.
 */
async function meet(options: { looks: boolean; classes?: string[]; perFrame?: number }) {
  const tracker = new Tracker(trackerSettingsSchema.parse({}));
  const model = loadLookModel(writeModel(tinyLookOnnx()), 'cpu', openLookSession);
  const { classes, perFrame } = options;
  const runLooks = new RunLooks({
    settings: { model: 'tiny.onnx', ...(classes && { classes }), ...(perFrame && { perFrame }) },
    model,
    failed: (error) => expect.unreachable(error.message),
    ended: () => {},
  });
  const ids: Record<Who, Set<number>> = { red: new Set(), blue: new Set() };
  let taken = 0;
  let most = 0;
  for (let n = 0; n < FRAMES; n++) {
    const gap = Math.abs(29 - n) * 6;
    const people = [
      { who: 'blue', x: 320 + gap },
      { who: 'red', x: 320 - gap },
    ] as const;
    const seen = people.filter(({ who }) => who === 'red' || gap > 24);
    const written = writer.writeFrame(pictureOf(people), null);
    if (written === 'full') throw new Error('the ring is full');
    const { key: _key, ...rest } = written;
    const frame: FrameDescriptor = {
      ...rest,
      ...{ ring: writer.name, epoch: writer.epoch, ptsMs: n * 100, pixelFormat: 'i420' },
    };
    const plain = seen.map(({ x }): SeenDetection => ({ box: boxAt(x), label: 'person', confidence: 0.8 }));
    const time = { frame: n, ptsMs: n * 100, width: WIDTH, height: HEIGHT };
    const needed = tracker.looksNeeded({ ...time, detections: plain }, runLooks.budget);
    const objects = needed.flatMap((index) => plain[index] ?? []);
    const looks = options.looks ? await runLooks.of(objects, frame, reader) : new Map();
    taken += looks.size;
    most = Math.max(most, looks.size);
    const detections = plain.map((each) => {
      const appearance = looks.get(each);
      return appearance === undefined ? each : { ...each, appearance };
    });
    const { current } = tracker.update({ ...time, detections });
    for (const one of current.filter(({ origin }) => origin === 'detected')) {
      const x = (one.box.x1 + one.box.x2) / 2;
      const nearest = seen.reduce((a, b) => (Math.abs(b.x - x) < Math.abs(a.x - x) ? b : a));
      ids[nearest.who].add(one.trackId);
    }
  }
  const told = tracker.finish('source-ended').closed;
  return { ids, taken, most, told, modelId: (await model).id };
}

describe('two people of two colours who hide each other and turn back', () => {
  test('keep their numbers with looks', async () => {
    const { ids, told, modelId } = await meet({ looks: true });
    expect([...ids.red]).toHaveLength(1);
    expect([...ids.blue]).toHaveLength(1);
    expect(ids.red).not.toEqual(ids.blue);
    for (const { look } of told) {
      expect(look?.modelId).toBe(modelId);
      expect(look?.vector).toHaveLength(6);
      expect(Math.hypot(...(look?.vector ?? []))).toBeCloseTo(1, 5);
    }
  });

  test('swap them, or get new ones, without', async () => {
    const { ids, told } = await meet({ looks: false });
    expect(ids.red.size + ids.blue.size).toBeGreaterThan(2);
    expect(told.map(({ look }) => look)).toEqual(told.map(() => undefined));
  });

  test('are not looked at when looks are of another class', async () => {
    expect((await meet({ looks: true, classes: ['car'] })).taken).toBe(0);
  });

  test('are looked at where it is in doubt who is who and once a second, never more at once than is set', async () => {
    const { taken, most } = await meet({ looks: true });
    expect(most).toBe(2);
    // Of some 110 sights; all of six seconds would be twelve for two who never meet.
    expect(taken).toBeGreaterThan(12);
    expect(taken).toBeLessThan(50);
    expect((await meet({ looks: true, perFrame: 1 })).most).toBe(1);
  });
});

describe('a model that fails in the midst of a run', () => {
  test('is asked no more after a while, and the run hears of it once', async () => {
    const model = await loadLookModel(writeModel(tinyLookOnnx()), 'cpu', openLookSession);
    model.embed = () => Promise.reject(new Error('the driver is gone'));
    const failed: string[] = [];
    const looks = new RunLooks({
      settings: { model: 'tiny.onnx' },
      model: Promise.resolve(model),
      failed: ({ message }) => failed.push(message),
      ended: () => {},
    });
    const written = writer.writeFrame(pictureOf([]), null);
    if (written === 'full') throw new Error('the ring is full');
    const { key: _key, ...rest } = written;
    const frame: FrameDescriptor = {
      ...rest,
      ...{ ring: writer.name, epoch: writer.epoch, ptsMs: 0, pixelFormat: 'i420' },
    };
    const object = { box: boxAt(320), label: 'person', confidence: 0.8 };
    for (let n = 0; n < 40; n++) {
      expect((await looks.of([object], frame, reader)).size).toBe(0);
      expect(looks.on).toBe(n < 29);
    }
    expect(failed).toEqual(['the driver is gone']);
  });

  test('that cannot be loaded is not asked at all', async () => {
    const looks = new RunLooks({
      settings: { model: 'none.onnx' },
      model: Promise.reject(new Error('is not there')),
      failed: () => expect.unreachable(),
      ended: () => {},
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(looks.on).toBe(false);
  });
});
