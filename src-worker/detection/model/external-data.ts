/**
 * Fields of ONNX's protobuf messages (onnx.proto3) that lead to a tensor, by message. A tensor with `external_data`
 * takes its weights from another file, whose path the model chooses: a way to read any file of this machine.
 */
const messages = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: {},
} as const satisfies Record<string, Readonly<Record<number, string>>>;
type MessageName = keyof typeof messages;

const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;
const MAX_DEPTH = 64;

/** What the bytes of a model file are, as far as can be told without running it. */
export type OnnxFileVerdict = 'self-contained' | 'external-data' | 'not-onnx';

/** Walks the protobuf of an ONNX file for references to other files. Never throws, reads only lengths and tags. */
export function inspectOnnxFile(bytes: Uint8Array): OnnxFileVerdict {
  try {
    const walk = new Walk(bytes);
    const external = walk.message('model', 0, bytes.length, 0);
    if (external) return 'external-data';
    return walk.graphs > 0 ? 'self-contained' : 'not-onnx';
  } catch (thrown) {
    if (thrown instanceof Malformed) return 'not-onnx';
    throw thrown;
  }
}

class Malformed extends Error {}

class Walk {
  graphs = 0;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** True when a tensor in the message at [start, end) refers to another file. */
  message(name: MessageName, start: number, end: number, depth: number): boolean {
    if (depth > MAX_DEPTH) throw new Malformed();
    if (name === 'graph') this.graphs += 1;
    const fields: Readonly<Record<number, MessageName>> = messages[name];
    this.#at = start;
    while (this.#at < end) {
      const tag = this.#varint(end);
      const field = Math.floor(tag / 8);
      const wire = tag % 8;
      if (field === 0) throw new Malformed();
      if (wire === 2) {
        const length = this.#varint(end);
        const from = this.#at;
        if (length > end - from) throw new Malformed();
        if (name === 'tensor' && field === EXTERNAL_DATA) return true;
        const inner = fields[field];
        if (inner !== undefined && this.message(inner, from, from + length, depth + 1)) return true;
        this.#at = from + length;
      } else if (wire === 0) {
        const value = this.#varint(end);
        if (name === 'tensor' && field === DATA_LOCATION && value !== 0) return true;
      } else if (wire === 1 || wire === 5) {
        this.#at += wire === 1 ? 8 : 4;
        if (this.#at > end) throw new Malformed();
      } else {
        throw new Malformed();
      }
    }
    return false;
  }

  #varint(end: number): number {
    let value = 0;
    let factor = 1;
    for (let n = 0; n < 10; n++) {
      if (this.#at >= end) throw new Malformed();
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw new Malformed();
  }
}
