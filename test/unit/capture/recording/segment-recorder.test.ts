import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSegmentName, type RecorderStatus, segmentSchema } from '#shared/domain/recording.ts';
import type { Packet, PacketStream, StreamHeader } from '../../../../src-worker/capture/recording/packet.ts';
import { SegmentRecorder } from '../../../../src-worker/capture/recording/segment-recorder.ts';
import { adoptOpenSegments } from '../../../../src-worker/capture/recording/segment-scan.ts';
import { temporaryFolder } from '../../../fixtures/ffmpeg.ts';
import { canMount, mountMemory } from '../../store/memory-disk.ts';
import { counted, numberedClip, numbersIn } from './numbered-clip.ts';
import { packetsOf, SetClock } from './packets.ts';

const { folder, remove } = temporaryFolder('recorder');
afterAll(remove);
let header: StreamHeader;
let packets: Packet[];
beforeAll(async () => {
  const clip = await numberedClip(path.join(folder, 'camera.mp4'), { frames: 250, bFrames: 2 });
  ({ header, packets } = await packetsOf(clip));
});

const WALL_MS = Date.UTC(2026, 10, 20, 23, 59, 58);
const newStream = (): PacketStream => ({ header, clock: { wallMs: (ptsMs) => WALL_MS + ptsMs } });

interface Rig {
  readonly into: string;
  readonly clock: SetClock;
  readonly told: RecorderStatus[];
  readonly recorder: SegmentRecorder;
}
function rig(name: string, options: { segmentMs?: number; maxQueueBytes?: number } = {}): Rig {
  const into = path.join(folder, name);
  const clock = new SetClock();
  const told: RecorderStatus[] = [];
  const recorder = new SegmentRecorder({
    folder: into,
    segmentMs: 3000,
    clock,
    onStatus: (status) => void told.push(status),
    ...options,
  });
  return { into, clock, told, recorder };
}

const filesIn = (into: string): string[] =>
  existsSync(into)
    ? readdirSync(into)
        .flatMap((day) => readdirSync(path.join(into, day)).map((name) => path.join(into, day, name)))
        .filter((name) => name.endsWith('.mkv'))
        .sort((a, b) => path.basename(a).localeCompare(path.basename(b)))
    : [];

async function numbersOf(files: readonly string[]): Promise<number[]> {
  const all: number[] = [];
  for (const file of files) all.push(...(await numbersIn(file)));
  return all;
}

describe('segments', () => {
  it('begin with a key frame, follow each other without a hole and lose no picture', async () => {
    const { into, recorder } = rig('plain');
    const stream = newStream();
    for (const packet of packets) recorder.take(packet, stream);
    const written = await recorder.close();
    expect(written.map(({ segment }) => segment.packets)).toEqual([75, 75, 75, 25]);
    written.slice(1).forEach(({ segment }, n) => {
      expect(segment.fromWallMs).toBe(written[n]?.segment.toWallMs);
    });
    const files = filesIn(into);
    expect(files).toEqual(written.map((one) => one.path));
    expect(await numbersOf(files)).toEqual(counted(0, 249));
  });

  it('say in name and index when they are, how long and how large, in folders of UTC days', async () => {
    const { into, recorder } = rig('told');
    const stream = newStream();
    for (const packet of packets) recorder.take(packet, stream);
    await recorder.close();
    const days = readdirSync(into).sort();
    expect(days).toEqual(['20261120', '20261121']);
    for (const day of days) {
      const lines = readFileSync(path.join(into, day, 'index.jsonl'), 'utf8')
        .trim()
        .split('\n');
      for (const line of lines) {
        const segment = segmentSchema.parse(JSON.parse(line));
        const { fromWallMs, toWallMs } = segment;
        expect(parseSegmentName(segment.file)).toEqual({ fromWallMs, toWallMs });
        expect(statSync(path.join(into, day, segment.file)).size).toBe(segment.bytes);
      }
      expect(lines.length).toBe(filesIn(into).filter((file) => file.includes(day)).length);
    }
  });

  it('end where the stream ends and begin with the next key frame of the next one', async () => {
    const { into, recorder } = rig('two-streams');
    const [first, second] = [newStream(), newStream()];
    for (const packet of packets.slice(0, 40)) recorder.take(packet, first);
    for (const packet of packets.slice(60)) recorder.take(packet, second);
    const written = await recorder.close();
    expect(written[0]?.segment.packets).toBe(40);
    expect((await numbersOf(filesIn(into).slice(1)))[0]).toBe(75);
  });

  it('of the same time do not overwrite each other', async () => {
    const { into, recorder } = rig('same-time');
    for (let n = 0; n < 3; n++) {
      const stream = newStream();
      for (const packet of packets.slice(0, 25)) recorder.take(packet, stream);
    }
    await recorder.close();
    expect(filesIn(into).length).toBe(3);
  });

  it('that were left open are closed with all that is whole in them; empty ones go', async () => {
    const { into, recorder } = rig('left-open');
    const stream = newStream();
    for (const packet of packets.slice(0, 60)) recorder.take(packet, stream);
    const [written] = await recorder.close();
    const whole = readFileSync(written?.path ?? '');
    rmSync(into, { recursive: true });
    mkdirSync(path.join(into, '20261120'), { recursive: true });
    writeFileSync(path.join(into, '20261120', '20261120T235958000Z.open.mkv'), whole.subarray(0, -30));
    writeFileSync(path.join(into, '20261120', '20261120T120000000Z.open.mkv'), whole.subarray(0, 100));
    writeFileSync(path.join(into, '20261120', 'notes.txt'), 'of a person');
    await adoptOpenSegments(into);
    const names = readdirSync(path.join(into, '20261120')).sort();
    expect(names).toEqual([
      expect.stringMatching(/^20261120T235958000Z-\d+\.mkv$/),
      'index.jsonl',
      'notes.txt',
    ]);
    const numbers = await numbersOf(filesIn(into));
    expect(numbers.length).toBe(59);
  });
});

