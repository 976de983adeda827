import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { RingReader, unlinkRing } from '#native';
import { captureDetection } from '#shared/contracts/capture-detection.contract.ts';
import { captureUi } from '#shared/contracts/capture-ui.contract.ts';
import { mainCapture } from '#shared/contracts/main-capture.contract.ts';
import { LinkEnd, type Port } from '#shared/link/link-end.ts';
import type { Runtime, WorkerBody } from '../../../src-worker/_runtime/boot.ts';
import { createCapture } from '../../../src-worker/capture/capture-worker.ts';
import { pipeOptions as options, portPipe } from '../../drivers/port-pipe.ts';
import { testClip, textClip } from '../../fixtures/clips.ts';
import { temporaryFolder } from '../../fixtures/ffmpeg.ts';

const { folder, remove } = temporaryFolder('worker');
const at = (name: string): string => path.join(folder, name);
afterAll(remove);

type Ended = z.output<(typeof mainCapture)['events']['source.ended']>;
type Posted = z.output<(typeof captureUi)['notices']['preview.posted']>;

let rigs = 0;

/** The worker's body between real links; the test is main, detection and a window. */
class Rig {
  readonly ring = `/ivis-test-w${process.pid.toString(36)}-${rigs++}`;
  readonly ended: Ended[] = [];
  readonly end = Promise.withResolvers<Ended>();
  readonly frames: number[] = [];
  readonly told: number[] = [];
  readonly posted: Posted[] = [];
  readonly body: WorkerBody;
  readonly main: LinkEnd<typeof mainCapture, 'from'>;
  worked = 0;
  #reader: RingReader | null = null;

  constructor() {
    const attached = new Map<string, (port: Port, sourceId: string | null) => void>();
    const [mainPort, workerPort] = portPipe();
    const runtime: Runtime = {
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      schedule: options.schedule,
      clock: { monoMs: () => performance.now(), wallMs: () => Date.now() },
      openMain: (link, handlers) => new LinkEnd(link, 'to', workerPort, handlers, options),
      open: (link, side, port, handlers) => new LinkEnd(link, side, port, handlers, options),
      onAttach: (link, attach) => attached.set(link, attach),
      worked: () => {
        this.worked += 1;
      },
    };
    this.body = createCapture(runtime);
    this.main = new LinkEnd(mainCapture, 'from', mainPort, this.#mainHandlers(), options);
    const [detectionPort, toDetection] = portPipe();
    new LinkEnd(captureDetection, 'to', detectionPort, this.#detectionHandlers(), options);
    attached.get('capture-detection')?.(toDetection, 'test');
    const [windowPort, toWindow] = portPipe();
    const window: LinkEnd<typeof captureUi, 'to'> = new LinkEnd(
      captureUi,
      'to',
      windowPort,
      {
        requests: {},
        messages: {
          'preview.posted': (picture) => {
            this.posted.push(picture);
            window.send('preview.shown', { seq: picture.frame.seq });
          },
        },
      },
      options,
    );
    attached.get('capture-ui')?.(toWindow, 'test');
    window.send('preview.sized', { width: 80, height: 80 });
  }

  open(file: string, mode: 'analyse' | 'play' = 'analyse') {
    const input = { kind: 'file' as const, path: file, loop: false };
    const order = { sourceId: 'test', runId: 7, input, login: null, mode, ring: this.ring, slots: 4 };
    return this.main.request('source.open', order, { timeoutMs: 20_000 });
  }

  async tearDown(): Promise<void> {
    await this.body.drain(1000);
    this.#reader?.close();
    unlinkRing(this.ring);
  }

  #mainHandlers() {
    return {
      messages: {
        'source.progressed': () => {},
        'source.ended': (end: Ended) => {
          this.ended.push(end);
          this.end.resolve(end);
        },
        'source.changed': () => {},
        'source.described': () => {},
        'gap.began': () => {},
        'gap.ended': () => {},
        'recording.changed': () => {},
        'annotation.progressed': () => {},
      },
    };
  }

  #detectionHandlers() {
    return {
      requests: {
        'ring.open': ({ ring }: { ring: string }) => {
          this.#reader = RingReader.open(ring, { register: true });
          return {};
        },
      },
      messages: {
        'frame.ready': ({ frame }: { frame: { seq: number } }) => {
          this.frames.push(frame.seq);
          this.#reader?.release(frame.seq + 1);
        },
        'gap.began': () => {},
        'gap.ended': () => {},
        'frames.dropped': () => {},
        'source.ended': ({ decoded }: { decoded: number }) => this.told.push(decoded),
      },
    };
  }
}

