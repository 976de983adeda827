import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bundledBuild } from '../../../src-worker/capture/ffmpeg/build.ts';
import { fault } from './live-fixture.ts';
import { madeUpWebcam, SessionRig } from './live-session-rig.ts';
import { childProcesses, openDescriptors } from './own-process.ts';

const RECONNECTS = 50;
const segments = (prefix: string): string[] =>
  readdirSync('/dev/shm').filter((name) => name.startsWith(prefix.slice(1)));

fault('invariant 7: nothing grows', () => {
  it(`over ${RECONNECTS} killed ffmpegs: descriptors, children and shared memory are back where they were`, async () => {
    const policy = { delaysMs: [20], resetMs: 60_000 };
    const rig = new SessionRig(madeUpWebcam(), { build: bundledBuild, webcamSystem: 'lavfi', policy });
    rig.session.open();
    const again = async (): Promise<void> => {
      const seen = rig.frames.length;
      await rig.until('pictures', () => rig.frames.length > seen);
      process.kill(rig.session.childPid ?? 0, 'SIGKILL');
      await rig.until('the loss', () => rig.status?.state !== 'LIVE');
    };
    for (let n = 0; n < 5; n++) await again();
    await rig.until('pictures', () => rig.status?.state === 'LIVE');
    const before = { descriptors: openDescriptors(), memory: process.memoryUsage().rss };
    for (let n = 0; n < RECONNECTS; n++) await again();
    await rig.until('pictures', () => rig.status?.state === 'LIVE');
    const grown = Math.round((process.memoryUsage().rss - before.memory) / 2 ** 20);
    console.log(
      `${RECONNECTS} reconnects: ${openDescriptors() - before.descriptors} descriptors, ${grown} MB more`,
    );
    expect(openDescriptors()).toBeLessThanOrEqual(before.descriptors + 2);
    expect(childProcesses()).toHaveLength(1);
    expect(segments(rig.ring)).toHaveLength(1);
    expect(rig.rings).toHaveLength(1);
    expect(rig.gaps).toHaveLength(RECONNECTS + 6);
    await rig.tearDown();
    expect(childProcesses()).toEqual([]);
    expect(segments(rig.ring)).toEqual([]);
    expect(rig.frames.length + rig.dropped).toBe(rig.end?.decoded);
  });
});
