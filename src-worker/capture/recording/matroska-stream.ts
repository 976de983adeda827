import { createHash } from 'node:crypto';
import { EbmlError, eachChild, elementIds as ids, readHead, readUnsigned } from './ebml.ts';
import type { Packet, StreamHeader } from './packet.ts';

export interface StreamHandlers {
  readonly header: (header: StreamHeader) => void;
  readonly packet: (packet: Packet) => void;
}

/** More than any picture of a camera; a length beyond it is damage, and no memory is taken for it. */
const MAX_ELEMENT_BYTES = 64 * 2 ** 20;
const DESCENDED = new Set<number>([ids.segment, ids.cluster]);
/** What a decoder goes by; the rest (a rate measured at each connection) may differ. */
const SHAPING = new Set<number>([ids.codecId, ids.codecPrivate, ids.pixelWidth, ids.pixelHeight]);
const NS_PER_MS = 1_000_000;

/**
 * Takes Matroska with one video track apart into packets, as its bytes come. Written for what ffmpeg writes: no
 * lacing, times in milliseconds. What is not whole at the end (a writer was killed) is left over and harmless.
 */
export class MatroskaStream {
  readonly #handlers: StreamHandlers;
  #pending: Buffer = Buffer.alloc(0);
  #clusterMs = 0;
  #info: Buffer | null = null;
  /** Bytes up to and including the last whole element. */
  #wholeBytes = 0;

  constructor(handlers: StreamHandlers) {
    this.#handlers = handlers;
  }

  get wholeBytes(): number {
    return this.#wholeBytes;
  }

  /** Throws EbmlError on bytes that are not Matroska; nothing may be pushed after that. */
  push(chunk: Buffer): void {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    let at = 0;
    while (at < bytes.length) {
      const head = readHead(bytes, at);
      if (head === null) break;
      if (DESCENDED.has(head.id)) {
        at += head.headBytes;
        continue;
      }
      if (head.contentBytes === null || head.contentBytes > MAX_ELEMENT_BYTES) {
        throw new EbmlError(`an element of ${head.contentBytes ?? 'unknown'} bytes`);
      }
      const end = at + head.headBytes + head.contentBytes;
      if (end > bytes.length) break;
      this.#element(head.id, bytes.subarray(at, end), head.headBytes);
      at = end;
    }
    this.#wholeBytes += at;
    // A copy: the chunk may be large and what is left of it small.
    this.#pending = Buffer.from(bytes.subarray(at));
  }

  #element(id: number, whole: Buffer, headBytes: number): void {
    const content = whole.subarray(headBytes);
    if (id === ids.timecode) this.#clusterMs = readUnsigned(content);
    else if (id === ids.simpleBlock) this.#block(content, ((content[3] ?? 0) & 0x80) !== 0);
    else if (id === ids.blockGroup) this.#group(content);
    else if (id === ids.info) this.#takeInfo(whole, content);
    else if (id === ids.tracks) this.#takeTracks(whole, content);
  }

  #group(content: Buffer): void {
    let block: Buffer | null = null;
    let key = true;
    eachChild(content, (id, child) => {
      if (id === ids.block) block = child;
      if (id === ids.referenceBlock) key = false;
    });
    if (block !== null) this.#block(block, key);
  }

  #block(block: Buffer, key: boolean): void {
    if (block.length < 5 || block[0] !== 0x81 || ((block[3] ?? 0) & 0x06) !== 0) {
      throw new EbmlError('a block that is not one picture of track 1');
    }
    const ptsMs = this.#clusterMs + block.readInt16BE(1);
    this.#handlers.packet({ ptsMs, key, data: Buffer.from(block.subarray(4)) });
  }

  #takeInfo(whole: Buffer, content: Buffer): void {
    let scale = NS_PER_MS;
    eachChild(content, (id, child) => {
      if (id === ids.timecodeScale) scale = readUnsigned(child);
    });
    if (scale !== NS_PER_MS) throw new EbmlError(`times in units of ${scale} ns`);
    this.#info = Buffer.from(whole);
  }

  #takeTracks(whole: Buffer, content: Buffer): void {
    let codec = '';
    let tracks = 0;
    const digest = createHash('sha256');
    const describe = (id: number, value: Buffer): void => {
      if (id === ids.codecId) codec = value.toString('latin1');
      if (id === ids.video) eachChild(value, describe);
      if (SHAPING.has(id)) digest.update(`${id}:${value.length}:`).update(value);
    };
    eachChild(content, (id, entry) => {
      if (id !== ids.trackEntry) return;
      tracks += 1;
      eachChild(entry, describe);
    });
    if (tracks !== 1 || codec === '' || this.#info === null) throw new EbmlError('not one track of video');
    const shape = digest.digest('hex').slice(0, 16);
    this.#handlers.header({ info: this.#info, tracks: Buffer.from(whole), codec, shape });
  }
}
