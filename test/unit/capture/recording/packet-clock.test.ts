import { describe, expect, it } from 'vitest';
import { PacketClock } from '../../../../src-worker/capture/recording/packet-clock.ts';
import { SetClock } from './packets.ts';

describe('the wall time of packets', () => {
  it('is not fooled by packets that come late', () => {
    const clock = new SetClock();
    const packets = new PacketClock(clock);
    const startMs = clock.wallMs();
    const lateness = [90, 30, 250, 0, 70, 4000, 10];
    lateness.forEach((lateMs, n) => {
      clock.nowMs = n * 1000 + lateMs;
      packets.arrived(n * 1000);
    });
    expect(packets.wallMs(0)).toBe(startMs);
    expect(packets.wallMs(6000)).toBe(startMs + 6000);
  });

  it('dates back the burst of old packets a connection begins with', () => {
    const clock = new SetClock();
    const packets = new PacketClock(clock);
    const connectedMs = clock.wallMs();
    // Two seconds come at once, the rest as it is taken.
    for (let ptsMs = 0; ptsMs <= 5000; ptsMs += 40) {
      clock.nowMs = Math.max(0, ptsMs - 2000);
      packets.arrived(ptsMs);
    }
    expect(packets.wallMs(0)).toBe(connectedMs - 2000);
    expect(packets.wallMs(5000)).toBe(connectedMs + 3000);
  });

  it('follows a camera whose clock drifts, within a minute', () => {
    const clock = new SetClock();
    const packets = new PacketClock(clock);
    const hours = 3;
    // 100 parts in a million slow: a second in less than three hours.
    for (let s = 0; s <= hours * 3600; s++) {
      clock.nowMs = s * 1000;
      packets.arrived(s * 1000 * (1 - 100e-6));
    }
    const lastPtsMs = hours * 3_600_000 * (1 - 100e-6);
    expect(Math.abs(packets.wallMs(lastPtsMs) - clock.wallMs())).toBeLessThan(10);
  });

  it('takes the clock of the computer as it is, also after it was set', () => {
    const clock = new SetClock();
    const packets = new PacketClock(clock);
    packets.arrived(0);
    clock.nowMs = 1000;
    clock.wallAheadMs += 3_600_000;
    packets.arrived(1000);
    expect(packets.wallMs(1000)).toBe(clock.wallMs());
  });
});
