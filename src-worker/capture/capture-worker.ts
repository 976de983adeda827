import { captureDetection } from '#shared/contracts/capture-detection.contract.ts';
import { captureUi } from '#shared/contracts/capture-ui.contract.ts';
import { mainCapture } from '#shared/contracts/main-capture.contract.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';
import type { Runtime, WorkerBody } from '../_runtime/boot.ts';
import { renderAnnotation } from './annotation.ts';
import { bundledBuild, fileBuild, streamBuild, writerBuild } from './ffmpeg/build.ts';
import { findDecoders } from './ffmpeg/decoders.ts';
import { webcamSystem } from './ffmpeg/webcam-arguments.ts';
import { FileSession } from './file-session.ts';
import { testInput } from './live/input-test.ts';
import type { LiveOrder } from './live/live-order.ts';
import { livePolicy } from './live/live-policy.ts';
import { LiveSession } from './live/live-session.ts';
import { listWebcams } from './live/webcam-list.ts';
import { probeMedia } from './media-probe.ts';
import { PreviewHub } from './preview-hub.ts';
import { cutClip } from './recording/clip-cut.ts';
import { RecordingTap } from './recording/recording-tap.ts';
import type { RingReady, SessionEnd, SessionOrder } from './session-order.ts';

/** Detection may be loading its model when a source is opened. */
const RING_OPEN_LIMIT_MS = 15_000;

