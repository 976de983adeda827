import { expect, it } from 'vitest';
import { expectHealed } from './healed.ts';
import { cameraFault, report } from './live-fixture.ts';
import { childProcesses } from './own-process.ts';
import { disturbances, mark } from './undisturbed.ts';

const FPS = 25;

cameraFault('rows 1, 2, 12 and 13, invariant 5: one of two cameras is struck', (stage) => {
  it('the other goes on as if nothing were: unplugged, cut, its ffmpeg stopped, its ffmpeg killed', async () => {
    const clip = await stage.clip('a.h264');
    let struck = await stage.camera(clip);
    const untouched = await stage.camera(clip);
    const other = stage.rig();
    await other.rtsp(untouched.url('/cam'));
    await other.untilFrames(2 * FPS);
    const servers = [struck.pid, untouched.pid];
    const othersFfmpeg = childProcesses().filter((pid) => !servers.includes(pid));
    expect(othersFfmpeg).toHaveLength(1);
    const rig = stage.rig();
    await rig.rtsp(struck.url('/cam'));
    await rig.untilFrames(FPS);
    /** The ffmpeg of the camera that is struck. */
    const ffmpeg = (): number => {
      const known = new Set([...othersFfmpeg, struck.pid, untouched.pid]);
      const [pid, ...more] = childProcesses().filter((child) => !known.has(child));
      if (pid === undefined || more.length > 0) throw new Error('which ffmpeg is it?');
      return pid;
    };
    const faults: readonly [string, 'lost' | 'stalled', () => Promise<void>][] = [
      [
        'unplugged',
        'lost',
        async () => {
          await struck.kill();
          await rig.untilState('RETRYING', 10_000);
          struck = await stage.camera(clip, { port: struck.port });
        },
      ],
      [
        'cut',
        'stalled',
        async () => {
          struck.freeze();
          await rig.untilState('RETRYING', 20_000);
          struck.thaw();
        },
      ],
      [
        'its ffmpeg stopped',
        'stalled',
        async () => {
          process.kill(ffmpeg(), 'SIGSTOP');
          await rig.untilState('RETRYING', 20_000);
        },
      ],
      [
        'its ffmpeg killed',
        'lost',
        async () => {
          process.kill(ffmpeg(), 'SIGKILL');
          await rig.untilState('RETRYING', 10_000);
        },
      ],
    ];
    const causes: ('connecting' | 'lost' | 'stalled')[] = ['connecting'];
    for (const [what, cause, strike] of faults) {
      const before = mark(other);
      await strike();
      causes.push(cause);
      await expectHealed(rig, causes);
      report(`${what}, until it was well again`, performance.now() - before.atMs);
      expect(`${what}: ${disturbances(other, before, FPS).join(', ')}`).toBe(`${what}: `);
      const still = childProcesses().filter((pid) => othersFfmpeg.includes(pid));
      expect(still).toEqual(othersFfmpeg);
    }
    for (const each of [rig, other]) {
      await each.close();
      expect(each.frames.length + each.dropped).toBe(each.ends[0]?.decoded);
    }
  });
});
