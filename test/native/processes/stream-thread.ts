// Runs in a worker thread: decodes into a ring and never lets go, so that the thread ends with everything open.
import { spawn } from 'node:child_process';
import { parentPort, workerData } from 'node:worker_threads';
import { FrameStream, RingReader, RingWriter } from '#native';

const { ffmpegPath, clip, name }: { ffmpegPath: string; clip: string; name: string } = workerData;
const stream = new FrameStream({
  onHeader({ width, height }) {
    const writer = RingWriter.create({ name, width, height, slots: 4, mode: 'lossless' });
    RingReader.open(name, { register: true });
    stream.writeTo(writer);
  },
  onFrame(frame) {
    // The fourth frame fills the ring: from here on the native thread waits for the reader.
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
