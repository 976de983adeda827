import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EbmlError } from '../../../../src-worker/capture/recording/ebml.ts';
import { headBytes, packetBytes } from '../../../../src-worker/capture/recording/matroska-bytes.ts';
import { MatroskaStream } from '../../../../src-worker/capture/recording/matroska-stream.ts';
import type { Packet } from '../../../../src-worker/capture/recording/packet.ts';
import { temporaryFolder } from '../../../fixtures/ffmpeg.ts';
import { counted, numberedClip, numbersIn } from './numbered-clip.ts';
import { packetsOf, streamBytes } from './packets.ts';

const { folder, remove } = temporaryFolder('matroska');
afterAll(remove);
let plain: string;
beforeAll(async () => {
  plain = await numberedClip(path.join(folder, 'plain.mp4'), { frames: 60, bFrames: 2 });
});

const parse = (bytes: Buffer, step: number): Packet[] => {
  const packets: Packet[] = [];
  const parser = new MatroskaStream({ header: () => {}, packet: (packet) => void packets.push(packet) });
  for (let at = 0; at < bytes.length; at += step) parser.push(bytes.subarray(at, at + step));
  return packets;
};

describe('the packets of a stream', () => {
  it('come with their times and key frames, one for each picture', async () => {
    const { header, packets } = await packetsOf(plain);
    expect(header.codec).toBe('V_MPEG4/ISO/AVC');
    expect(packets.length).toBe(60);
    const times = packets.map(({ ptsMs }) => ptsMs);
    const first = Math.min(...times);
    expect(times.map((ms) => ms - first).sort((a, b) => a - b)).toEqual(counted(0, 59).map((n) => n * 40));
    expect(packets.flatMap(({ key }, n) => (key ? [n] : []))).toEqual([0, 25, 50]);
  });

  it('are the same however the bytes are cut', async () => {
    const bytes = await streamBytes(plain);
    const whole = parse(bytes, bytes.length);
    for (const step of [1, 7, 4096]) expect(parse(bytes, step)).toEqual(whole);
  });

  it.each([
    ['h264 with B-frames', ['-c:v', 'libx264', '-bf', '3']],
    ['hevc', ['-c:v', 'libx265', '-x265-params', 'log-level=error']],
    ['mjpeg', ['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p']],
    ['mpeg4', ['-c:v', 'mpeg4', '-q:v', '3']],
    ['vp8', ['-c:v', 'libvpx', '-b:v', '1M', '-auto-alt-ref', '0']],
  ])('of %s make a file that decodes to every picture', async (name, codec) => {
    const clip = await numberedClip(path.join(folder, `${name.split(' ')[0]}-in.mkv`), { frames: 30, codec });
    const { header, packets } = await packetsOf(clip);
    const again = path.join(folder, `${name.split(' ')[0]}-out.mkv`);
    await writeFile(
      again,
      Buffer.concat([headBytes(header), ...packets.map((p) => packetBytes(p, p.ptsMs))]),
    );
    expect(await numbersIn(again)).toEqual(counted(0, 29));
  });

  it('of a torn stream are all that came whole', async () => {
    const bytes = await streamBytes(plain);
    const all = parse(bytes, bytes.length);
    const parser = new MatroskaStream({ header: () => {}, packet: () => {} });
    const torn = bytes.subarray(0, bytes.length - 20);
    parser.push(torn);
    expect(parse(torn, torn.length)).toEqual(all.slice(0, -1));
    expect(parse(bytes.subarray(0, parser.wholeBytes), 4096)).toEqual(all.slice(0, -1));
  });

  it('end with a named error at bytes that are none, and take no memory for a length that lies', async () => {
    const bytes = await streamBytes(plain);
    const noise = Buffer.alloc(4096, 0x00);
    expect(() => parse(Buffer.concat([bytes, noise]), 4096)).toThrow(EbmlError);
    const huge = Buffer.from('a30100ffffffffffff', 'hex');
    expect(() => parse(Buffer.concat([bytes, huge]), 4096)).toThrow(/an element of \d+ bytes/);
  });

  it('have one shape while nothing a decoder goes by changes', async () => {
    const twin = await numberedClip(path.join(folder, 'twin.mp4'), { frames: 20, bFrames: 2 });
    const taller = await numberedClip(path.join(folder, 'taller.mp4'), {
      frames: 20,
      bFrames: 2,
      height: 48,
    });
    const { header } = await packetsOf(plain);
    expect((await packetsOf(twin)).header.shape).toBe(header.shape);
    expect((await packetsOf(taller)).header.shape).not.toBe(header.shape);
  });
});
