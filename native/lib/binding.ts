/** The addon as it is: plain numbers in and out. The classes beside this file are its face. */
export interface NativeWriter {
  name(): string;
  epoch(): number;
  readers(): number;
  writeFrame(pixels: Uint8Array, ptsMs: number | null, out: Float64Array): number;
  stats(): { written: number; waitedMs: number; readers: number };
  close(): void;
}

export interface NativeReader {
  header(): { epoch: number; width: number; height: number };
  copyInto(slot: number, generation: number, epoch: number, target: Uint8Array): number;
  scaleInto(
    slot: number,
    generation: number,
    epoch: number,
    target: Uint8Array,
    w: number,
    h: number,
  ): number;
  tensorInto(
    slot: number,
    generation: number,
    epoch: number,
    target: Float32Array,
    plan: Float64Array,
    mask?: Uint8Array,
  ): number;
  luma(slot: number, generation: number, epoch: number, out: Float64Array): number;
  thumbInto(slot: number, generation: number, epoch: number, target: Uint8Array): number;
  cropInto(
    slot: number,
    generation: number,
    epoch: number,
    target: Uint8Array,
    x: number,
    y: number,
    w: number,
    h: number,
    bt709: boolean,
  ): number;
  newest(out: Float64Array): boolean;
  release(nextSeq: number): void;
  state(): number;
  close(): void;
}

export interface NativeStream {
  writeFd(): number;
  path(): string | null;
  childStarted(): void;
  writeTo(ring: NativeWriter): void;
  pause(paused: boolean): void;
  close(): void;
}

export interface NativePerceptionWriter {
  publish(section: number, frame: Uint8Array): number;
  beat(): void;
  close(): void;
}

export interface NativePerceptionReader {
  read(section: number, target: Uint8Array, out: Float64Array): number;
  state(out: Float64Array): void;
  sourceId(): string;
  head(target: Uint8Array): void;
  close(): void;
}

/** What the stream's thread has to tell, told apart by its first value. */
export type NativeEvent =
  | [kind: 0, width: number, height: number, timeBaseNum: number, timeBaseDen: number]
  | [
      kind: 1,
      slot: number,
      generation: number,
      seq: number,
      ptsMs: number | null,
      wallMs: number,
      monoMs: number,
      width: number,
      height: number,
      key: boolean,
    ]
  | [kind: 2, pid: number]
  | [
      kind: 3,
      cause: 'eof' | 'truncated' | 'corrupt' | 'closed',
      frames: number,
      partialBytes: number,
      message: string,
    ];

export interface Binding {
  layoutVersion: number;
  RingWriter: new (
    name: string,
    width: number,
    height: number,
    slots: number,
    lossless: boolean,
    readerDeadlineMs: number,
    checksum: boolean,
    firstSeq: number,
  ) => NativeWriter;
  RingReader: new (name: string, register: boolean) => NativeReader;
  PerceptionWriter: new (name: string, sourceId: string, runId: number) => NativePerceptionWriter;
  PerceptionReader: new (name: string) => NativePerceptionReader;
  FrameStream: new (dispatch: (...event: NativeEvent) => void) => NativeStream;
  unlinkRing(name: string): void;
  sweepRings(prefix: string): string[];
  monoMs(): number;
}
