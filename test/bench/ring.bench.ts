// Measures the frame ring: decoding into slots beside ffmpeg's own limit in the same run, copying, making tensors, and
// handing a frame to another process. `npm run bench:ring -- [--json]`.
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ffmpeg from '@ffmpeg-installer/ffmpeg';
import { FrameStream, i420Bytes, monoMs, RingReader, RingWriter, type TensorPlan, unlinkRing } from '#native';

const WIDTH = 1920;
const HEIGHT = 1080;
const FRAMES = 300;
const ROUNDS = 3;
const READS = 300;

const folder = mkdtempSync(join(tmpdir(), 'ivis-ring-bench-'));
let made = 0;

function ringName(): string {
  made += 1;
  return `/ivb-${process.pid.toString(36)}-${made}`;
}

function percentile(samples: number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function median(samples: number[]): number {
  return percentile(samples, 0.5);
}

function makeClip(): string {
  const clip = join(folder, 'clip.mp4');
  const source = `testsrc2=s=${WIDTH}x${HEIGHT}:r=25:d=${FRAMES / 25}`;
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
  execFileSync(ffmpeg.path, ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', source, ...coding, '-y', clip]);
  return clip;
}

/** Frames per second of decoding to nothing: what this ffmpeg can give at best. */
async function measureNull(clip: string): Promise<number> {
  const began = monoMs();
  const args = ['-nostdin', '-v', 'error', '-i', clip, '-an', '-vsync', '0', '-f', 'null', '-'];
  await once(spawn(ffmpeg.path, args, { stdio: 'ignore' }), 'exit');
  return FRAMES / ((monoMs() - began) / 1000);
}

/** Frames per second of decoding into ring slots, from the start of ffmpeg to the last frame. */
async function measureDecode(clip: string): Promise<number> {
  const name = ringName();
  let ring: RingWriter | undefined;
  const began = monoMs();
  const frames = await new Promise<number>((resolve) => {
    const stream = new FrameStream({
      onHeader({ width, height }) {
        ring = RingWriter.create({ name, width, height, slots: 6, mode: 'newest' });
        stream.writeTo(ring);
      },
      onFrame() {},
      onReaderDropped() {},
      onEnd: (end) => resolve(end.frames),
    });
    const output = [
      '-vsync',
      '0',
      '-enc_time_base',
      '-1',
      '-c:v',
      'rawvideo',
      '-pix_fmt',
      'yuv420p',
      '-f',
      'nut',
    ];
    spawn(ffmpeg.path, ['-nostdin', '-v', 'error', '-i', clip, '-an', ...output, 'pipe:1'], {
      stdio: ['ignore', stream.writeFd, 'inherit'],
    });
    stream.childStarted();
  });
  const fps = FRAMES / ((monoMs() - began) / 1000);
  ring?.close();
  unlinkRing(name);
  if (frames !== FRAMES) throw new Error(`${frames} of ${FRAMES} frames arrived`);
  return fps;
}

/** Times of copies and tensors of 1080p frames, each of another slot. */
function measureReads(): { copyMs: number[]; tensorMs: number[]; scaleMs: number[] } {
  const name = ringName();
  const ring = RingWriter.create({ name, width: WIDTH, height: HEIGHT, slots: 6, mode: 'newest' });
  const pixels = new Uint8Array(i420Bytes(WIDTH, HEIGHT));
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 31) & 255;
  const frames = Array.from({ length: 6 }, () => {
    const written = ring.writeFrame(pixels, 0);
    if (written === 'full') throw new Error('the ring is full');
    return { ...written, epoch: ring.epoch };
  });
  const reader = RingReader.open(name);
  const tensor = new Float32Array(3 * 640 * 384);
  const preview = new Uint8Array(i420Bytes(640, 360));
  const plan: TensorPlan = {
    ...{ srcX: 0, srcY: 0, srcW: WIDTH, srcH: HEIGHT, dstX: 0, dstY: 12, dstW: 640, dstH: 360 },
    ...{ tensorW: 640, tensorH: 384, pad: 114, order: 'rgb', scale: 1 / 255, matrix: 'bt709' },
    mean: [0, 0, 0],
    std: [1, 1, 1],
  };
  const timed = (call: (frame: (typeof frames)[number]) => string): number[] => {
    const samples: number[] = [];
    for (let i = 0; i < READS; i++) {
      const frame = frames[i % frames.length];
      if (!frame) continue;
      const began = monoMs();
      const result = call(frame);
      samples.push(monoMs() - began);
      if (result !== 'ok') throw new Error(`a read said ${result}`);
    }
    return samples;
  };
  const copyMs = timed((frame) => reader.copyInto(frame, pixels));
  const tensorMs = timed((frame) => reader.tensorInto(frame, tensor, plan));
  const scaleMs = timed((frame) => reader.scaleInto(frame, preview, 640, 360));
  reader.close();
  ring.close();
  unlinkRing(name);
  return { copyMs, tensorMs, scaleMs };
}

/** From a frame's publication to its message in another process, over node's channel between processes. */
async function measureHandoff(): Promise<number[]> {
  const name = ringName();
  const ring = RingWriter.create({ name, width: WIDTH, height: HEIGHT, slots: 4, mode: 'newest' });
  const pixels = new Uint8Array(i420Bytes(WIDTH, HEIGHT));
  const child = fork(import.meta.filename, ['--reader', name], { serialization: 'advanced' });
  await once(child, 'message');
  const samples: number[] = [];
  child.on('message', (ms: number) => samples.push(ms));
  for (let i = 0; i < READS; i++) {
    const written = ring.writeFrame(pixels, i);
    if (written !== 'full') child.send({ ...written, epoch: ring.epoch });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  while (samples.length < READS) await once(child, 'message');
  child.disconnect();
  ring.close();
  unlinkRing(name);
  return samples;
}

/** The other process of measureHandoff: says how old each frame was when its message came, once it was seen whole. */
function runReader(name: string): void {
  const reader = RingReader.open(name);
  const pixels = new Uint8Array(i420Bytes(reader.width, reader.height));
  process.on('message', (frame: { slot: number; generation: number; epoch: number; monoMs: number }) => {
    const age = monoMs() - frame.monoMs;
    if (reader.copyInto(frame, pixels) !== 'ok') throw new Error('the frame was gone');
    process.send?.(age);
  });
  process.send?.('ready');
}

async function main(): Promise<void> {
  const clip = makeClip();
  const nullFps: number[] = [];
  const decodeFps: number[] = [];
  // In turns: the machine's speed drifts, so only neighbours are compared.
  for (let round = 0; round < ROUNDS; round++) {
    nullFps.push(await measureNull(clip));
    decodeFps.push(await measureDecode(clip));
  }
  const { copyMs, tensorMs, scaleMs } = measureReads();
  const handoffMs = await measureHandoff();
  const result = {
    decodeFps: median(decodeFps),
    nullFps: median(nullFps),
    ratio: median(decodeFps.map((fps, i) => fps / (nullFps[i] ?? fps))),
    copy1080pP50Ms: median(copyMs),
    copy1080pP95Ms: percentile(copyMs, 0.95),
    tensor1080pP50Ms: median(tensorMs),
    scale1080pP50Ms: median(scaleMs),
    handoffP50Ms: median(handoffMs),
    handoffP95Ms: percentile(handoffMs, 0.95),
  };
  const ms = (value: number) => `${value.toFixed(3)} ms`;
  console.log(`1080p decode to slot    ${result.decodeFps.toFixed(0)} frames/s`);
  console.log(
    `ffmpeg -f null          ${result.nullFps.toFixed(0)} frames/s (ratio ${result.ratio.toFixed(2)})`,
  );
  console.log(`1080p copy              p50 ${ms(result.copy1080pP50Ms)}, p95 ${ms(result.copy1080pP95Ms)}`);
  console.log(`1080p tensor 640x384    p50 ${ms(result.tensor1080pP50Ms)}`);
  console.log(`1080p scale to 640x360  p50 ${ms(result.scale1080pP50Ms)}`);
  console.log(`hand-off to a process   p50 ${ms(result.handoffP50Ms)}, p95 ${ms(result.handoffP95Ms)}`);
  if (process.argv.includes('--json')) {
    const rounded = Object.entries(result).map(([key, value]) => [key, Number(value.toFixed(4))]);
    console.log(JSON.stringify(Object.fromEntries(rounded)));
  }
}

const [, , mode, name] = process.argv;
if (mode === '--reader' && name) {
  runReader(name);
} else {
  try {
    await main();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
