import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerOf, RtspSplitter, writeMessage } from '../../../../src-worker/capture/live/rtsp-splitter.ts';

const packet = (channel: number, bytes: number): Buffer => {
  const head = Buffer.from([0x24, channel, bytes >> 8, bytes & 255]);
  return Buffer.concat([head, Buffer.alloc(bytes, 0x24)]);
};
const answer = 'RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\n$$$$$';

describe('an RTSP connection cut into its parts', () => {
  it('gives the same parts however its bytes are cut on the way', () => {
    const stream = Buffer.concat([
      packet(0, 300),
      Buffer.from(answer),
      packet(1, 0),
      packet(0, 70),
      Buffer.from('ANNOUNCE rtsp://x RTSP/1.0\r\ncseq:9\r\n\r\n'),
      packet(2, 1000),
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: stream.length }), { maxLength: 40 }), (cuts) => {
        const splitter = new RtspSplitter();
        const starts: string[] = [];
        const data: Buffer[] = [];
        const edges = [0, ...[...cuts].sort((a, b) => a - b), stream.length];
        for (const [n, edge] of edges.slice(1).entries()) {
          for (const item of splitter.push(stream.subarray(edges[n], edge))) {
            if (item.kind === 'data') data.push(item.bytes);
            else starts.push(`${item.start}|${headerOf(item, 'CSEQ')}|${item.body}`);
          }
        }
        expect(starts).toEqual(['RTSP/1.0 200 OK|2|$$$$$', 'ANNOUNCE rtsp://x RTSP/1.0|9|']);
        const passed = Buffer.concat(data);
        expect(
          passed.equals(Buffer.concat([packet(0, 300), packet(1, 0), packet(0, 70), packet(2, 1000)])),
        ).toBe(true);
      }),
    );
  });

  it('writes what it read', () => {
    const [message] = new RtspSplitter().push(Buffer.from(answer));
    expect(message?.kind === 'message' && writeMessage(message).toString()).toBe(answer);
  });

  it('takes no head without an end, and no body without measure', () => {
    expect(() => new RtspSplitter().push(Buffer.alloc(40_000, 0x41))).toThrow(RangeError);
    for (const length of ['-1', 'x', '99999999999']) {
      const head = Buffer.from(`RTSP/1.0 200 OK\r\nContent-Length: ${length}\r\n\r\n`);
      expect(() => new RtspSplitter().push(head)).toThrow(RangeError);
    }
  });
});
