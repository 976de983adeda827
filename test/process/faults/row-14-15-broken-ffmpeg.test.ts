import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { stubFfmpeg } from '../../fixtures/stub-ffmpeg.ts';
import { fault } from './live-fixture.ts';
import { SessionRig } from './live-session-rig.ts';

const webcam = { kind: 'webcam', device: 'testsrc2', width: null, height: null, fps: null } as const;
setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');
/** What is really held, after everything that could be thrown away was. */
function heldBytes(): number {
  if (typeof collect === 'function') collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}
const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

fault('rows 14 and 15: an ffmpeg that is broken', (stage) => {
  it('is missing: FAULTED with its name, looked for again each minute, and nothing else falls', async () => {
    const missing = {
      path: stage.at('none'),
      version: '',
      library: [0, 0],
      options: new Set<string>(),
      setpriv: null,
    };
    const rig = new SessionRig(webcam, {
      build: async () => ({ ...missing, library: [0, 0] }),
      webcamSystem: 'lavfi',
    });
    rig.session.open();
    await rig.until('FAULTED', () => rig.status?.state === 'FAULTED');
    expect(rig.status?.cause?.kind).toBe('ffmpeg-missing');
    expect((rig.status?.nextTryWallMs ?? 0) - Date.now()).toBeGreaterThan(50_000);
    await rig.tearDown();
    expect(rig.end).toMatchObject({ decoded: 0, complete: false });
  });

  it('leaves with 127: the next try comes by itself', async () => {
    const build = stubFfmpeg(
      stage.at('leaves'),
      "console.error('cannot open shared object'); process.exit(127)",
    );
    const rig = new SessionRig(webcam, { build: async () => build, webcamSystem: 'lavfi' });
    rig.session.open();
    await rig.until('a second try', () => rig.statuses.some(({ attempt }) => attempt === 1));
    // Its last words are in the log, with the loss they belong to.
    expect(rig.warnings.find((each) => each.startsWith('source lost'))).toContain(
      'cannot open shared object',
    );
    expect(rig.statuses.find(({ state }) => state === 'RETRYING')?.cause?.message).toContain('127');
    await rig.tearDown();
  });

  it('floods its log: memory does not grow, and it is given up for having no picture', async () => {
    const flood =
      "const line = 'x'.repeat(65536); const go = () => { while (process.stderr.write(line)) {} process.stderr.once('drain', go); }; go();";
    const build = stubFfmpeg(stage.at('floods'), flood);
    const policy = { connectLimitMs: 6000 };
    const rig = new SessionRig(webcam, { build: async () => build, webcamSystem: 'lavfi', policy });
    rig.session.open();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const before = heldBytes();
    await rig.until('the end of the try', () => rig.status?.cause?.kind === 'camera-no-picture', 20_000);
    const grown = heldBytes() - before;
    console.log(`flood of stderr for 4 s: ${megabytes(grown)} MB more`);
    expect(megabytes(grown)).toBeLessThan(20);
    for (const line of rig.status?.log ?? []) expect(line.length).toBeLessThanOrEqual(1000);
    await rig.tearDown();
  });
});
