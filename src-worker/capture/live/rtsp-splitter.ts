/** A request or an answer of RTSP (RFC 2326): its first line, its headers in order, its body. */
export interface RtspMessage {
  readonly kind: 'message';
  readonly start: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** Bytes of an interleaved packet, or a part of one: passed on as they are. */
export interface RtspData {
  readonly kind: 'data';
  readonly bytes: Buffer;
}

const DOLLAR = 0x24;
const MAX_HEAD_BYTES = 32 * 1024;
const MAX_BODY_BYTES = 1024 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');

/** Value of a header, without regard to upper and lower case; null when it is not there. */
export function headerOf(message: Pick<RtspMessage, 'headers'>, name: string): string | null {
  const wanted = name.toLowerCase();
  return message.headers.find(([each]) => each.toLowerCase() === wanted)?.[1] ?? null;
}

/** The bytes of a message. */
export function writeMessage({ start, headers, body }: Omit<RtspMessage, 'kind'>): Buffer {
  const lines = [start, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''];
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), body]);
}

function parseHead(text: string): { start: string; headers: [string, string][] } {
  const [start = '', ...lines] = text.split('\r\n');
  const headers = lines
    .map((line): [string, string] => {
      const at = line.indexOf(':');
      return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    })
    .filter(([name]) => name !== '');
  return { start, headers };
}

/**
 * Cuts one direction of an RTSP connection into messages and interleaved data. Data is handed on in the pieces that
 * came, never collected. Throws RangeError when what comes is no RTSP or takes too much room.
 */
export class RtspSplitter {
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of the interleaved packet under way that are still to come. */
  #dataLeft = 0;

  push(chunk: Buffer): (RtspMessage | RtspData)[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const items: (RtspMessage | RtspData)[] = [];
    for (let item = this.#next(); item !== null; item = this.#next()) items.push(item);
    return items;
  }

  #next(): RtspMessage | RtspData | null {
    if (this.#rest.length === 0) return null;
    if (this.#dataLeft > 0) return this.#take(Math.min(this.#dataLeft, this.#rest.length));
    if (this.#rest[0] === DOLLAR) {
      if (this.#rest.length < 4) return null;
      this.#dataLeft = 4 + this.#rest.readUInt16BE(2);
      return this.#take(Math.min(this.#dataLeft, this.#rest.length));
    }
    return this.#message();
  }

  #take(bytes: number): RtspData {
    const taken = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(bytes);
    this.#dataLeft -= bytes;
    return { kind: 'data', bytes: taken };
  }

  #message(): RtspMessage | null {
    const end = this.#rest.indexOf(HEAD_END);
    if (end < 0) {
      if (this.#rest.length > MAX_HEAD_BYTES) throw new RangeError('a header without an end');
      return null;
    }
    const head = parseHead(this.#rest.toString('latin1', 0, end).replace(/^(\r\n)+/, ''));
    const length = Number(headerOf(head, 'Content-Length') ?? 0);
    if (!Number.isSafeInteger(length) || length < 0 || length > MAX_BODY_BYTES) {
      throw new RangeError('a body of no usable length');
    }
    const start = end + HEAD_END.length;
    if (this.#rest.length < start + length) return null;
    const body = this.#rest.subarray(start, start + length);
    this.#rest = this.#rest.subarray(start + length);
    return { kind: 'message', ...head, body };
  }
}
