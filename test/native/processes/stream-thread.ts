// Runs in a worker thread: decodes into a ring and never lets go, so that the thread ends with everything open.
import { spawn } from 'node:child_process';
import { parentPort, workerData } from 'node:worker_threads';
import { FrameStream, RingReader, RingWriter } from '#native';

interface Given {
  readonly ffmpegPath: string;
  readonly clip: string;
  readonly name: string;
  /** `lossless`: it comes to wait for a reader; `newest`: frames flow until the end. */
  readonly mode: 'lossless' | 'newest';
}
const { ffmpegPath, clip, name, mode }: Given = workerData;
const stream = new FrameStream({
  onHeader({ width, height }) {
    const writer = RingWriter.create({ name, width, height, slots: 4, mode });
    if (mode === 'lossless') RingReader.open(name, { register: true });
    stream.writeTo(writer);
  },
  onFrame(frame) {
    // The fourth frame fills the ring: from here on the native thread waits for the reader, if there is one.
    if (frame.seq === 3) parentPort?.postMessage('full');
  },
  onReaderDropped() {},
  onEnd() {},
});
const child = spawn(ffmpegPath, ['-v', 'quiet', '-i', clip, '-c:v', 'rawvideo', '-f', 'nut', 'pipe:1'], {
  stdio: ['ignore', stream.writeFd, 'ignore'],
});
stream.childStarted();
parentPort?.postMessage({ ffmpegPid: child.pid });
