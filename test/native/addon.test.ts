import { describe, expect, it } from 'vitest';
import {
  i420Bytes,
  monoMs,
  RingError,
  type RingErrorKind,
  RingReader,
  RingWriter,
  type TensorPlan,
  unlinkRing,
} from '#native';
import { addonPaths } from '../../native/lib/load.ts';
import { ringName } from './ring-name.ts';

const WIDTH = 64;
const HEIGHT = 48;

function create(name: string, mode: 'lossless' | 'newest' = 'newest', slots = 4): RingWriter {
  return RingWriter.create({ name, width: WIDTH, height: HEIGHT, slots, mode });
}

function kindOf(call: () => unknown): RingErrorKind | 'no error' {
  try {
    call();
  } catch (error) {
    if (error instanceof RingError) return error.kind;
    throw error;
  }
  return 'no error';
}

function put(ring: RingWriter, value: number) {
  const written = ring.writeFrame(new Uint8Array(i420Bytes(WIDTH, HEIGHT)).fill(value), value * 40);
  if (written === 'full') throw new Error('the ring is full');
  return { ...written, epoch: ring.epoch };
}

const PLAN: TensorPlan = {
  srcX: 0,
  srcY: 0,
  srcW: WIDTH,
  srcH: HEIGHT,
  dstX: 0,
  dstY: 8,
  dstW: 32,
  dstH: 24,
  tensorW: 32,
  tensorH: 32,
  pad: 114,
  order: 'rgb',
  scale: 1 / 255,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  matrix: 'bt601',
};

