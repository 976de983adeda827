import { describe, expect, it } from 'vitest';
import type { Packet, PacketStream } from '../../../../src-worker/capture/recording/packet.ts';
import { PacketBuffer } from '../../../../src-worker/capture/recording/packet-buffer.ts';

const header = { info: Buffer.alloc(0), tracks: Buffer.alloc(0), codec: 'x', shape: '0' };
const stream = (): PacketStream => ({ header, clock: { wallMs: (ptsMs) => ptsMs } });

/** Feeds packets, 40 ms apart, a key frame each second. */
function fill(
  buffer: PacketBuffer,
  set: (ms: number) => void,
  seconds: number,
  of: PacketStream,
  bytes = 1000,
): void {
  for (let n = 0; n < seconds * 25; n++) {
    set(n * 40);
    buffer.take({ ptsMs: n * 40, key: n % 25 === 0, data: Buffer.alloc(bytes) }, of);
  }
}

const held = (buffer: PacketBuffer, fromWallMs = Number.NEGATIVE_INFINITY): Packet[] => {
  const packets: Packet[] = [];
  buffer.replay(fromWallMs, { take: (packet) => void packets.push(packet) });
  return packets;
};

describe('the pre-roll in memory', () => {
  it('holds the wished seconds and at most a group more, beginning with a key frame', () => {
    let nowMs = 0;
    const buffer = new PacketBuffer(5000, 1e9, () => nowMs);
    fill(buffer, (ms) => (nowMs = ms), 60, stream());
    const packets = held(buffer);
    const spanMs = nowMs - (packets[0]?.ptsMs ?? 0);
    expect(packets[0]?.key).toBe(true);
    expect(spanMs).toBeGreaterThanOrEqual(5000);
    expect(spanMs).toBeLessThanOrEqual(6000);
  });

  it.each([10_000, 100_000, 700_000])('never holds more than %i bytes', (maxBytes) => {
    let nowMs = 0;
    let most = 0;
    const buffer = new PacketBuffer(60_000, maxBytes, () => nowMs);
    fill(
      buffer,
      (ms) => {
        nowMs = ms;
        most = Math.max(most, buffer.bytes);
      },
      30,
      stream(),
    );
    expect(most).toBeLessThanOrEqual(maxBytes);
    const packets = held(buffer);
    expect(packets[0]?.key ?? true).toBe(true);
  });

  it('hands out from the key frame at or before a moment', () => {
    let nowMs = 0;
    const buffer = new PacketBuffer(10_000, 1e9, () => nowMs);
    fill(buffer, (ms) => (nowMs = ms), 10, stream());
    expect(held(buffer, 7300)[0]?.ptsMs).toBe(7000);
    expect(held(buffer, 8000)[0]?.ptsMs).toBe(8000);
    expect(held(buffer, -1)[0]?.ptsMs).toBe(0);
  });

  it('takes nothing of a new connection before its first key frame', () => {
    const buffer = new PacketBuffer(10_000, 1e9, () => 0);
    const [first, second] = [stream(), stream()];
    const packet = (ptsMs: number, key: boolean) => ({ ptsMs, key, data: Buffer.alloc(1) });
    buffer.take(packet(0, false), first);
    buffer.take(packet(40, true), first);
    buffer.take(packet(80, false), first);
    buffer.take(packet(1, false), second);
    buffer.take(packet(2, true), second);
    expect(held(buffer).map(({ ptsMs }) => ptsMs)).toEqual([40, 80, 2]);
  });
});
