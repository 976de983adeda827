// What pictures of crossings cost: taking the pixels of a moment near a line, and packing those of a crossing.
import { parseArgs } from 'node:util';
import { RingReader, RingWriter, unlinkRing } from '#native';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import { FramePictures, packed } from '../../src-worker/detection/evidence/frame-pictures.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const ROUNDS = 60;

const middle = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

async function measure(width: number, height: number) {
  const name = `/ivis-b-${process.pid.toString(36)}-${height}`;
  const writer = RingWriter.create({ name, width, height, slots: 2, mode: 'newest' });
  const reader = RingReader.open(name);
  const pixels = new Uint8Array((width * height * 3) / 2);
  // Something a JPEG has work with.
  for (let i = 0; i < pixels.length; i++) pixels[i] = 60 + ((i * 7) % 97) + ((i >> 9) % 60);
  const written = writer.writeFrame(pixels, 0);
  if (written === 'full') throw new Error('the ring is full');
  const { key: _key, ...rest } = written;
  const frame: FrameDescriptor = { ...rest, ring: name, epoch: writer.epoch, pixelFormat: 'i420' };
  const box = { x1: width * 0.4, y1: height * 0.4, x2: width * 0.55, y2: height * 0.6 };
  const [takeMs, packMs]: [number[], number[]] = [[], []];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    const moment = new FramePictures(reader, frame, 0, 'crop-and-frame').take(box);
    takeMs.push(performance.now() - began);
    if (moment === null) throw new Error('the frame is gone');
    const packing = performance.now();
    bytes = 0;
    for await (const picture of packed(round, moment)) bytes += picture.jpeg.length;
    packMs.push(performance.now() - packing);
  }
  reader.close();
  writer.close();
  unlinkRing(name);
  return { size: `${width}x${height}`, takeMs: middle(takeMs), packMs: middle(packMs), bytes };
}

const results = [await measure(640, 360), await measure(1280, 720), await measure(1920, 1080)];
if (values.json) console.log(JSON.stringify({ bench: 'evidence', rounds: ROUNDS, results }));
else {
  for (const { size, takeMs, packMs, bytes } of results) {
    // An object is near a line for four frames: as many are taken, one is packed.
    const all = 4 * takeMs + packMs;
    console.log(
      `${size.padEnd(10)} take ${takeMs.toFixed(2)} ms, pack ${packMs.toFixed(2)} ms, ${(bytes / 1024).toFixed(0)} KiB; a crossing of four moments: ${all.toFixed(1)} ms`,
    );
  }
}