describe('a ring from JavaScript', () => {
  it('hands a written frame over in every form a reader asks for', () => {
    const name = ringName();
    const ring = create(name);
    const reader = RingReader.open(name);
    const d = put(ring, 128);
    expect(d).toMatchObject({
      slot: 0,
      generation: 2,
      seq: 0,
      ptsMs: 5120,
      width: WIDTH,
      height: HEIGHT,
      key: true,
    });
    expect(Math.abs(d.monoMs - monoMs())).toBeLessThan(60_000);
    expect([reader.width, reader.height, reader.epoch]).toEqual([WIDTH, HEIGHT, ring.epoch]);

    const copy = new Uint8Array(i420Bytes(WIDTH, HEIGHT));
    expect(reader.copyInto(d, copy)).toBe('ok');
    expect(copy.every((byte) => byte === 128)).toBe(true);

    const small = new Uint8Array(i420Bytes(32, 24));
    expect(reader.scaleInto(d, small, 32, 24)).toBe('ok');
    expect(small.every((byte) => byte === 128)).toBe(true);

    const tensor = new Float32Array(3 * 32 * 32);
    expect(reader.tensorInto(d, tensor, PLAN)).toBe('ok');
    expect(tensor[0]).toBeCloseTo(114 / 255, 5);
    // Y 128 without colour is (128 - 16) * 255 / 219 in each channel.
    for (const plane of [0, 1, 2])
      expect(tensor[plane * 1024 + 16 * 32 + 5]).toBeCloseTo((112 * 255) / 219 / 255, 4);

    const mask = new Uint8Array(32 * 32).fill(1);
    mask[16 * 32 + 5] = 0;
    const masked = new Float32Array(tensor.length);
    expect(reader.tensorInto(d, masked, { ...PLAN, mask })).toBe('ok');
    const covered = [...masked.keys()].filter((at) => masked[at] !== tensor[at]);
    expect(covered).toEqual([0, 1, 2].map((plane) => plane * 1024 + 16 * 32 + 5));
    for (const at of covered) expect(masked[at]).toBeCloseTo(114 / 255, 5);

    expect(reader.luma(d)).toMatchObject({ result: 'ok', mean: 128, variance: 0 });
    const kept = new Uint8Array(64 * 36);
    expect(reader.lumaThumbnailInto(d, kept)).toBe('ok');
    expect(reader.lumaDiff(put(ring, 138), kept)).toEqual({ result: 'ok', meanAbs: 10, maxAbs: 10 });

    const rgb = new Uint8Array(3 * 5 * 7);
    expect(reader.cropInto(d, rgb, { x: 59, y: 41, w: 5, h: 7 })).toBe('ok');
    expect(rgb.every((byte) => byte === 130)).toBe(true);
    expect(reader.newest()).toMatchObject({ slot: 1, generation: 2, seq: 1 });
    expect(ring.stats()).toMatchObject({ written: 2, readers: 0 });
  });

  it('says what became of a frame instead of throwing', () => {
    const name = ringName();
    const ring = create(name);
    const reader = RingReader.open(name);
    const d = put(ring, 1);
    const target = new Uint8Array(i420Bytes(WIDTH, HEIGHT));
    expect(reader.copyInto({ ...d, epoch: d.epoch === 1 ? 2 : 1 }, target)).toBe('wrong-epoch');
    expect(reader.copyInto({ ...d, slot: 77 }, target)).toBe('corrupt');
    for (let i = 0; i < 4; i++) put(ring, i);
    expect(reader.copyInto(d, target)).toBe('overwritten');
    expect(reader.scaleInto(d, target, 8, 8)).toBe('overwritten');
    expect(reader.luma(d).result).toBe('overwritten');
    expect(reader.lumaDiff(d, new Uint8Array(2304)).result).toBe('overwritten');
    const last = put(ring, 9);
    ring.close();
    expect(reader.writerClosed).toBe(true);
    expect(reader.copyInto(last, target)).toBe('ok');
    reader.close();
    reader.close();
    expect(reader.copyInto(last, target)).toBe('closed');
  });

  it('keeps a lossless writer waiting until the registered reader has let go', () => {
    const name = ringName();
    const ring = create(name, 'lossless', 2);
    expect(ring.waitForReaders(1)).toBe(false);
    const reader = RingReader.open(name, { register: true });
    expect(ring.waitForReaders(1)).toBe(true);
    put(ring, 1);
    put(ring, 2);
    const pixels = new Uint8Array(i420Bytes(WIDTH, HEIGHT));
    expect(ring.writeFrame(pixels, null)).toBe('full');
    reader.release(1);
    expect(ring.writeFrame(pixels, null)).toMatchObject({ seq: 2, slot: 0, generation: 4, ptsMs: null });
    reader.close();
    expect(ring.waitForReaders(1)).toBe(false);
  });

  it('goes on counting from firstSeq', () => {
    const ring = RingWriter.create({
      name: ringName(),
      width: 2,
      height: 2,
      slots: 3,
      mode: 'newest',
      firstSeq: 1000,
    });
    expect(ring.writeFrame(new Uint8Array(6), 0)).toMatchObject({ seq: 1000, slot: 1 });
  });

  it('refuses wrong arguments with bad-argument', () => {
    const name = ringName();
    const good = { name, width: WIDTH, height: HEIGHT, slots: 4, mode: 'newest' as const };
    for (const wrong of [
      { name: 'without-slash' },
      { name: '/a/b' },
      { name: '/thirty-two-characters-are-one-too' },
      { width: 0 },
      { width: 1.5 },
      { height: Number.NaN },
      { height: 1e9 },
      { slots: 1 },
      { slots: Number.POSITIVE_INFINITY },
      { readerDeadlineMs: Number.NaN },
      { readerDeadlineMs: -1 },
      { firstSeq: -1 },
    ]) {
      expect([wrong, kindOf(() => RingWriter.create({ ...good, ...wrong }))]).toEqual([
        wrong,
        'bad-argument',
      ]);
    }
    const ring = create(name);
    const reader = RingReader.open(name);
    const d = put(ring, 1);
    const frame = i420Bytes(WIDTH, HEIGHT);
    const tensor = new Float32Array(3 * 32 * 32);
    const cases: [string, () => unknown][] = [
      ['copy target too short', () => reader.copyInto(d, new Uint8Array(frame - 1))],
      ['slot NaN', () => reader.copyInto({ ...d, slot: Number.NaN }, new Uint8Array(frame))],
      ['odd width', () => reader.scaleInto(d, new Uint8Array(frame), 7, 8)],
      ['scale target too short', () => reader.scaleInto(d, new Uint8Array(95), 8, 8)],
      ['tensor too short', () => reader.tensorInto(d, tensor.subarray(1), PLAN)],
      ['source outside', () => reader.tensorInto(d, tensor, { ...PLAN, srcX: 1 })],
      ['destination outside', () => reader.tensorInto(d, tensor, { ...PLAN, dstY: 9 })],
      ['deviation of zero', () => reader.tensorInto(d, tensor, { ...PLAN, std: [1, 0, 1] })],
      ['scale NaN', () => reader.tensorInto(d, tensor, { ...PLAN, scale: Number.NaN })],
      ['mask too short', () => reader.tensorInto(d, tensor, { ...PLAN, mask: new Uint8Array(9) })],
      ['pad out of range', () => reader.tensorInto(d, tensor, { ...PLAN, pad: 256 })],
      ['crop outside', () => reader.cropInto(d, new Uint8Array(300), { x: 60, y: 0, w: 10, h: 10 })],
      ['thumbnail too short', () => reader.lumaThumbnailInto(d, new Uint8Array(100))],
      ['kept thumbnail too short', () => reader.lumaDiff(d, new Uint8Array(100))],
      ['release NaN', () => reader.release(Number.NaN)],
      ['pixels too short', () => ring.writeFrame(new Uint8Array(frame - 1), 0)],
      ['pts NaN', () => ring.writeFrame(new Uint8Array(frame), Number.NaN)],
    ];
    for (const [what, call] of cases) expect([what, kindOf(call)]).toEqual([what, 'bad-argument']);
    ring.close();
    expect(kindOf(() => ring.writeFrame(new Uint8Array(frame), 0))).toBe('bad-argument');
  });

  it('names what is wrong when a ring cannot be made or opened', () => {
    const name = ringName();
    create(name);
    expect(kindOf(() => create(name))).toBe('name-exists');
    expect(kindOf(() => RingReader.open('/ivt-nobody'))).toBe('not-found');
    const readers = Array.from({ length: 8 }, () => RingReader.open(name, { register: true }));
    expect(kindOf(() => RingReader.open(name, { register: true }))).toBe('reader-table-full');
    for (const reader of readers) reader.close();
    unlinkRing(name);
    unlinkRing(name);
    expect(kindOf(() => RingReader.open(name))).toBe('not-found');
  });

  it('says how much shared memory was missing', () => {
    const huge = { name: ringName(), width: 16384, height: 16384, slots: 256, mode: 'newest' as const };
    try {
      RingWriter.create(huge);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ kind: 'shm-full' });
      expect(error).toHaveProperty('bytesNeeded');
      expect(error instanceof RingError && (error.bytesNeeded ?? 0) >= 256 * 16384 * 16384 * 1.5).toBe(true);
    }
  });

  it('looks for its addon beside the package and where it is told to', () => {
    const paths = addonPaths('/a/b');
    expect(paths.length).toBe(3);
    for (const path of paths) expect(path).toMatch(/native.prebuilds.+ivis_ring\.node$/);
    process.env.IVIS_RING_ADDON = '/elsewhere/ring.node';
    expect(addonPaths('/a/b')[0]).toBe('/elsewhere/ring.node');
    delete process.env.IVIS_RING_ADDON;
  });
});
