import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { probeArguments } from '../../../src-worker/capture/ffmpeg/arguments.ts';
import { bundledBuild } from '../../../src-worker/capture/ffmpeg/build.ts';
import { FfmpegChild } from '../../../src-worker/capture/ffmpeg/child.ts';
import { probeMedia } from '../../../src-worker/capture/media-probe.ts';
import {
  longSoundClip,
  playlistClip,
  rotatedClip,
  soundOnly,
  testClip,
  truncatedClip,
} from '../../fixtures/clips.ts';
import { ffmpeg, temporaryFolder } from '../../fixtures/ffmpeg.ts';

const { folder, remove } = temporaryFolder('probe');
const at = (name: string): string => path.join(folder, name);
const probe = async (file: string) => probeMedia(await bundledBuild(), file);
afterAll(remove);

describe('what is known of a video before it is decoded', { timeout: 30_000 }, () => {
  it.each([
    ['mp4', 'h264', 'mov,mp4,m4a,3gp,3g2,mj2'],
    ['mkv', 'h264', 'matroska,webm'],
    ['avi', 'mpeg4', 'avi'],
    ['ts', 'h264', 'mpegts'],
  ])('is size, rate, duration and codec (.%s)', async (kind, codec, container) => {
    const clip = await testClip(at(`a.${kind}`), { frames: 50 });
    const { info, durationPromised } = await probe(clip.path);
    expect(info).toMatchObject({
      path: clip.path,
      container,
      codec,
      width: 160,
      height: 120,
      rotation: 0,
      fps: 25,
      durationMs: 2000,
      expectedFrames: 50,
      startBasis: 'file-modified',
    });
    expect(durationPromised).toBe(true);
  });

  it('is the upright size of a turned film', async () => {
    const clip = await rotatedClip(at('turned.mp4'));
    const { info } = await probe(clip.path);
    expect([90, 270]).toContain(info.rotation);
    expect(info).toMatchObject({ width: 120, height: 160 });
  });

  it('is the time of recording where the container has it', async () => {
    const clip = await testClip(at('plain.mp4'), { frames: 5 });
    const dated = at('dated.mp4');
    await ffmpeg('-i', clip.path, '-c', 'copy', '-metadata', 'creation_time=2024-03-01T12:30:00Z', dated);
    const { info } = await probe(dated);
    expect(info).toMatchObject({ startBasis: 'container', startWallMs: Date.UTC(2024, 2, 1, 12, 30) });
  });

  it('finds the picture behind the sound', async () => {
    const clip = await longSoundClip(at('sound-later.mp4'), 3);
    expect((await probe(clip.path)).info).toMatchObject({ codec: 'h264', width: 160 });
  });

  it('says when a file is shorter than its container', async () => {
    const clip = await truncatedClip(at('cut.mkv'), 'mkv');
    expect((await probe(clip.path)).whole).toBe(false);
  });

  it('is a named error when there is no picture, or none that can be read', async () => {
    await expect(probe(await soundOnly(at('sound.mp4')))).rejects.toMatchObject({ kind: 'file-no-picture' });
    const noise = Buffer.alloc(5000, 'x');
    noise.write('\0\0\0\x18ftypisom', 0, 'latin1');
    await writeFile(at('noise.mp4'), noise);
    await expect(probe(at('noise.mp4'))).rejects.toMatchObject({ name: 'NamedError' });
    const cut = await truncatedClip(at('cut.mp4'), 'mp4');
    await expect(probe(cut.path)).rejects.toMatchObject({ kind: 'file-incomplete' });
  });

  it('comes from no other file, even if a playlist reached ffmpeg', async () => {
    const canary = await testClip(at('canary.ts'), { frames: 5 });
    for (const name of ['list.mp4', 'list.m3u8', 'list.ts']) {
      const list = await playlistClip(at(name), canary.path);
      const child = new FfmpegChild(await bundledBuild(), probeArguments(await bundledBuild(), list), {
        stdout: 'ignore',
      });
      expect((await child.ended).code).not.toBe(0);
      expect(child.log.join('\n')).not.toContain('Video:');
    }
  });

  it('is refused for a picture beyond all sizes', async () => {
    const huge = at('huge.mkv');
    await ffmpeg('-f', 'lavfi', '-i', 'color=size=8192x8192:rate=1:duration=1', '-c:v', 'mjpeg', huge);
    await expect(probe(huge)).rejects.toMatchObject({ kind: 'frame-too-large' });
  });

  it('is refused for a codec that is not on the list', async () => {
    const odd = at('odd.mkv');
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=5:duration=1', '-c:v', 'wmv2', odd);
    await expect(probe(odd)).rejects.toMatchObject({ kind: 'file-refused' });
  });
});
