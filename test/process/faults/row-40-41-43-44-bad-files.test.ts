import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ODD_NAMES, testClip, textClip, truncatedClip } from '../../fixtures/clips.ts';
import { ffmpeg } from '../../fixtures/ffmpeg.ts';
import { fault } from './live-fixture.ts';
import { childProcesses } from './own-process.ts';

fault('row 40: a file that is no film', (stage) => {
  it('is refused by its name, and the next one is opened as if nothing had been', async () => {
    writeFileSync(stage.at('empty.mp4'), '');
    writeFileSync(stage.at('random.mp4'), randomBytes(200_000));
    const text = await textClip(stage.at('text.mp4'));
    const rig = stage.rig();
    await expect(rig.analyse(stage.at('empty.mp4'))).rejects.toMatchObject({ kind: 'file-empty' });
    await expect(rig.analyse(stage.at('random.mp4'))).rejects.toMatchObject({ kind: 'file-not-video' });
    await expect(rig.analyse(text)).rejects.toMatchObject({ kind: 'file-not-video' });
    expect(childProcesses()).toEqual([]);
    const clip = await testClip(stage.at('good.mp4'));
    expect(await rig.analyse(clip.path)).toMatchObject({ decoded: clip.frames, complete: true });
  });
});

fault('row 41: a film that was cut off', (stage) => {
  for (const kind of ['mkv', 'avi', 'mp4-front'] as const) {
    it(`says incomplete, and until when (${kind})`, async () => {
      const clip = await truncatedClip(stage.at(`cut.${kind === 'mp4-front' ? 'mp4' : kind}`), kind);
      const end = await stage.rig().analyse(clip.path);
      expect(end).toMatchObject({ complete: false, error: { kind: 'file-incomplete' } });
      expect(end.error?.message).toMatch(/incomplete at \d+\.\d\d s/);
      expect(end.decoded).toBeLessThan(clip.frames);
    });
  }
});

fault('row 43: odd names', (stage) => {
  it('give what a plain name gives', async () => {
    const plain = await testClip(stage.at('plain.mp4'), { frames: 10 });
    const seen = async (file: string): Promise<unknown> => {
      const rig = stage.rig();
      const { decoded, lastPtsMs, complete } = await rig.analyse(file);
      return { decoded, lastPtsMs, complete, times: rig.frames.map(({ ptsMs }) => ptsMs) };
    };
    const expected = await seen(plain.path);
    for (const name of ODD_NAMES) {
      const clip = await testClip(path.join(path.dirname(plain.path), name), { frames: 10 });
      expect(await seen(clip.path)).toEqual(expected);
    }
  });
});

fault('row 44: very large pictures', (stage) => {
  it('8K is decoded into a ring that fits, more is refused before memory is taken', async () => {
    const large = stage.at('8k.mp4');
    const pattern = (size: string): string[] => [
      '-f',
      'lavfi',
      '-i',
      `testsrc2=size=${size}:rate=25:duration=0.12`,
    ];
    const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
    await ffmpeg(...pattern('7680x4320'), ...coding, large);
    const rig = stage.rig();
    expect(await rig.analyse(large, 2)).toMatchObject({ decoded: 3, complete: true });
    expect(rig.frames[0]).toMatchObject({ width: 7680, height: 4320 });
    const beyond = stage.at('beyond.mp4');
    await ffmpeg(...pattern('8192x4608'), ...coding, beyond);
    await expect(stage.rig().analyse(beyond)).rejects.toMatchObject({ kind: 'frame-too-large' });
  });
});