/** The capture process: one source at a time, previews of it, and annotated copies of videos. */
export function createCapture(runtime: Runtime): WorkerBody {
  const previews = new PreviewHub({
    monoMs: runtime.clock.monoMs,
    schedule: runtime.schedule,
    open: (port, handlers) => runtime.open(captureUi, 'from', port, handlers),
    onNoPreview: (why) => runtime.log.warn('no preview', { why }),
  });
  const rendering = new Set<AbortController>();
  let detection: LinkEnd<typeof captureDetection, 'from'> | null = null;
  let session: FileSession | LiveSession | null = null;
  const tap = new RecordingTap({
    clock: runtime.clock,
    schedule: runtime.schedule,
    onStatus: (status) => main.send('recording.changed', status),
    onDamage: (why) => runtime.log.warn('the stream cannot be recorded', { why }),
  });

  const main = runtime.openMain(mainCapture, {
    requests: {
      'source.open': async (order) => {
        if (session !== null) throw new NamedError('bad-argument', 'this process has a source already');
        const { input } = order;
        if (input.kind !== 'file' || (input.loop && order.mode !== 'analyse')) {
          const live = newLive(order);
          session = live;
          live.open();
          return { media: null };
        }
        const opening = newSession({ ...order, path: input.path });
        session = opening;
        try {
          return { media: await opening.open() };
        } catch (thrown) {
          if (session === opening) session = null;
          previews.end();
          throw thrown;
        }
      },
      'source.yield': async ({ runId, hole }) => {
        if (!(session instanceof LiveSession)) throw new NamedError('bad-argument', 'no live source is open');
        await session.handOver(runId, hole);
        return {};
      },
      'source.close': async () => {
        await closeSource();
        return {};
      },
      'annotation.render': async (order) => {
        const abort = new AbortController();
        rendering.add(abort);
        try {
          const onProgress = (frames: number): void => {
            runtime.worked();
            main.send('annotation.progressed', { frames });
          };
          return { frames: await renderAnnotation(await writerBuild(), order, onProgress, abort.signal) };
        } finally {
          rendering.delete(abort);
        }
      },
      'recording.configure': (settings) => {
        tap.configure(settings);
        return {};
      },
      'clip.keep': async ({ fromWallMs, toWallMs, folder }) => ({
        pieces: await tap.keep(fromWallMs, toWallMs, folder),
      }),
      'clip.cut': async (order) => {
        const abort = new AbortController();
        rendering.add(abort);
        try {
          return await cutClip(await writerBuild(), order, () => runtime.worked(), abort.signal);
        } finally {
          rendering.delete(abort);
        }
      },
      'input.get': async (order) =>
        testInput(order, { build: streamBuild, system: webcamSystem(process.platform) }),
      'devices.list': async () => ({ devices: await listWebcams(await streamBuild()) }),
      'decoders.get': () => findDecoders(),
      'media.get': async ({ path }) => (await probeMedia(await fileBuild(), path)).info,
    },
    messages: {
      'source.suspended': ({ fromWallMs, noticed }) => {
        if (session instanceof LiveSession) session.suspend(fromWallMs, noticed);
      },
      'source.limited': (limits) => {
        if (session instanceof LiveSession) session.limit(limits);
      },
      'source.resumed': () => {
        if (session instanceof LiveSession) session.resume();
      },
    },
  });

  runtime.onAttach('capture-detection', (port) => {
    detection?.close();
    detection = runtime.open(captureDetection, 'from', port, { messages: {} });
  });
  runtime.onAttach('capture-ui', (port) => previews.attach(port));

  function newSession(order: SessionOrder): FileSession {
    const { sourceId, runId } = order;
    const own: FileSession = new FileSession(order, {
      build: fileBuild,
      clock: runtime.clock,
      schedule: runtime.schedule,
      openReader: (ready) => openReader(order, ready, () => session === own),
      onFrame: (frame) => {
        detection?.send('frame.ready', { frame });
        runtime.worked();
        previews.offer(frame);
      },
      onGap: (gap) => detection?.send('gap.began', { runId, gap }),
      onWarning: (what, fields) => runtime.log.warn(what, { sourceId, ...fields }),
      onProgress: (decoded, ptsMs) => main.send('source.progressed', { sourceId, decoded, ptsMs }),
      onEnd: (end) => tellEnd(sourceId, runId, end),
    });
    return own;
  }

  function newLive(order: LiveOrder): LiveSession {
    const { sourceId, mode } = order;
    const own: LiveSession = new LiveSession(order, {
      build: streamBuild,
      clock: runtime.clock,
      schedule: runtime.schedule,
      policy: { ...livePolicy, random: Math.random },
      webcamSystem: webcamSystem(process.platform),
      tap,
      openReader: (ready) => openReader({ sourceId, mode, runId: own.run.id }, ready, () => session === own),
      onFrame: (frame) => {
        detection?.send('frame.ready', { frame });
        runtime.worked();
      },
      onPicture: (frame) => {
        // Also the pictures of a black or frozen camera are work: without them it would pass for hung.
        runtime.worked();
        previews.offer(frame);
      },
      onDropped: (reason, frames) => detection?.send('frames.dropped', { runId: own.run.id, reason, frames }),
      onGapBegan: (gap) => {
        detection?.send('gap.began', { runId: own.run.id, gap });
        main.send('gap.began', { sourceId, runId: own.run.id, gap });
      },
      onGapEnded: (gap) => {
        detection?.send('gap.ended', { runId: own.run.id, gap });
        main.send('gap.ended', { sourceId, runId: own.run.id, gap });
      },
      onNote: (gap) => {
        detection?.send('gap.began', { runId: own.run.id, gap });
        main.send('gap.began', { sourceId, runId: own.run.id, gap });
      },
      onStatus: (status) => main.send('source.changed', { sourceId, runId: own.run.id, status }),
      onDescribed: (media) => main.send('source.described', { sourceId, runId: own.run.id, media }),
      onProgress: (decoded, ptsMs) => main.send('source.progressed', { sourceId, decoded, ptsMs }),
      onEnd: (end) => tellEnd(sourceId, own.run.id, end, own.run.first),
      onWarning: (what, fields) => runtime.log.warn(what, { sourceId, ...fields }),
    });
    return own;
  }

  /** Resolves when detection has registered at the ring; from then on it is shown, unless it is another's turn. */
  async function openReader(
    { sourceId, runId, mode }: Pick<SessionOrder, 'sourceId' | 'runId' | 'mode'>,
    ready: RingReady,
    isOpen: () => boolean,
  ): Promise<void> {
    if (detection === null) throw new NamedError('not-ready', 'nothing to analyse the frames is connected');
    const order = { sourceId, runId, mode, ...ready };
    await detection.request('ring.open', order, { timeoutMs: RING_OPEN_LIMIT_MS });
    // The answer may come after this source was closed and another opened.
    if (isOpen()) previews.begin(sourceId, runId, ready.ring);
  }

  /** `before`: pictures that were decoded for the runs before this one. */
  function tellEnd(sourceId: string, runId: number, end: SessionEnd, before = 0): void {
    detection?.send('source.ended', { runId, decoded: Math.max(0, end.decoded - before) });
    main.send('source.ended', { sourceId, runId, ...end });
  }

  async function closeSource(): Promise<void> {
    const closing = session;
    await closing?.close();
    await tap.close();
    previews.end();
    if (session === closing) session = null;
  }

  return {
    ready: async () => {
      // Nobody waits for it here: another one may do, and whoever needs one that is not there says so.
      void bundledBuild().then(
        ({ version, path }) => runtime.log.info('ffmpeg found', { version, path }),
        (thrown: unknown) => runtime.log.warn('the ffmpeg of ivis is missing', { why: String(thrown) }),
      );
    },
    busy: () => session?.busy === true,
    queues: () => ({ renderings: rendering.size }),
    drain: async () => {
      for (const abort of rendering) abort.abort();
      await closeSource();
    },
  };
}
