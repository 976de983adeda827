import { expect, it } from 'vitest';
import { cameraFault } from './live-fixture.ts';

cameraFault('row 31: the clock of the computer is set', (stage) => {
  for (const movedMs of [3_600_000, -3_600_000]) {
    it(`by ${movedMs / 60_000} minutes: it is noted, and neither times nor gaps suffer`, async () => {
      const server = await stage.camera(await stage.clip('a.h264'));
      const rig = stage.rig();
      await rig.rtsp(server.url('/cam'));
      await rig.untilFrames(10);
      rig.wallOffsetMs = movedMs;
      await rig.until('the note', () => rig.mainGaps.some(({ cause }) => cause === 'clock-jump'));
      await rig.untilFrames(10);
      expect(rig.path()).toEqual(['CONNECTING', 'LIVE']);
      // Told with its end, so that nobody stops counting for it.
      expect(rig.gaps).toMatchObject([
        { cause: 'connecting' },
        { cause: 'clock-jump', toWallMs: expect.any(Number) },
      ]);
      expect(rig.dropped).toBe(0);
      const times = rig.frames.map(({ ptsMs }) => ptsMs ?? 0);
      expect(
        times.every((ms, n) => n === 0 || (ms > (times[n - 1] ?? 0) && ms < (times[n - 1] ?? 0) + 1000)),
      ).toBe(true);
      const [note] = rig.mainGaps.filter(({ cause }) => cause === 'clock-jump');
      expect(note).toMatchObject({ fromWallMs: note?.toWallMs });
    });
  }
});
