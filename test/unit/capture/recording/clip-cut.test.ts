import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClipOrder, ClipPiece } from '#shared/domain/recording.ts';
import { bundledBuild } from '../../../../src-worker/capture/ffmpeg/build.ts';
import { cutClip } from '../../../../src-worker/capture/recording/clip-cut.ts';
import { SegmentRecorder } from '../../../../src-worker/capture/recording/segment-recorder.ts';
import { temporaryFolder } from '../../../fixtures/ffmpeg.ts';
import { canMount, mountMemory } from '../../store/memory-disk.ts';
import { counted, numberedClip, numbersIn } from './numbered-clip.ts';
import { packetsOf, SetClock } from './packets.ts';

const { folder, remove } = temporaryFolder('clip');
afterAll(remove);
const WALL_MS = Date.UTC(2026, 10, 20, 10, 0, 0);
/** Ten seconds at 25/s in segments of 3 s: pictures 0-74, 75-149, 150-224, 225-249; a key frame each second. */
let plain: ClipPiece[];
let withB: ClipPiece[];
let taller: ClipPiece[];
let out: string;
let clips = 0;

async function record(
  name: string,
  shape: { bFrames?: number; height?: number },
  wallMs = WALL_MS,
): Promise<ClipPiece[]> {
  const clip = await numberedClip(path.join(folder, `${name}.mp4`), { frames: 250, ...shape });
  const { header, packets } = await packetsOf(clip);
  const first = packets[0]?.ptsMs ?? 0;
  const stream = { header, clock: { wallMs: (ptsMs: number) => wallMs + ptsMs - first } };
  const recorder = new SegmentRecorder({
    folder: path.join(folder, name),
    segmentMs: 3000,
    clock: new SetClock(),
    onStatus: () => {},
  });
  for (const packet of packets) recorder.take(packet, stream);
  return (await recorder.close()).map((one) => ({ path: one.path, fromWallMs: one.segment.fromWallMs }));
}

beforeAll(async () => {
  plain = await record('plain', {});
  withB = await record('with-b', { bFrames: 3 });
  taller = await record('taller', { height: 48 }, WALL_MS + 10_000);
});
beforeEach(() => {
  out = path.join(folder, `clip-${clips++}.mp4`);
});

const cut = async (order: Partial<ClipOrder>) =>
  cutClip(
    await bundledBuild(),
    { pieces: plain, fromWallMs: WALL_MS, toWallMs: WALL_MS + 1000, exact: false, outPath: out, ...order },
    () => {},
    new AbortController().signal,
  );
const at = (ms: number): number => WALL_MS + ms;
const nothingIsLeft = (): void =>
  expect(readdirSync(folder).filter((name) => name.startsWith('.ivis-'))).toEqual([]);

describe('a clip as the camera sent it', () => {
  it('begins with the key frame before and says so', async () => {
    const made = await cut({ fromWallMs: at(1480), toWallMs: at(2200) });
    expect(made).toMatchObject({ fromWallMs: at(1000), toWallMs: at(2200), frames: 30, gaps: [] });
    expect(await numbersIn(out)).toEqual(counted(25, 54));
    nothingIsLeft();
  });

  it('goes across the borders of segments without a lost or doubled picture', async () => {
    const made = await cut({ fromWallMs: at(2000), toWallMs: at(9200) });
    expect(await numbersIn(out)).toEqual(counted(50, 229));
    expect(made).toMatchObject({ fromWallMs: at(2000), toWallMs: at(9200), gaps: [] });
  });

  it('of a stream with B-frames has every picture that was asked for', async () => {
    for (const toMs of [3440, 3480, 3520, 3560]) {
      await cut({ pieces: withB, fromWallMs: at(2000), toWallMs: at(toMs) });
      const numbers = await numbersIn(out);
      expect(numbers.slice(0, (toMs - 2000) / 40)).toEqual(counted(50, toMs / 40 - 1));
      expect(numbers.length).toBeLessThanOrEqual((toMs - 2000) / 40 + 3);
    }
  });

  it('leaves a gap out, and says from when to when and where it jumps', async () => {
    const [first, , third] = plain;
    const pieces = [first, third].filter((piece) => piece !== undefined);
    const made = await cut({ pieces, fromWallMs: at(2000), toWallMs: at(7000) });
    expect(await numbersIn(out)).toEqual([...counted(50, 74), ...counted(150, 174)]);
    expect(made.gaps).toEqual([{ fromWallMs: at(3000), toWallMs: at(6000), atMs: 1000 }]);
  });

  it('shows no time twice when the clock was set back', async () => {
    const back = plain.map((piece, n) => (n < 2 ? piece : { ...piece, fromWallMs: piece.fromWallMs - 2000 }));
    await cut({ pieces: back, fromWallMs: at(0), toWallMs: at(8000) });
    const numbers = await numbersIn(out);
    expect(numbers.slice(0, 150)).toEqual(counted(0, 149));
    expect(numbers.slice(150)).toEqual(counted(175, 249));
  });

  it('says what it got when less was recorded than asked for, and refuses when nothing was', async () => {
    const made = await cut({ fromWallMs: at(-5000), toWallMs: at(500) });
    expect(made).toMatchObject({ fromWallMs: at(0), toWallMs: at(520), frames: 13 });
    await expect(cut({ fromWallMs: at(60_000), toWallMs: at(61_000) })).rejects.toMatchObject({
      kind: 'file-no-picture',
    });
    nothingIsLeft();
  });

  it('takes Matroska for a name that asks for it', async () => {
    out = out.replace('.mp4', '.mkv');
    await cut({ toWallMs: at(1000) });
    expect(await numbersIn(out)).toEqual(counted(0, 24));
  });
});