let rig: Rig | null = null;
const newRig = (): Rig => {
  rig = new Rig();
  return rig;
};
afterEach(async () => {
  await rig?.tearDown();
  rig = null;
});

describe('the capture worker', { timeout: 30_000 }, () => {
  it('opens a file, tells detection of every frame, and tells both of the end once', async () => {
    const clip = await testClip(at('a.mp4'), { frames: 60 });
    const r = newRig();
    await r.body.ready();
    const { media } = await r.open(clip.path);
    expect(media).toMatchObject({ width: 160, height: 120, durationMs: 2400 });
    expect(await r.end.promise).toEqual({
      sourceId: 'test',
      runId: 7,
      decoded: 60,
      lastPtsMs: 59 * 40,
      complete: true,
      error: null,
      decodeErrors: 0,
    });
    expect(r.frames).toEqual(Array.from({ length: 60 }, (_, n) => n));
    expect(r.told).toEqual([60]);
    expect(r.worked).toBe(60);
    expect(r.body.busy()).toBe(false);
    await r.main.request('source.close', {});
    expect(r.ended).toHaveLength(1);
  });

  it('shows previews of the size of the tile, and the last frame among them', async () => {
    const clip = await testClip(at('shown.mp4'), { frames: 50 });
    const r = newRig();
    await r.open(clip.path, 'play');
    expect(r.body.busy()).toBe(true);
    await r.end.promise;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(r.posted.at(-1)?.frame.seq).toBe(49);
    expect(r.posted.length).toBeGreaterThan(2);
    for (const picture of r.posted) {
      expect(picture).toMatchObject({ width: 80, height: 60, sourceId: 'test', runId: 7 });
      expect(picture.pixels.length).toBe(80 * 60 * 1.5);
    }
    expect(new Set(r.posted[0]?.pixels).size).toBeGreaterThan(20);
  });

  it('refuses a second source, and takes a new one after closing', async () => {
    const clip = await testClip(at('b.mp4'), { frames: 200 });
    const r = newRig();
    await r.open(clip.path, 'play');
    await expect(r.open(clip.path)).rejects.toMatchObject({ kind: 'bad-argument' });
    await r.main.request('source.close', {});
    expect(await r.end.promise).toMatchObject({ complete: false, error: { kind: 'stopped' } });
    unlinkRing(r.ring);
    await expect(r.open(clip.path)).resolves.toMatchObject({ media: { width: 160 } });
  });

  it('answers a bad file with its error and tells of no end', async () => {
    const r = newRig();
    await expect(r.open(await textClip(at('text.mp4')))).rejects.toMatchObject({ kind: 'file-not-video' });
    await expect(r.open(at('nowhere.mp4'))).rejects.toMatchObject({ kind: 'file-not-found' });
    expect(r.ended).toEqual([]);
    expect(r.body.busy()).toBe(false);
  });

  it('tells of a file without opening it', async () => {
    const clip = await testClip(at('c.mp4'), { frames: 10 });
    const r = newRig();
    await expect(
      r.main.request('media.get', { path: clip.path }, { timeoutMs: 20_000 }),
    ).resolves.toMatchObject({
      expectedFrames: 10,
    });
  });

  it('draws an annotated copy', async () => {
    const clip = await testClip(at('d.mp4'), { frames: 10 });
    // Nothing was found in the video: a script without a single line.
    const script =
      '[Script Info]\nScriptType: v4.00+\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: a,DejaVu Sans\n';
    await writeFile(at('d.ass'), `${script}[Events]\nFormat: Layer, Start, End, Style, Text\n`);
    const order = { videoPath: clip.path, assPath: at('d.ass'), outPath: at('d-out.mp4') };
    const r = newRig();
    await expect(r.main.request('annotation.render', order, { timeoutMs: 20_000 })).resolves.toEqual({
      frames: 10,
    });
  });
});
