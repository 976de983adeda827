// Writes checksummed frames into the ring named in argv until it is killed; every pixel is the frame's number.
import { i420Bytes, RingWriter } from '#native';

const ring = RingWriter.create({
  name: process.argv[2] ?? '',
  width: 640,
  height: 480,
  slots: 4,
  mode: 'newest',
  checksum: true,
});
const pixels = new Uint8Array(i420Bytes(640, 480));
process.send?.('writing');
for (let n = 0; ; n++) {
  pixels.fill(n & 255);
  ring.writeFrame(pixels, n);
}
