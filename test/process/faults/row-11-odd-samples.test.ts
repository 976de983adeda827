import { expect, it } from 'vitest';
import type { ClipOrder } from '../../drivers/rtsp-clips.ts';
import { cameraFault, type Stage } from './live-fixture.ts';
import type { Told } from './live-rig.ts';

const WIDTH = 336;
const HEIGHT = 208;
/** Samples of 8 bits: what rounding of another depth and the loss of coding may make of the mean of a quarter. */
const SLACK = 4;

const KINDS: readonly (readonly [string, Omit<ClipOrder, 'scene'>])[] = [
  ['interlaced', { interlaced: true }],
  ['10 bits', { samples: 'yuv420p10le' }],
  ['4:2:2', { samples: 'yuv422p' }],
  ['10 bits in 4:2:2', { samples: 'yuv422p10le' }],
  ['H.265 of 10 bits', { codec: 'h265', samples: 'yuv420p10le' }],
];

type Frame = Extract<Told, { kind: 'frame' }>;

async function shown(stage: Stage, name: string, order: ClipOrder): Promise<Frame[]> {
  const { codec = 'h264' } = order;
  const clip = await stage.clip(name, { scene: 'still', width: WIDTH, height: HEIGHT, seconds: 2, ...order });
  const server = await stage.camera(clip, { codec });
  const rig = stage.rig();
  await rig.rtsp(server.url('/cam'));
  await rig.untilState('LIVE', 25_000);
  await rig.untilFrames(40, 25_000);
  expect(rig.path()).toEqual(['CONNECTING', 'LIVE']);
  expect(rig.status?.decodeErrors).toBe(0);
  expect(rig.tornReads).toEqual([]);
  await rig.close();
  await server.kill();
  return rig.told.filter((each) => each.kind === 'frame');
}

cameraFault('row 11: cameras that store their samples in another way', (stage) => {
  let plain: Promise<Frame[]> | null = null;
  for (const [what, order] of KINDS) {
    it(`${what}: pictures of the true size and the true colours, at rising times`, async () => {
      plain ??= shown(stage, 'plain.h264', {});
      const truth = (await plain).at(-1)?.small ?? [];
      expect(truth).toHaveLength(6);
      const odd = await shown(stage, `${what.replace(/\W/g, '-')}.clip`, order);
      for (const { frame } of odd) expect(frame).toMatchObject({ width: WIDTH, height: HEIGHT });
      const times = odd.map(({ frame }) => frame.ptsMs ?? -1);
      expect(times.every((ms, n) => n === 0 || ms > (times[n - 1] ?? 0))).toBe(true);
      // As far apart as those of the camera are, so no half picture passes for a whole one.
      const apartMs = ((times.at(-1) ?? 0) - (times[10] ?? 0)) / (times.length - 11);
      expect(apartMs).toBeGreaterThan(35);
      expect(apartMs).toBeLessThan(45);
      const differs = Array.from(truth, (sample, n) => Math.abs(sample - (odd.at(-1)?.small[n] ?? 0)));
      expect(Math.max(...differs)).toBeLessThanOrEqual(SLACK);
    });
  }
});
