import { expect, it } from 'vitest';
import { bundledBuild, type FfmpegBuild } from '../../../src-worker/capture/ffmpeg/build.ts';
import { stubFfmpeg } from '../../fixtures/stub-ffmpeg.ts';
import { expectHealed } from './healed.ts';
import { fault } from './live-fixture.ts';
import { SessionRig } from './live-session-rig.ts';
import { heldBytes, megabytes } from './own-process.ts';

const webcam = { kind: 'webcam', device: 'testsrc2', width: null, height: null, fps: null } as const;
/** An ffmpeg that is broken until somebody puts the one of ivis in its place. */
function replaceable(broken: FfmpegBuild) {
  const place = { mended: false, build: () => (place.mended ? bundledBuild() : Promise.resolve(broken)) };
  return place;
}

const ledgerCloses = async (rig: SessionRig): Promise<void> => {
  await rig.tearDown();
  expect(rig.frames.length + rig.dropped).toBe(rig.end?.decoded);
  expect(rig.end?.decoded).toBeGreaterThan(0);
};

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

  it('is missing, and is there at the next look: LIVE, the hole closed under its cause', async () => {
    const place = replaceable({ ...(await bundledBuild()), path: stage.at('none') });
    const policy = { minuteMs: 2000 };
    const rig = new SessionRig(webcam, { build: place.build, webcamSystem: 'lavfi', policy });
    rig.session.open();
    await rig.until('FAULTED', () => rig.status?.cause?.kind === 'ffmpeg-missing');
    place.mended = true;
    await expectHealed(rig, ['connecting', 'faulted']);
    await ledgerCloses(rig);
  });

  it('leaves with 127: the next try comes by itself, and is LIVE with one that does not', async () => {
    const place = replaceable(
      stubFfmpeg(stage.at('leaves'), "console.error('cannot open shared object'); process.exit(127)"),
    );
    const rig = new SessionRig(webcam, { build: place.build, webcamSystem: 'lavfi' });
    rig.session.open();
    await rig.until('a second try', () => rig.statuses.some(({ attempt }) => attempt === 1));
    // Its last words are in the log, with the loss they belong to.
    expect(rig.warnings.find((each) => each.startsWith('source lost'))).toContain(
      'cannot open shared object',
    );
    expect(rig.statuses.find(({ state }) => state === 'RETRYING')?.cause?.message).toContain('127');
    place.mended = true;
    await expectHealed(rig, ['connecting', 'lost']);
    await ledgerCloses(rig);
  });

  it('floods its log: memory does not grow, and one that does not takes its place', async () => {
    const flood =
      "const line = 'x'.repeat(65536); const go = () => { while (process.stderr.write(line)) {} process.stderr.once('drain', go); }; go();";
    const place = replaceable(stubFfmpeg(stage.at('floods'), flood));
    const policy = { connectLimitMs: 6000 };
    const rig = new SessionRig(webcam, { build: place.build, webcamSystem: 'lavfi', policy });
    rig.session.open();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const before = heldBytes();
    await rig.until('the end of the try', () => rig.status?.cause?.kind === 'camera-no-picture', 20_000);
    const grown = heldBytes() - before;
    console.log(`flood of stderr for 4 s: ${megabytes(grown)} MB more`);
    expect(megabytes(grown)).toBeLessThan(20);
    for (const line of rig.status?.log ?? []) expect(line.length).toBeLessThanOrEqual(1000);
    place.mended = true;
    await expectHealed(rig, ['connecting', 'stalled']);
    await ledgerCloses(rig);
  });
});
