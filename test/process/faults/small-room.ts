// Started by a test in a mount namespace with a small /dev/shm: opens a source and prints how it gets on. An argument is
// the size that /dev/shm gets after that; how it goes on, connected anew when it was live, is printed too.
import { execFileSync } from 'node:child_process';
import { bundledBuild } from '../../../src-worker/capture/ffmpeg/build.ts';
import { madeUpWebcam, SessionRig } from './live-session-rig.ts';

const [, , roomier] = process.argv;
const rig = new SessionRig(madeUpWebcam('testsrc2=size=160x120'), {
  build: bundledBuild,
  webcamSystem: 'lavfi',
  policy: { minuteMs: 1500 },
});
rig.session.open();
await rig.until('a state', () => rig.status?.state === 'FAULTED' || rig.frames.length > 20);
const live = rig.status?.state !== 'FAULTED';
if (live) await rig.until('a complaint', () => rig.status?.cause?.kind === 'shm-scarce');
const warned = rig.warnings.some((line) => line.includes('scarce'));
const told = { state: rig.status?.state, cause: rig.status?.cause, warned };
if (roomier !== undefined) {
  execFileSync('mount', ['-o', `remount,size=${roomier}`, '/dev/shm']);
  const before = rig.frames.length;
  if (live) process.kill(rig.session.childPid ?? 0, 'SIGKILL');
  await rig.until('pictures', () => rig.frames.length > before + 20);
  // Figures are told twice a second.
  await new Promise((resolve) => setTimeout(resolve, 1000));
}
const after = { state: rig.status?.state, cause: rig.status?.cause?.kind ?? null, rings: rig.rings.length };
await rig.tearDown();
const gaps = rig.gaps.map(({ cause }) => cause);
const open = rig.gaps.filter(({ toWallMs }) => toWallMs === null).length;
const uncounted = (rig.end?.decoded ?? 0) - rig.frames.length - rig.dropped;
console.log(JSON.stringify({ ...told, healed: { ...after, gaps, open, uncounted } }));
process.exit(0);
