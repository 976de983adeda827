import { expect, it } from 'vitest';
import { expectHealed } from './healed.ts';
import { cameraFault } from './live-fixture.ts';
import type { LiveRig } from './live-rig.ts';
import { childProcesses, megabytes, ownBytes } from './own-process.ts';

/** A picture of 1280 x 720, in I420. */
const PICTURE_BYTES = (1280 * 720 * 3) / 2;
const SLOTS = 6;
const PAUSED_FRAMES = 120;

const reads = (rig: LiveRig): string[] =>
  rig.told.flatMap((each) => (each.kind === 'frame' ? [each.read] : []));

cameraFault('row 15: nobody takes the pictures', (stage) => {
  it('the oldest are written over, the camera is not held up, memory stays flat, and the newest are read after', async () => {
    const server = await stage.camera(await stage.clip('large.h264', { width: 1280, height: 720 }));
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilFrames(50, 30_000);
    const [ffmpeg] = childProcesses().filter((pid) => pid !== server.pid);
    const seen = rig.frames.length;
    rig.paused = true;
    const before = { own: ownBytes('self'), ffmpeg: ownBytes(ffmpeg ?? 0) };
    const limitMs = 60_000;
    await rig.until('pictures nobody looks at', () => rig.unread >= PAUSED_FRAMES, limitMs);
    const grown = {
      own: megabytes(ownBytes('self') - before.own),
      ffmpeg: megabytes(ownBytes(ffmpeg ?? 0) - before.ffmpeg),
    };
    console.log(
      `${PAUSED_FRAMES} pictures (${megabytes(PAUSED_FRAMES * PICTURE_BYTES)} MB): ${JSON.stringify(grown)} MB more`,
    );
    // A third of what they would take if they were kept.
    const limitMegabytes = megabytes(PAUSED_FRAMES * PICTURE_BYTES) / 3;
    expect(grown.own).toBeLessThan(limitMegabytes);
    expect(grown.ffmpeg).toBeLessThan(limitMegabytes);
    expect(rig.path()).toEqual(['CONNECTING', 'LIVE']);

    rig.resume();
    const late = reads(rig).slice(seen);
    // Those that lie in the ring still, and none but those; no picture passes for another.
    expect(late.filter((read) => read !== 'ok' && read !== 'overwritten')).toEqual([]);
    expect(late.indexOf('ok')).toBeGreaterThanOrEqual(late.length - SLOTS);
    expect(late.at(-1)).toBe('ok');
    await expectHealed(rig, ['connecting']);
    expect(reads(rig).at(-1)).toBe('ok');
    const seqs = rig.frames.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, n) => n));
    await rig.close();
    expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
  });
});
