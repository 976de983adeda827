import { availableParallelism } from 'node:os';
import { FrameStream, type RingWriter, type StreamEnd, type StreamHeader, type WrittenFrame } from '#native';
import type { RunMode } from '#shared/domain/run.ts';
import { decodeArguments } from './ffmpeg/arguments.ts';
import type { FfmpegBuild } from './ffmpeg/build.ts';
import { type ChildEnd, FfmpegChild } from './ffmpeg/child.ts';
import { feedStretch, type StretchEnd, type StretchStart } from './transport/coded-stretch.ts';

export interface PassOrder {
  readonly path: string;
  readonly mode: RunMode;
  /** Upright size from the probe, pixels. */
  readonly width: number;
  readonly height: number;
  /** From where on ffmpeg is fed; null when it reads the file itself. */
  readonly stretch: StretchStart | null;
}

export interface PassEvents {
  /** Reading waits until `writeTo`. */
  readonly header: (header: StreamHeader) => void;
  readonly frame: (frame: WrittenFrame) => void;
  readonly readerDropped: (pid: number) => void;
  /** Every line ffmpeg logs. */
  readonly line: (line: string) => void;
  /** The pictures came to an end; ffmpeg may still be there. */
  readonly streamEnded: (end: StreamEnd) => void;
  /** Something else ended: ffmpeg, or what fed it. */
  readonly ended: () => void;
}

/** Half the cores decode; the other half is the model's. */
export const decodeThreads = (cores: number): number => Math.min(8, Math.max(2, Math.floor(cores / 2)));

/** One ffmpeg over a file, or over a stretch of it that is coded in one way, and the stream of its pictures. */
export class FilePass {
  readonly #stream: FrameStream;
  readonly #child: FfmpegChild;
  #childEnd: ChildEnd | null = null;
  #streamEnd: StreamEnd | null = null;
  #stretchEnd: StretchEnd | null = null;

  constructor(build: FfmpegBuild, order: PassOrder, events: PassEvents) {
    const { path, stretch } = order;
    this.#stream = new FrameStream({
      onHeader: events.header,
      onFrame: events.frame,
      onReaderDropped: events.readerDropped,
      onEnd: (end) => {
        this.#streamEnd = end;
        events.streamEnded(end);
      },
    });
    const fed = (end: StretchEnd): void => {
      this.#stretchEnd = end;
      events.ended();
    };
    const args = decodeArguments(build, {
      ...order,
      path: stretch === null ? path : null,
      threads: decodeThreads(availableParallelism()),
      output: this.#stream.path ?? 'pipe:1',
    });
    this.#child = new FfmpegChild(build, args, {
      stdout: this.#stream.path === null ? this.#stream.writeFd : 'ignore',
      onLine: events.line,
      ...(stretch === null ? {} : { onInput: (input) => void feedStretch(path, stretch, input).then(fed) }),
    });
    if (stretch === null) this.#stretchEnd = { change: null, failed: null };
    this.#stream.childStarted();
    void this.#child.ended.then((end) => {
      this.#childEnd = end;
      events.ended();
    });
  }

  /** Process id of ffmpeg while it runs. */
  get childPid(): number | null {
    return this.#childEnd === null ? this.#child.pid : null;
  }

  /** How ffmpeg left; null while it is there. */
  get childEnd(): ChildEnd | null {
    return this.#childEnd;
  }

  /** Null while pictures may come. */
  get streamEnd(): StreamEnd | null {
    return this.#streamEnd;
  }

  /** Null while ffmpeg is being fed. */
  get stretchEnd(): StretchEnd | null {
    return this.#stretchEnd;
  }

  /** The kept part of ffmpeg's log. */
  get log(): readonly string[] {
    return this.#child.log;
  }

  /** Pictures go there from now on. */
  writeTo(ring: RingWriter): void {
    this.#stream.writeTo(ring);
  }

  /** No picture is read any more. */
  closeStream(): void {
    this.#stream.close();
  }

  /** Ends ffmpeg; `now` kills it. Resolves when it has left. */
  async stop(now = false): Promise<void> {
    await this.#child.stop(now);
  }
}