describe('what is told of a recording', () => {
  it('are its bytes, once a second, and that nothing is recorded while no stream comes', async () => {
    const { clock, told, recorder } = rig('told-bytes');
    const stream = newStream();
    const written = async (): Promise<void> => {
      const { bytes } = recorder.status;
      for (let n = 0; n < 500 && recorder.status.bytes === bytes; n++)
        await new Promise((resolve) => setTimeout(resolve, 2));
    };
    for (const packet of packets.slice(0, 20)) {
      recorder.take(packet, stream);
      await written();
      clock.nowMs += 200;
    }
    const bytes = told.filter(({ state }) => state === 'recording').map((status) => status.bytes);
    expect(bytes.length).toBeGreaterThan(2);
    expect(bytes.length).toBeLessThan(8);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    recorder.pause();
    for (let n = 0; n < 500 && recorder.status.state !== 'off'; n++)
      await new Promise((resolve) => setTimeout(resolve, 2));
    expect(told.at(-1)?.state).toBe('off');
    for (const packet of packets.slice(50, 52)) recorder.take(packet, newStream());
    await written();
    expect(told.at(-1)?.state).toBe('recording');
    await recorder.close();
  });
});

describe('a disk', () => {
  it('that is too slow costs a hole that is told, and no torn file', async () => {
    const { into, told, recorder } = rig('slow', { maxQueueBytes: 60_000 });
    const stream = newStream();
    for (const packet of packets.slice(0, 100)) recorder.take(packet, stream);
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const packet of packets.slice(100)) {
      const { bytes } = recorder.status;
      recorder.take(packet, stream);
      // As fast as this disk takes them, however busy the computer is.
      for (let n = 0; n < 20 && recorder.status.bytes === bytes; n++)
        await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await recorder.close();
    expect(told.some(({ state }) => state === 'disk-slow')).toBe(true);
    expect(recorder.status).toMatchObject({ state: 'off', holes: 1 });
    const numbers = await numbersOf(filesIn(into));
    expect(numbers.at(-1)).toBe(249);
    expect(numbers.length).toBeLessThan(250);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it('that cannot be written is told and tried again at a later key frame', async () => {
    const { into, clock, told, recorder } = rig('not-a-folder');
    writeFileSync(into, 'a file where the folder should be');
    const stream = newStream();
    const take = async (from: number, to: number): Promise<void> => {
      for (const packet of packets.slice(from, to)) recorder.take(packet, stream);
      await new Promise((resolve) => setTimeout(resolve, 100));
    };
    await take(0, 50);
    expect(recorder.status.state).toBe('disk-failed');
    rmSync(into);
    await take(50, 75);
    expect(existsSync(into)).toBe(false);
    clock.nowMs += 6000;
    await take(75, 250);
    await recorder.close();
    expect(told.at(-1)).toMatchObject({ state: 'off', holes: 1 });
    expect(await numbersOf(filesIn(into))).toEqual(counted(75, 249));
  });

  it.skipIf(!canMount)(
    'that is full keeps whole pictures only, and is written again when there is room',
    async () => {
      const disk = mountMemory(path.join(folder, 'disk'), '1m');
      const { into, clock, recorder } = rig('disk/camera', { segmentMs: 1000 });
      try {
        mkdirSync(into);
        writeFileSync(path.join(disk.folder, 'ballast'), Buffer.alloc(900_000));
        const stream = newStream();
        const take = async (from: number, to: number): Promise<void> => {
          for (const packet of packets.slice(from, to)) recorder.take(packet, stream);
          await new Promise((resolve) => setTimeout(resolve, 200));
        };
        await take(0, 150);
        expect(recorder.status).toMatchObject({ state: 'disk-full', holes: 1 });
        const before = await Promise.all(filesIn(into).map(async (file) => copyNumbers(file)));
        // Of the pictures sent before their turn (B-frames) the last may lack those between.
        const whole = before.flat().slice(0, -4);
        expect(whole).toEqual(counted(0, whole.length - 1));
        expect(whole.length).toBeGreaterThan(25);
        rmSync(path.join(disk.folder, 'ballast'));
        clock.nowMs += 6000;
        await take(150, 250);
        await recorder.close();
        const all = (await Promise.all(filesIn(into).map(async (file) => copyNumbers(file)))).flat();
        expect(all.slice(-100)).toEqual(counted(150, 249));
      } finally {
        disk.unmount();
      }
    },
  );
});

/** Looks at a copy: there may be no room for anything beside the file. */
async function copyNumbers(file: string): Promise<number[]> {
  const copy = path.join(folder, `copy-${path.basename(file)}`);
  writeFileSync(copy, readFileSync(file));
  return numbersIn(copy);
}
