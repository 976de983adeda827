// Started by a test in a mount namespace with a small /dev/shm: opens a source and prints how it gets on.
import { bundledBuild } from '../../../src-worker/capture/ffmpeg/build.ts';
import { madeUpWebcam, SessionRig } from './live-session-rig.ts';

const rig = new SessionRig(madeUpWebcam('testsrc2=size=160x120'), {
  build: bundledBuild,
  webcamSystem: 'lavfi',
});
rig.session.open();
await rig.until('a state', () => rig.status?.state === 'FAULTED' || rig.frames.length > 20);
const warned = rig.warnings.some((line) => line.includes('scarce'));
console.log(JSON.stringify({ state: rig.status?.state, cause: rig.status?.cause, warned }));
await rig.tearDown();
process.exit(0);
