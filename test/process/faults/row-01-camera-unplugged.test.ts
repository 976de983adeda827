import { expect, it } from 'vitest';
import { cameraFault, report } from './live-fixture.ts';

cameraFault('row 1: the camera is unplugged', (stage) => {
  it('is lost at once, is tried again by itself, and goes on where the time has gone', async () => {
    const clip = await stage.clip('a.h264');
    const first = await stage.camera(clip);
    const rig = stage.rig();
    expect(await rig.rtsp(first.url('/cam'))).toEqual({ media: null });
    await rig.untilState('LIVE');
    await rig.untilFrames(30);

    await first.kill();
    report('killed to not LIVE', await rig.until('the loss', () => rig.status?.state !== 'LIVE', 5000));
    expect(rig.status).toMatchObject({ state: 'RETRYING', cause: { kind: 'camera-lost' } });
    await rig.until('a refused try', () => rig.status?.cause?.kind === 'camera-unreachable');
    const before = rig.frames.length;

    await stage.camera(clip, { port: first.port });
    const lostStates = rig.states.length;
    await rig.until('the try that finds it', () => rig.path(lostStates).includes('CONNECTING'), 20_000);
    report('try fired to LIVE', await rig.untilState('LIVE', 20_000));
    await rig.untilFrames(30);

    const [connecting, lost, ...more] = rig.gaps;
    expect(more).toEqual([]);
    expect(connecting).toMatchObject({ number: 0, cause: 'connecting', fromPtsMs: null });
    expect(lost).toMatchObject({ number: 1, cause: 'lost' });
    // The hole is as long in media time as it was on the clock.
    const wallMs = (lost?.toWallMs ?? 0) - (lost?.fromWallMs ?? 0);
    const mediaMs = (lost?.toPtsMs ?? 0) - (lost?.fromPtsMs ?? 0);
    expect(Math.abs(wallMs - mediaMs)).toBeLessThan(500);

    const frames = rig.frames;
    expect(frames.map(({ seq }) => seq)).toEqual(frames.map((_, n) => n));
    const times = frames.map(({ ptsMs }) => ptsMs ?? 0);
    expect(times.every((ms, n) => n === 0 || ms > (times[n - 1] ?? 0))).toBe(true);
    expect(frames.flatMap((frame, n) => (frame.discontinuity ? [n] : []))).toEqual([0, before]);
    expect(rig.tornReads).toEqual([]);
    // The same ring throughout: the picture kept its size.
    expect(rig.rings).toHaveLength(1);

    await rig.close();
    expect(rig.ends).toMatchObject([{ decoded: frames.length, complete: false, error: { kind: 'stopped' } }]);
    expect(rig.told.at(-1)).toEqual({ kind: 'over', decoded: rig.ends[0]?.decoded });
  });
});
