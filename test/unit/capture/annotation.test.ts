import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderAnnotation } from '../../../src-worker/capture/annotation.ts';
import { bundledBuild } from '../../../src-worker/capture/ffmpeg/build.ts';
import { probeMedia } from '../../../src-worker/capture/media-probe.ts';
import { testClip, textClip } from '../../fixtures/clips.ts';
import { ffmpeg, temporaryFolder } from '../../fixtures/ffmpeg.ts';
import { SessionRun } from '../../fixtures/session-run.ts';

const { folder, remove } = temporaryFolder('annotation');
const at = (...names: string[]): string => path.join(folder, ...names);
const never = new AbortController().signal;
const ODD = `it's [a] "b", c:d; ${'شارع'}, 100%`;

/** A script that fills a white rectangle over the whole picture from 0.2 s on, with a letter in it. */
const SCRIPT = `[Script Info]
ScriptType: v4.00+
PlayResX: 160
PlayResY: 120
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, BorderStyle, Outline, Shadow, Alignment
Style: box,DejaVu Sans,20,&H00FFFFFF,&H00000000,&H00000000,1,0,0,7
[Events]
Format: Layer, Start, End, Style, Text
Dialogue: 0,0:00:00.20,0:00:09.00,box,{\\pos(0,0)\\p1}m 0 0 l 160 0 160 120 0 120
`;

/** Mean brightness of one frame of a film. */
async function brightness(file: string, frame: number): Promise<number> {
  const out = at(`frame-${frame}.gray`);
  const pick = `select=eq(n\\,${frame}),scale=1:1:flags=area,format=gray`;
  await ffmpeg('-i', `file:${file}`, '-vf', pick, '-frames:v', '1', '-f', 'rawvideo', `file:${out}`);
  return (await readFile(out))[0] ?? 0;
}

/** Times of all frames that a player would show, milliseconds. */
async function frameTimes(file: string): Promise<(number | null)[]> {
  const run = new SessionRun(file);
  await run.whole();
  return run.frames.map((frame) => frame.ptsMs);
}

beforeAll(async () => {
  await mkdir(at(ODD));
  await testClip(at('plain.mp4'), { frames: 30 });
  await copyFile(at('plain.mp4'), at(ODD, `${ODD}.mp4`));
  await writeFile(at(ODD, `${ODD}.ass`), SCRIPT);
}, 30_000);
afterAll(remove);

describe('an annotated copy of a video', { timeout: 30_000 }, () => {
  it('has the script drawn over every frame at its time, whatever the files are called', async () => {
    const outPath = at(ODD, `out ${ODD}.mp4`);
    const order = { videoPath: at(ODD, `${ODD}.mp4`), assPath: at(ODD, `${ODD}.ass`), outPath };
    const progress: number[] = [];
    const frames = await renderAnnotation(await bundledBuild(), order, (n) => progress.push(n), never);
    expect(frames).toBe(30);
    expect(progress.at(-1)).toBe(30);
    const { info } = await probeMedia(await bundledBuild(), outPath);
    expect(info).toMatchObject({ codec: 'h264', width: 160, height: 120 });
    expect(await frameTimes(outPath)).toEqual(Array.from({ length: 30 }, (_, n) => n * 40));
    const before = await brightness(outPath, 0);
    expect(await brightness(outPath, 20)).toBeGreaterThan(230);
    expect(before).toBeLessThan(200);
    expect((await readdir(at(ODD))).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('writes letters with the fonts that come with it', async () => {
    const text = SCRIPT.replace(/\{.*$/m, '{\\pos(5,5)\\fs60}سيارة car');
    const emptyText = SCRIPT.replace(/\{.*$/m, '');
    const films: number[] = [];
    for (const [name, script] of [
      ['text', text],
      ['no-text', emptyText],
    ] as const) {
      await ffmpeg(
        '-f',
        'lavfi',
        '-i',
        'color=black:size=160x120:rate=25:duration=1',
        '-c:v',
        'libx264',
        at(`${name}.mp4`),
      );
      await writeFile(at(`${name}.ass`), script);
      const order = {
        videoPath: at(`${name}.mp4`),
        assPath: at(`${name}.ass`),
        outPath: at(`${name}-out.mp4`),
      };
      await renderAnnotation(await bundledBuild(), order, () => {}, never);
      films.push(await brightness(order.outPath, 20));
    }
    expect(films[0]).toBeGreaterThan((films[1] ?? 255) + 5);
  });

  it('makes odd sides even, which H.264 needs', async () => {
    const clip = await testClip(at('odd.avi'), { width: 161, height: 121, frames: 5 });
    await writeFile(at('odd.ass'), SCRIPT);
    const order = { videoPath: clip.path, assPath: at('odd.ass'), outPath: at('odd-out.mp4') };
    expect(await renderAnnotation(await bundledBuild(), order, () => {}, never)).toBe(5);
    expect((await probeMedia(await bundledBuild(), order.outPath)).info).toMatchObject({
      width: 162,
      height: 122,
    });
  });

  it('names a place that cannot be written to and leaves nothing behind', async () => {
    const order = {
      videoPath: at('plain.mp4'),
      assPath: at(ODD, `${ODD}.ass`),
      outPath: at('no', 'such', 'out.mp4'),
    };
    await expect(renderAnnotation(await bundledBuild(), order, () => {}, never)).rejects.toMatchObject({
      kind: 'output-unwritable',
    });
    await mkdir(at('taken.mp4', 'full'), { recursive: true });
    const taken = { ...order, outPath: at('taken.mp4') };
    await expect(renderAnnotation(await bundledBuild(), taken, () => {}, never)).rejects.toMatchObject({
      kind: 'output-unwritable',
    });
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('refuses what is no video', async () => {
    const order = {
      videoPath: await textClip(at('text-as.mp4')),
      assPath: at(ODD, `${ODD}.ass`),
      outPath: at('o.mp4'),
    };
    await expect(renderAnnotation(await bundledBuild(), order, () => {}, never)).rejects.toMatchObject({
      kind: 'file-not-video',
    });
  });

  it('can be given up, and leaves nothing behind', async () => {
    await testClip(at('long.mp4'), { width: 320, height: 240, frames: 600 });
    await writeFile(at('long.ass'), SCRIPT);
    const abort = new AbortController();
    const order = { videoPath: at('long.mp4'), assPath: at('long.ass'), outPath: at('long-out.mp4') };
    const rendering = renderAnnotation(await bundledBuild(), order, () => abort.abort(), abort.signal);
    await expect(rendering).rejects.toMatchObject({ kind: 'stopped' });
    expect(
      (await readdir(folder)).filter((name) => name.startsWith('long-out') || name.endsWith('.part')),
    ).toEqual([]);
  });
});
