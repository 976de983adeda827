import turbo from '@julusian/jpeg-turbo';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RingReader, RingWriter, unlinkRing } from '#native';
import type { CrossingPicture, EvidenceWish } from '#shared/domain/evidence.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Line } from '#shared/domain/line.ts';
import { Analysis } from '../../../../src-worker/detection/counting/analysis.ts';
import { EvidenceKeeper } from '../../../../src-worker/detection/evidence/evidence-keeper.ts';

const [WIDTH, HEIGHT] = [320, 240];
const line: Line = {
  name: 'main',
  points: [
    { x: 160, y: 0 },
    { x: 160, y: 240 },
  ],
};
let writer: RingWriter;
let reader: RingReader;
let rings = 0;

beforeEach(() => {
  rings += 1;
  writer = RingWriter.create({
    name: `/ivis-k-${process.pid.toString(36)}-${rings}`,
    width: WIDTH,
    height: HEIGHT,
    // Two slots: every frame is gone from the ring two frames later.
    slots: 2,
    mode: 'newest',
  });
  reader = RingReader.open(writer.name);
});

afterEach(() => {
  reader.close();
  writer.close();
  unlinkRing(writer.name);
});

/** A frame whose brightness says its number. */
const lumaOf = (frame: number): number => 40 + frame * 4;

function put(frame: number): FrameDescriptor {
  const picture = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128);
  picture.fill(lumaOf(frame), 0, WIDTH * HEIGHT);
  const written = writer.writeFrame(picture, frame * 40);
  if (written === 'full') throw new Error('the ring is full');
  const { key: _key, ...rest } = written;
  return { ...rest, ring: writer.name, epoch: writer.epoch, pixelFormat: 'i420' };
}

async function listOf(pictures: AsyncIterable<CrossingPicture>): Promise<CrossingPicture[]> {
  const list: CrossingPicture[] = [];
  for await (const picture of pictures) list.push(picture);
  return list;
}

/** An object of 60 x 40 pixels that goes `step` pixels a frame from the left to the right. */
async function walk(wish: EvidenceWish, step: number, view = reader) {
  const analysis = new Analysis({ lines: [line], zones: [] });
  const sent: Promise<CrossingPicture[]>[] = [];
  const failures: unknown[] = [];
  const keeper = new EvidenceKeeper({
    lines: [line],
    wish,
    send: (pictures) => sent.push(listOf(pictures)),
    failed: (thrown) => failures.push(thrown),
  });
  const crossings = [];
  const paths = [];
  for (let frame = 0; 40 + frame * step < 280; frame++) {
    const descriptor = put(frame);
    const x = 40 + frame * step;
    const box = { x1: x - 30, y1: 100, x2: x + 30, y2: 140 };
    const found = analysis.step({
      frame,
      ptsMs: frame * 40,
      width: WIDTH,
      height: HEIGHT,
      detections: [{ box, label: 'car', confidence: 0.9 }],
    });
    crossings.push(...found.crossings);
    paths.push(...keeper.take(found, { frame: descriptor, ptsMs: frame * 40, lines: [line], reader: view }));
  }
  return { crossings, paths, failures, pictures: (await Promise.all(sent)).flat() };
}

test.each([4, 9, 20])(
  'at %i pixels a frame the picture is of the frame of the crossing itself',
  async (step) => {
    const { crossings, paths, pictures, failures } = await walk('crop-and-frame', step);
    expect(failures).toEqual([]);
    expect(crossings).toHaveLength(1);
    expect(pictures.map(({ kind }) => kind)).toEqual(['crop', 'frame']);
    for (const picture of pictures) {
      expect(picture).toMatchObject({ number: 0, frame: crossings[0]?.frame });
      const { data, width, height } = turbo.decompressSync(Buffer.from(picture.jpeg), {
        format: turbo.FORMAT_GRAY,
      });
      expect([width, height]).toEqual([picture.width, picture.height]);
      // Limited range luma as full range grey: the pixels are those of that very frame.
      const grey = ((lumaOf(picture.frame) - 16) * 255) / 219;
      expect(Math.abs((data[Math.floor(data.length / 2)] ?? 0) - grey)).toBeLessThanOrEqual(2);
    }
    expect(pictures[1]).toMatchObject({ part: { x1: 0, y1: 0, x2: WIDTH, y2: HEIGHT } });
    const way = paths.find(({ number }) => number === 0)?.points ?? [];
    expect(way[0]?.frame).toBe(0);
    expect(way.every(({ y }) => y === 140)).toBe(true);
    expect(way.some(({ frame }) => frame === crossings[0]?.frame)).toBe(true);
  },
);

test('without the wish for pictures there are ways and no pictures', async () => {
  const { crossings, paths, pictures } = await walk('off', 9);
  expect(crossings).toHaveLength(1);
  expect(paths).toHaveLength(1);
  expect(pictures).toEqual([]);
});

test('a ring that gives nothing costs the pictures and no crossing', async () => {
  const gone = RingReader.open(writer.name);
  gone.close();
  const closed = await walk('crop-and-frame', 9, gone);
  expect(closed.crossings).toHaveLength(1);
  expect(closed.paths).toHaveLength(1);
  expect(closed.pictures).toEqual([]);
});
