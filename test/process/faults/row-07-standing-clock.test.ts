import { expect, it } from 'vitest';
import { defaultLiveLimits } from '#shared/domain/live-limits.ts';
import { bundledBuild } from '../../../src-worker/capture/ffmpeg/build.ts';
import { fault } from './live-fixture.ts';
import { SessionRig } from './live-session-rig.ts';

const FPS = 25;
const FROZEN_SECONDS = 2;

/** A camera whose picture never changes; `time` is its clock, in ticks of 90 kHz by the number of the picture. */
const still = (time: string) => ({
  kind: 'webcam' as const,
  device: `smptebars=size=160x120:rate=${FPS},realtime,settb=1/90000,setpts=${time}`,
  width: null,
  height: null,
  fps: null,
});

function opened(time: string): SessionRig {
  const rig = new SessionRig(still(time), { build: bundledBuild, webcamSystem: 'lavfi' });
  rig.session.limit({ ...defaultLiveLimits, frozenSeconds: FROZEN_SECONDS });
  rig.session.open();
  return rig;
}

fault('row 7: a frozen picture and the clock of the camera', () => {
  it('that stands still as well: the camera is connected anew', async () => {
    const rig = opened('if(lt(N\\,30)\\,N*3600\\,108000)');
    await rig.until('FROZEN', () => rig.statuses.some(({ state }) => state === 'FROZEN'), 30_000);
    await rig.until('the next try', () => rig.status?.state === 'RETRYING', 30_000);
    expect(rig.status?.cause).toMatchObject({
      kind: 'camera-frozen',
      message: expect.stringContaining('clock stands still'),
    });
    expect(rig.gaps.at(-1)).toMatchObject({ cause: 'frozen', toWallMs: null });
    await rig.tearDown();
    expect(rig.frames.length + rig.dropped).toBe(rig.end?.decoded);
  });

  it('that goes on: it may be true, and nothing is connected anew', async () => {
    const rig = opened('N*3600');
    await rig.until('FROZEN', () => rig.status?.state === 'FROZEN', 30_000);
    const pid = rig.session.childPid;
    const dropped = rig.dropped;
    // More pictures than it takes to disbelieve a clock.
    await rig.until('many more pictures', () => rig.dropped > dropped + 3 * FPS, 30_000);
    expect(rig.session.childPid).toBe(pid);
    expect(rig.status?.state).toBe('FROZEN');
    expect(rig.warnings.filter((each) => each.startsWith('source lost'))).toEqual([]);
    await rig.tearDown();
  });
});
