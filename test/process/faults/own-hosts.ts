// Started by a test in a mount namespace with an /etc/hosts of its own: opens a camera under a name that nobody has,
// gives the name to this machine, and prints how the source got on before and after.
import { appendFileSync } from 'node:fs';
import { bundledBuild } from '../../../src-worker/capture/ffmpeg/build.ts';
import { SessionRig } from './live-session-rig.ts';

const name = 'camera.invalid';
const url = `rtsp://${name}:${process.argv[2]}/cam`;
const rig = new SessionRig({ kind: 'rtsp', url, transport: 'tcp' }, { build: bundledBuild });
const gaps = (): string[] => rig.gaps.map(({ cause }) => cause);
rig.session.open();
await rig.until('a cause', () => (rig.status?.cause ?? null) !== null);
const before = { state: rig.status?.state, kind: rig.status?.cause?.kind, gaps: gaps() };
appendFileSync('/etc/hosts', `127.0.0.1 ${name}\n`);
await rig.until('pictures', () => rig.frames.length > 20, 25_000);
console.log(JSON.stringify({ before, after: { state: rig.status?.state, gaps: gaps() } }));
await rig.tearDown();
process.exit(0);
