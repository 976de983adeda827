import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecorderStatus, TapSettings } from '#shared/domain/recording.ts';
import { bundledBuild } from '../../../../src-worker/capture/ffmpeg/build.ts';
import { cutClip } from '../../../../src-worker/capture/recording/clip-cut.ts';
import { MatroskaStream } from '../../../../src-worker/capture/recording/matroska-stream.ts';
import { RecordingTap } from '../../../../src-worker/capture/recording/recording-tap.ts';
import { ffmpeg, temporaryFolder } from '../../../fixtures/ffmpeg.ts';
import { counted, numberedClip, numbersIn } from './numbered-clip.ts';
import { playInto, streamBytes } from './packets.ts';

const { folder, remove } = temporaryFolder('tap');
afterAll(remove);
let clip: string;
beforeAll(async () => {
  clip = await numberedClip(path.join(folder, 'camera.mp4'), { frames: 300 });
});

function newTap(): { tap: RecordingTap; told: RecorderStatus[]; damage: string[] } {
  const told: RecorderStatus[] = [];
  const damage: string[] = [];
  const tap = new RecordingTap({
    clock: { monoMs: () => performance.now(), wallMs: () => Date.now() },
    schedule: (delayMs, fire) => {
      const timer = setTimeout(fire, delayMs);
      return () => clearTimeout(timer);
    },
    onStatus: (status) => void told.push(status),
    onDamage: (why) => void damage.push(why),
  });
  return { tap, told, damage };
}
const settings = (change: Partial<TapSettings>): TapSettings => ({
  folder: null,
  segmentMs: 1000,
  preRollMs: 0,
  preRollBytes: 1e7,
  ...change,
});
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const segments = (into: string): string[] =>
  readdirSync(into, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mkv'))
    .sort()
    .map((name) => path.join(into, name));

/** A stream of at least so many bytes, in pictures that are not compressed. */
async function heavyStream(file: string, least: number): Promise<{ bytes: Buffer; pictures: number }> {
  const [width, height] = [1280, 720];
  const pictures = Math.ceil(least / (width * height * 1.5)) + 1;
  const source = `color=gray:size=${width}x${height}:rate=25`;
  const raw = ['-c:v', 'rawvideo', '-pix_fmt', 'yuv420p'];
  await ffmpeg('-f', 'lavfi', '-i', source, '-frames:v', String(pictures), ...raw, file);
  return { bytes: await streamBytes(file), pictures };
}

describe('a live source that is recorded', () => {
  it('has every packet of its ffmpeg in segments whose times follow each other', async () => {
    const into = path.join(folder, 'all');
    const { tap, told } = newTap();
    tap.configure(settings({ folder: into }));
    const beganMs = Date.now();
    const short = await numberedClip(path.join(folder, 'short.mp4'), { frames: 125 });
    const child = await playInto(short, tap.feed());
    await child.ended;
    const endedMs = Date.now();
    await tap.close();
    const numbers: number[] = [];
    for (const file of segments(into)) numbers.push(...(await numbersIn(file)));
    expect(numbers).toEqual(counted(0, 124));
    const names = segments(into).map((file) => path.basename(file));
    expect(names.length).toBe(5);
    expect(told.at(-1)).toMatchObject({ state: 'off', holes: 0 });
    const first = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/
      .exec(names[0] ?? '')
      ?.slice(1)
      .map(Number);
    const [y = 0, mo = 1, d = 0, h = 0, mi = 0, s = 0, ms = 0] = first ?? [];
    const fromMs = Date.UTC(y, mo - 1, d, h, mi, s, ms);
    // Within the time it really ran, whatever the machine's pace.
    expect(fromMs).toBeGreaterThanOrEqual(beganMs - 100);
    expect(fromMs + 5000).toBeLessThanOrEqual(endedMs + 100);
  });

  it('begins and ends to be recorded while its ffmpeg goes on, and loses nothing in between', async () => {
    const into = path.join(folder, 'switched');
    const { tap } = newTap();
    const child = await playInto(clip, tap.feed(), { before: ['-t', '6'] });
    await wait(1500);
    tap.configure(settings({ folder: into }));
    await wait(2500);
    tap.configure(settings({ folder: null }));
    await child.ended;
    await tap.close();
    const numbers: number[] = [];
    for (const file of segments(into)) numbers.push(...(await numbersIn(file)));
    const [first = -1] = numbers;
    expect(first % 25).toBe(0);
    expect(numbers).toEqual(counted(first, first + numbers.length - 1));
    expect(numbers.length).toBeGreaterThan(10);
    expect(numbers.at(-1)).toBeLessThan(149);
  });

  it('says it when what comes is no stream, and goes on with the next one', async () => {
    const into = path.join(folder, 'garbled');
    const { tap, told, damage } = newTap();
    tap.configure(settings({ folder: into }));
    const feed = tap.feed();
    feed.push(Buffer.alloc(1000, 0));
    feed.push(Buffer.alloc(1000, 0));
    expect(damage.length).toBe(1);
    feed.end();
    await expect.poll(() => told.at(-1)?.state, { timeout: 10_000 }).toBe('refused');
    expect(told.at(-1)?.message).toContain('no stream');
    const next = tap.feed();
    next.push(await streamBytes(clip));
    next.end();
    await tap.close();
    expect(segments(into).length).toBe(12);
    expect(told.map(({ state }) => state)).toContain('recording');
    expect(told.at(-1)).toMatchObject({ state: 'off', message: '' });
  });
});

describe('a stream that ffmpeg cannot pack', () => {
  it('is refused by name, also for a recording that begins later, until another coding comes', async () => {
    const { tap, told } = newTap();
    tap.configure(settings({ folder: path.join(folder, 'refused') }));
    tap.refuse('gif', 'Could not write header');
    expect(tap.takes).toBe(false);
    await expect.poll(() => told.at(-1)?.message, { timeout: 10_000 }).toContain('gif');
    expect(told.at(-1)?.state).toBe('refused');
    told.length = 0;
    tap.configure(settings({ folder: path.join(folder, 'refused-again') }));
    // The first ends, the second begins as refused.
    await expect.poll(() => told.map(({ state }) => state), { timeout: 10_000 }).toContain('refused');
    expect([tap.mightTake('gif'), tap.takes]).toEqual([false, false]);
    expect([tap.mightTake('h264'), tap.takes]).toEqual([true, true]);
    tap.refuse('h264', 'no');
    expect(tap.mightTake('gif')).toBe(false);
    tap.configure(settings({}));
    await expect.poll(() => told.at(-1)?.state, { timeout: 10_000 }).toBe('off');
    expect([tap.mightTake('hevc'), tap.takes]).toEqual([false, true]);
    await tap.close();
  });

  it('is not asked for again when its coding is not known: that would cost pictures', () => {
    const { tap } = newTap();
    tap.configure(settings({ folder: path.join(folder, 'unnamed') }));
    tap.refuse(null, 'no');
    expect([tap.mightTake('h264'), tap.takes]).toEqual([false, false]);
  });
});

describe('a source that is not recorded', () => {
  it('gives a clip of what was before and what comes after a moment', async () => {
    const { tap } = newTap();
    tap.configure(settings({ preRollMs: 3000 }));
    const child = await playInto(clip, tap.feed(), { before: ['-t', '7'] });
    await wait(4000);
    expect(tap.heldBytes).toBeGreaterThan(0);
    const momentMs = Date.now();
    const into = path.join(folder, 'kept');
    const pieces = await tap.keep(momentMs - 2000, momentMs + 1000, into);
    const outPath = path.join(folder, 'kept.mp4');
    const order = { pieces, fromWallMs: momentMs - 2000, toWallMs: momentMs + 1000, exact: true, outPath };
    const made = await cutClip(await bundledBuild(), order, () => {}, new AbortController().signal);
    const numbers = await numbersIn(outPath);
    const [first = -1] = numbers;
    expect(numbers).toEqual(counted(first, first + numbers.length - 1));
    expect(made.gaps).toEqual([]);
    expect(Math.abs(numbers.length - 75)).toBeLessThanOrEqual(1);
    await child.stop();
    await tap.close();
    rmSync(into, { recursive: true });
  });

  it('keeps what came when it is closed before the time is over', async () => {
    const { tap } = newTap();
    tap.configure(settings({ preRollMs: 5000 }));
    const feed = tap.feed();
    feed.push(await streamBytes(clip));
    const kept = tap.keep(Date.now() - 60_000, Date.now() + 60_000, path.join(folder, 'cut-short'));
    await tap.close();
    const [piece] = await kept;
    expect((await numbersIn(piece?.path ?? '')).at(-1)).toBe(299);
  });

  it('keeps all that is held, also when that is more than a slow disk may be behind', async () => {
    const { tap } = newTap();
    tap.configure(settings({ preRollMs: 60_000, preRollBytes: 64 * 2 ** 20 }));
    const { bytes, pictures } = await heavyStream(path.join(folder, 'heavy.mkv'), 40 * 2 ** 20);
    tap.feed().push(bytes);
    expect(tap.heldBytes).toBeGreaterThan(40 * 2 ** 20);
    const kept = tap.keep(Date.now() - 60_000, Date.now() + 60_000, path.join(folder, 'heavy'));
    await tap.close();
    const pieces = await kept;
    expect(pieces).toHaveLength(1);
    let packets = 0;
    const parser = new MatroskaStream({
      header: () => {},
      packet: () => {
        packets += 1;
      },
    });
    parser.push(readFileSync(pieces[0]?.path ?? ''));
    expect(packets).toBe(pictures);
  });

  it('says it when nothing came', async () => {
    const { tap } = newTap();
    tap.configure(settings({ preRollMs: 5000 }));
    await expect(tap.keep(0, 1, path.join(folder, 'nothing'))).rejects.toMatchObject({
      kind: 'file-no-picture',
    });
  });
});
