import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { TransportCamera } from '../../drivers/transport-camera.ts';
import { ffmpeg } from '../../fixtures/ffmpeg.ts';
import { expectHealed } from './healed.ts';
import { cameraFault, fault, type Stage } from './live-fixture.ts';

cameraFault('row 11: the camera is set to another coding', (stage) => {
  it('goes on in the same ring, with a gap that says why', async () => {
    const first = await stage.clip('a.h264');
    const server = await stage.camera(first);
    const rig = stage.rig();
    await rig.rtsp(server.url('/cam'));
    await rig.untilFrames(10);
    await server.kill();
    const second = await stage.clip('a.h265', { codec: 'h265' });
    await stage.camera(second, { port: server.port, codec: 'h265' });
    await rig.until('the new coding', () => rig.media.at(-1)?.codec === 'hevc', 25_000);
    await expectHealed(rig, ['connecting', 'lost', 'codec-changed']);
    expect(rig.rings).toHaveLength(1);
  });

  it('shows pictures that refer to later ones in their order, with rising times', async () => {
    for (const codec of ['h264', 'h265'] as const) {
      const server = await stage.camera(await stage.clip(`b.${codec}`, { codec, bFrames: 3 }), { codec });
      const rig = stage.rig();
      await rig.rtsp(server.url('/cam'));
      await rig.untilState('LIVE', 25_000);
      await rig.untilFrames(40, 25_000);
      const times = rig.frames.map(({ ptsMs }) => ptsMs ?? -1);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(rig.tornReads).toEqual([]);
    }
  });
});

/** A transport stream of `seconds`, beginning at that second of its clock. */
async function stream(stage: Stage, name: string, seconds: number, fromS: number, coding: readonly string[]) {
  const file = stage.at(name);
  const picture = `testsrc2=size=160x120:rate=25:duration=${seconds}`;
  const clock = ['-output_ts_offset', String(fromS), '-muxdelay', '0', '-muxpreload', '0'];
  await ffmpeg('-f', 'lavfi', '-i', picture, ...coding, '-g', '25', ...clock, '-f', 'mpegts', file);
  return { file, seconds };
}

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];
const H264 = [...x264, '-pix_fmt', 'yuv420p'];
const H264_10BIT = [...x264, '-pix_fmt', 'yuv422p10le'];
const H265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:bframes=0'];

async function joined(stage: Stage, name: string, files: readonly string[]): Promise<string> {
  const bytes = await Promise.all(files.map((file) => readFile(file)));
  await writeFile(stage.at(name), Buffer.concat(bytes));
  return stage.at(name);
}

fault('row 11: another coding in mid-stream', (stage) => {
  it('of a camera: no picture of the one passes for one of the other, and it is opened anew with the cause', async () => {
    const camera = await TransportCamera.start(
      await stream(stage, 'first.ts', 3, 0, H264),
      await stream(stage, 'then.ts', 40, 3, H265),
    );
    const rig = stage.rig();
    await rig.open({ kind: 'http', url: camera.url });
    await rig.untilState('LIVE', 25_000);
    await rig.until('the new coding', () => rig.media.at(-1)?.codec === 'hevc', 40_000);
    await expectHealed(rig, ['connecting', 'stalled', 'codec-changed']);
    expect(rig.media.map(({ codec }) => codec)).toEqual(['h264', 'hevc']);
    // Three seconds of the first coding at most: what came of the second in the old decoder is no picture.
    const { fromPtsMs } = rig.gaps[1] ?? {};
    expect(rig.frames.filter(({ ptsMs }) => (ptsMs ?? 0) <= (fromPtsMs ?? 0)).length).toBeLessThanOrEqual(75);
    expect(rig.tornReads).toEqual([]);
    await rig.close();
    expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
    camera.stop();
  });

  it('of a file: every picture of both is there at its time, and no other', async () => {
    const first = await stream(stage, 'a.ts', 2, 0, H264);
    const then = await stream(stage, 'b.ts', 2, 2, H265);
    const rig = stage.rig();
    const end = await rig.analyse(await joined(stage, 'ab.ts', [first.file, then.file]));
    expect(end).toMatchObject({ decoded: 100, lastPtsMs: 3960, complete: true, decodeErrors: 0 });
    expect(rig.frames.map(({ ptsMs }) => Math.round(ptsMs ?? -1))).toEqual(
      Array.from({ length: 100 }, (_, n) => n * 40),
    );
    expect(rig.tornReads).toEqual([]);
    expect(rig.gaps).toMatchObject([{ cause: 'codec-changed', fromPtsMs: 1960, toPtsMs: 2000 }]);
    // Told between the last picture of the one and the first of the other.
    expect(rig.told[50]).toMatchObject({ kind: 'began' });
    expect(rig.logged.filter((line) => line.includes('"from":"H.264","to":"H.265"'))).toHaveLength(1);
  });

  it('of a file that is played again and again: each part is shown in each round, a gap where one turns into the other', async () => {
    const first = await stream(stage, 'e.ts', 2, 0, H264);
    const then = await stream(stage, 'f.ts', 2, 2, H265);
    const path = await joined(stage, 'ef.ts', [first.file, then.file]);
    const rig = stage.rig();
    await rig.open({ kind: 'file', path, loop: true });
    await rig.until(
      'two rounds',
      () => rig.gaps.filter(({ toPtsMs }) => toPtsMs !== null).length >= 5,
      40_000,
    );
    expect(rig.gaps.map(({ cause }) => cause).slice(0, 5)).toEqual([
      'connecting',
      ...Array(4).fill('codec-changed'),
    ]);
    expect(rig.path()).toEqual(['CONNECTING', 'LIVE']);
    expect(rig.media.map(({ codec }) => codec).slice(0, 4)).toEqual(['h264', 'hevc', 'h264', 'hevc']);
    const times = rig.frames.map(({ ptsMs }) => ptsMs ?? 0);
    expect(times.every((ms, n) => n === 0 || ms > (times[n - 1] ?? 0))).toBe(true);
    // Fifty pictures of each part, all but those that came while the change was not told yet.
    expect(rig.frames.filter(({ seq }) => seq < 200).length).toBeGreaterThan(180);
    expect(rig.tornReads).toEqual([]);
    await rig.close();
    expect(rig.ends[0]).toMatchObject({ decodeErrors: 0 });
    expect(rig.frames.length + rig.dropped).toBe(rig.ends[0]?.decoded);
  });

  it('of a file, from 8 bits to 10 in 4:2:2: converted, every picture there at its time', async () => {
    const first = await stream(stage, 'c.ts', 2, 0, H264);
    const then = await stream(stage, 'd.ts', 2, 2, H264_10BIT);
    const rig = stage.rig();
    const end = await rig.analyse(await joined(stage, 'cd.ts', [first.file, then.file]));
    expect(end).toMatchObject({ decoded: 100, complete: true, decodeErrors: 0 });
    expect(rig.frames.map(({ ptsMs }) => Math.round(ptsMs ?? -1))).toEqual(
      Array.from({ length: 100 }, (_, n) => n * 40),
    );
    expect(rig.tornReads).toEqual([]);
  });
});
