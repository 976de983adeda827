import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import ffmpeg from '@ffmpeg-installer/ffmpeg';
import { FrameStream, i420Bytes, RingReader, RingWriter, type StreamEnd, type StreamHeader } from '#native';

/** The output arguments of capture: passthrough of every frame with the time base of the source, as NUT. */
const NUT_OUTPUT = [
  ...['-an', '-sn', '-dn', '-map', '0:v:0', '-vsync', '0', '-enc_time_base', '-1'],
  ...['-c:v', 'rawvideo', '-pix_fmt', 'yuv420p', '-f', 'nut', 'pipe:1'],
];

export function runFfmpeg(...args: string[]): Buffer {
  return execFileSync(ffmpeg.path, ['-nostdin', '-v', 'error', ...args], { maxBuffer: 1 << 30 });
}

export interface Decoded {
  headers: StreamHeader[];
  ptsMs: (number | null)[];
  /** One hash of the pixels per frame. */
  hashes: string[];
  reads: Record<string, number>;
  end: StreamEnd;
}

/** Decodes a file through a lossless ring with a registered reader in this process. */
export function decode(
  path: string,
  name: string,
  each: (count: number, child: ChildProcess, stream: FrameStream) => void = () => {},
): Promise<Decoded> {
  return new Promise((resolve) => {
    const seen: Omit<Decoded, 'end'> = { headers: [], ptsMs: [], hashes: [], reads: {} };
    let writer: RingWriter | undefined;
    let reader: RingReader | undefined;
    let pixels = new Uint8Array(0);
    const stream = new FrameStream({
      onHeader(header) {
        seen.headers.push(header);
        const { width, height } = header;
        writer = RingWriter.create({ name, width, height, slots: 4, mode: 'lossless' });
        reader = RingReader.open(name, { register: true });
        pixels = new Uint8Array(i420Bytes(width, height));
        stream.writeTo(writer);
      },
      onFrame(frame) {
        if (!reader) return;
        const result = reader.copyInto({ ...frame, epoch: reader.epoch }, pixels);
        seen.reads[result] = (seen.reads[result] ?? 0) + 1;
        seen.ptsMs.push(frame.ptsMs);
        seen.hashes.push(createHash('sha1').update(pixels).digest('hex'));
        reader.release(frame.seq + 1);
        each(seen.ptsMs.length, child, stream);
      },
      onReaderDropped() {
        seen.reads.dropped = 1;
      },
      onEnd(end) {
        reader?.close();
        writer?.close();
        resolve({ ...seen, end });
      },
    });
    const child = spawn(ffmpeg.path, ['-nostdin', '-v', 'error', '-i', path, ...NUT_OUTPUT], {
      stdio: ['ignore', stream.writeFd, 'ignore'],
    });
    stream.childStarted();
  });
}
