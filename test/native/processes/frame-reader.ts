// A registered reader in its own process: answers each frame message with what the read gave, then lets go of it.
import { i420Bytes, RingReader } from '#native';

const reader = RingReader.open(process.argv[2] ?? '', { register: true });
const pixels = new Uint8Array(i420Bytes(reader.width, reader.height));
process.on('message', (message: { slot: number; generation: number; epoch: number; seq: number }) => {
  const result = reader.copyInto(message, pixels);
  process.send?.({ seq: message.seq, result, first: pixels[0], last: pixels.at(-1) });
  reader.release(message.seq + 1);
});
process.send?.('registered');
