import { captureDetection } from '#shared/contracts/capture-detection.contract.ts';
import { captureUi } from '#shared/contracts/capture-ui.contract.ts';
import { mainCapture } from '#shared/contracts/main-capture.contract.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';
import type { Runtime, WorkerBody } from '../_runtime/boot.ts';
import { renderAnnotation } from './annotation.ts';
import { ffmpegBuild } from './ffmpeg/build.ts';
import { FileSession } from './file-session.ts';
import { probeMedia } from './media-probe.ts';
import { PreviewHub } from './preview-hub.ts';
import type { SessionOrder } from './session-order.ts';

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
  let session: FileSession | null = null;

  const main = runtime.openMain(mainCapture, {
    requests: {
      'source.open': async (order) => {
        if (session !== null) throw new NamedError('bad-argument', 'this process has a source already');
        if (order.input.kind !== 'file')
          throw new NamedError('bad-argument', `${order.input.kind} is not a file`);
        const opening = newSession({ ...order, path: order.input.path });
        session = opening;
        try {
          return { media: await opening.open() };
        } catch (thrown) {
          if (session === opening) session = null;
          previews.end();
          throw thrown;
        }
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
          return { frames: await renderAnnotation(await ffmpegBuild(), order, onProgress, abort.signal) };
        } finally {
          rendering.delete(abort);
        }
      },
      'input.get': () => {
        throw new NamedError('bad-argument', 'only files can be opened');
      },
      'devices.list': () => ({ devices: [] }),
      'media.get': async ({ path }) => (await probeMedia(await ffmpegBuild(), path)).info,
    },
    messages: {},
  });

  runtime.onAttach('capture-detection', (port) => {
    detection?.close();
    detection = runtime.open(captureDetection, 'from', port, { messages: {} });
  });
  runtime.onAttach('capture-ui', (port) => previews.attach(port));

  function newSession(order: SessionOrder): FileSession {
    const { sourceId, runId } = order;
    const own = new FileSession(order, {
      build: ffmpegBuild,
      clock: runtime.clock,
      schedule: runtime.schedule,
      openReader: async (ready) => {
        if (detection === null)
          throw new NamedError('not-ready', 'nothing to analyse the frames is connected');
        await detection.request(
          'ring.open',
          { sourceId, runId, mode: order.mode, ...ready },
          { timeoutMs: RING_OPEN_LIMIT_MS },
        );
        // The answer may come after this source was closed and another opened.
        if (session === own) previews.begin(sourceId, runId, ready.ring);
      },
      onFrame: (frame) => {
        detection?.send('frame.ready', { frame });
        runtime.worked();
        previews.offer(frame);
      },
      onProgress: (decoded, ptsMs) => main.send('source.progressed', { sourceId, decoded, ptsMs }),
      onEnd: (end) => {
        detection?.send('source.ended', { runId, decoded: end.decoded });
        main.send('source.ended', { sourceId, runId, ...end });
      },
    });
    return own;
  }

  async function closeSource(): Promise<void> {
    const closing = session;
    await closing?.close();
    previews.end();
    if (session === closing) session = null;
  }

  return {
    ready: async () => {
      const build = await ffmpegBuild();
      runtime.log.info('ffmpeg found', { version: build.version, path: build.path });
    },
    busy: () => session?.busy === true,
    queues: () => ({ renderings: rendering.size }),
    drain: async () => {
      for (const abort of rendering) abort.abort();
      await closeSource();
    },
  };
}
