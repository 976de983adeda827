import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { i420Bytes, RingReader, unlinkRing } from '#native';

/** 10,000 in each run of the tests, a million by IVIS_TEST_READS=1000000. */
const READS = Number(process.env.IVIS_TEST_READS ?? 10_000);

/** The writer fills each picture with one value. */
function isOfOnePicture(pixels: Uint8Array): boolean {
  for (let at = 0; at < pixels.length; at += 997) if (pixels[at] !== pixels[0]) return false;
  return true;
}

describe('row 38: a slow reader and a writer that does not wait', {
  timeout: Math.max(120_000, READS * 3),
}, () => {
  it('a picture is whole or it is none: never a mix of two', async () => {
    const ring = `/ivis-test-t${process.pid.toString(36)}`;
    const script = path.join(import.meta.dirname, '../../native/processes/flat-out-writer.ts');
    const writer = fork(script, [ring]);
    try {
      await once(writer, 'message');
      const reader = RingReader.open(ring);
      const pixels = new Uint8Array(i420Bytes(640, 480));
      const results: Record<string, number> = {};
      let mixed = 0;
      let kept = reader.newest();
      for (let n = 0; n < READS; n++) {
        // Every third descriptor is read late, when its slot may be another picture's by then.
        const key = n % 3 === 0 ? kept : reader.newest();
        if (n % 3 === 1) kept = reader.newest();
        if (key === null) continue;
        const result = reader.copyInto(key, pixels);
        results[result] = (results[result] ?? 0) + 1;
        // The checksum of each slot is verified too; these samples only say the same in another way.
        if (result === 'ok' && !isOfOnePicture(pixels)) mixed += 1;
      }
      console.log(`${READS} reads: ${JSON.stringify(results)}, ${mixed} mixed`);
      expect(mixed).toBe(0);
      expect(Object.keys(results).filter((result) => result !== 'ok' && result !== 'overwritten')).toEqual(
        [],
      );
      expect(results.ok).toBeGreaterThan(1000);
      expect(results.overwritten).toBeGreaterThan(0);
      reader.close();
    } finally {
      const gone = once(writer, 'exit');
      writer.kill('SIGKILL');
      await gone;
      unlinkRing(ring);
    }
  });
});
