import type { NativeEvent, NativeStream } from './binding.ts';
import { RingError, withRingErrors } from './errors.ts';
import type { WrittenFrame } from './frame.ts';
import { binding } from './load.ts';
import { nativeWriters, type RingWriter } from './ring-writer.ts';

export interface StreamHeader {
  width: number;
  height: number;
  /** Length of one tick in seconds as a fraction; pts are handed out in milliseconds all the same. */
  timeBaseNum: number;
  timeBaseDen: number;
}

/**
 * How a stream ended. 'eof': its end mark was read, so the sender finished in good order. 'truncated': the bytes
 * stopped before it; `partialBytes` had come of what was being read. 'corrupt': the bytes are not what they should be.
 */
export type StreamEnd = {
  cause: 'eof' | 'truncated' | 'corrupt' | 'closed';
  frames: number;
  partialBytes: number;
  message: string;
};

export interface StreamHandlers {
  /** A first or changed stream header; reading waits until `writeTo`. */
  onHeader(header: StreamHeader): void;
  onFrame(frame: WrittenFrame): void;
  /** A lossless ring gave up the registered reader of this process. */
  onReaderDropped(pid: number): void;
  /** Called exactly once, last. */
  onEnd(end: StreamEnd): void;
}

function deliver(event: NativeEvent, handlers: StreamHandlers): void {
  switch (event[0]) {
    case 0: {
      const [, width, height, timeBaseNum, timeBaseDen] = event;
      return handlers.onHeader({ width, height, timeBaseNum, timeBaseDen });
    }
    case 1: {
      const [, slot, generation, seq, ptsMs, wallMs, monoMs, width, height, key] = event;
      return handlers.onFrame({ slot, generation, seq, ptsMs, wallMs, monoMs, width, height, key });
    }
    case 2:
      return handlers.onReaderDropped(event[1]);
    case 3: {
      const [, cause, frames, partialBytes, message] = event;
      return handlers.onEnd({ cause, frames, partialBytes, message });
    }
  }
}

/** Native reader of one NUT stream of raw I420; owns the pipe. Pixels go from the pipe into the ring's slots. */
export class FrameStream {
  readonly #native: NativeStream;
  /** POSIX: to be handed to child_process.spawn as stdio[1]; -1 on Windows. */
  readonly writeFd: number;
  /** Windows: the named pipe to give ffmpeg as its output; null elsewhere. */
  readonly path: string | null;

  constructor(handlers: StreamHandlers) {
    const native = binding().FrameStream;
    this.#native = withRingErrors(() => new native((...event) => deliver(event, handlers)));
    this.writeFd = this.#native.writeFd();
    this.path = this.#native.path();
  }

  /** Closes our copy of the write end; to be called right after spawn, or the end of the stream is never seen. */
  childStarted(): void {
    this.#native.childStarted();
  }

  /** Where frames go from now on; the ring has the size of the newest header, else RingError 'bad-argument'. */
  writeTo(ring: RingWriter): void {
    const writer = nativeWriters.get(ring);
    if (!writer) throw new RingError('bad-argument', 'not a ring writer of this process');
    withRingErrors(() => this.#native.writeTo(writer));
  }

  /** Stops reading after the frame under way; ffmpeg then waits on its full pipe. */
  pause(): void {
    this.#native.pause(true);
  }

  resume(): void {
    this.#native.pause(false);
  }

  /** Ends the reading; onEnd follows with cause 'closed' unless the end was already under way. Idempotent. */
  close(): void {
    this.#native.close();
  }
}