describe('an exact clip', () => {
  it.each([
    [1480, 2200],
    [1481, 2201],
    [2960, 3080],
    [40, 80],
    [0, 9999],
  ])('from %i to %i ms holds exactly the pictures of that time', async (fromMs, toMs) => {
    for (const pieces of [plain, withB]) {
      const made = await cut({ pieces, fromWallMs: at(fromMs), toWallMs: at(toMs), exact: true });
      const first = Math.ceil(fromMs / 40);
      const last = Math.ceil(toMs / 40) - 1;
      expect(await numbersIn(out)).toEqual(counted(first, last));
      expect(made).toMatchObject({ fromWallMs: at(first * 40), frames: last - first + 1 });
      expect(Math.abs(made.toWallMs - at((last + 1) * 40))).toBeLessThanOrEqual(1);
    }
  });

  it('is exact on both sides of a gap', async () => {
    const [first, , third] = plain;
    const pieces = [first, third].filter((piece) => piece !== undefined);
    await cut({ pieces, fromWallMs: at(2800), toWallMs: at(6200), exact: true });
    expect(await numbersIn(out)).toEqual([...counted(70, 74), ...counted(150, 154)]);
  });
});

describe('a clip that cannot be', () => {
  it('because the picture changes within names the moment', async () => {
    await expect(
      cut({ pieces: [...plain, ...taller], fromWallMs: at(9000), toWallMs: at(12_000) }),
    ).rejects.toMatchObject({ kind: 'bad-argument', message: expect.stringContaining('10:00:10.000Z') });
    nothingIsLeft();
  });

  it('because a segment was deleted meanwhile says which', async () => {
    const pieces = [{ path: path.join(folder, 'gone.mkv'), fromWallMs: WALL_MS }];
    await expect(cut({ pieces })).rejects.toMatchObject({ kind: 'file-not-found' });
  });

  it('because it ends before it begins, or is endless, is refused', async () => {
    await expect(cut({ toWallMs: at(0) })).rejects.toMatchObject({ kind: 'bad-argument' });
    await expect(cut({ toWallMs: at(1e9) })).rejects.toMatchObject({ kind: 'bad-argument' });
  });

  it('because its folder is gone leaves nothing', async () => {
    const gone = path.join(folder, 'removed');
    mkdirSync(gone);
    rmSync(gone, { recursive: true });
    await expect(cut({ outPath: path.join(gone, 'clip.mp4') })).rejects.toMatchObject({
      kind: 'output-unwritable',
    });
  });

  it('because it was given up leaves nothing', async () => {
    const abort = new AbortController();
    abort.abort();
    const order = { pieces: plain, fromWallMs: at(0), toWallMs: at(9000), exact: true, outPath: out };
    await expect(cutClip(await bundledBuild(), order, () => {}, abort.signal)).rejects.toMatchObject({
      kind: 'stopped',
    });
    expect(existsSync(out)).toBe(false);
    nothingIsLeft();
  });

  it.skipIf(!canMount).each(['100k', '300k', '600k'])(
    'because a disk of %s is full leaves nothing',
    async (size) => {
      const disk = mountMemory(path.join(folder, `disk-${size}`), size);
      try {
        const outPath = path.join(disk.folder, 'clip.mp4');
        const order = { fromWallMs: at(0), toWallMs: at(10_000), outPath };
        await expect(cut(order)).rejects.toMatchObject({ kind: 'output-full' });
        expect(readdirSync(disk.folder)).toEqual([]);
      } finally {
        disk.unmount();
      }
    },
  );
});
