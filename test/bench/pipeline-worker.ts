import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { monoMs } from '#native';
import { captureDetection } from '#shared/contracts/capture-detection.contract.ts';
import type { LinkSpec, Side } from '#shared/contracts/contract.ts';
import { detectionStore, type RowBatch } from '#shared/contracts/detection-store.contract.ts';
import { detectionUi } from '#shared/contracts/detection-ui.contract.ts';
import { mainDetection } from '#shared/contracts/main-detection.contract.ts';
import { LinkEnd, type LinkHandlers, type Port, type Schedule } from '#shared/link/link-end.ts';
import type { Runtime } from '../../src-worker/_runtime/boot.ts';
import type { Log } from '../../src-worker/_runtime/log.ts';
import { detectionWorker } from '../../src-worker/detection/detection-worker.ts';

const threadFile = new URL('../../src-worker/detection/model/inference-thread.ts', import.meta.url);

const schedule: Schedule = (delayMs, fire) => {
  const timer = setTimeout(fire, delayMs);
  return () => clearTimeout(timer);
};
const options = { schedule };

/** A real message port of Node as a transport: messages are cloned as they are between processes. */
function portOf(port: MessagePort): Port {
  return {
    post: (data) => port.postMessage(data),
    listen: (receive) => port.on('message', (data: unknown) => receive(data, [])),
    close: () => port.close(),
    onClosed: (closed) => {
      port.once('close', closed);
    },
  };
}

type MainEnd = LinkEnd<typeof mainDetection, 'from'>;
type MainHandlers = LinkHandlers<typeof mainDetection, 'from'>['messages'];

type WindowHandlers = LinkHandlers<typeof detectionUi, 'to'>['messages'];

export interface HostedWindow {
  sent(): number;
  close(): void;
}

/** The detection worker, whole, in this process, with the other ends of its links in hand. */
export interface HostedDetection {
  readonly main: MainEnd;
  /** A port from a capture process of the source. */
  attachCapture(sourceId: string): LinkEnd<typeof captureDetection, 'from'>;
  /** A store that acknowledges what `take` resolves. */
  attachStore(take: (batch: RowBatch) => void | Promise<void>): void;
  /** A window that looks at the source; tells how much was sent to it and can be closed. */
  attachWindow(sourceId: string, show: WindowHandlers['result.published']): HostedWindow;
  busy(): boolean;
  close(): Promise<void>;
}

/** What main hears of and a caller does not ask for. */
const unheard: MainHandlers = {
  'model.begun': () => {},
  'looks.told': () => {},
  'run.progressed': () => {},
  'run.unstored': () => {},
  'run.finished': () => {},
  'run.failed': () => {},
  'region.opened': () => {},
  'region.closed': () => {},
  'frame.traced': () => {},
};

/**
 * Starts the worker's own code with message ports of Node in the place of Electron's. `worked` is called after each
 * frame that was taken through the model.
 */
export function hostDetection(
  handlers: Partial<MainHandlers>,
  log: Log,
  worked: () => void = () => {},
): HostedDetection {
  const ports: MessagePort[] = [];
  const attachers = new Map<string, (port: Port, sourceId: string | null) => void>();
  const pair = (): { near: Port; far: Port } => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    return { near: portOf(port1), far: portOf(port2) };
  };
  const mainPorts = pair();
  const runtime: Runtime = {
    log,
    schedule,
    clock: { monoMs, wallMs: () => Date.now() },
    openMain: (link, linkHandlers) => new LinkEnd(link, 'to', mainPorts.far, linkHandlers, options),
    open: <L extends LinkSpec, S extends Side>(
      link: L,
      side: S,
      port: Port,
      linkHandlers: LinkHandlers<L, S>,
      closed?: () => void,
    ) => {
      if (closed !== undefined) port.onClosed?.(closed);
      return new LinkEnd(link, side, port, linkHandlers, options);
    },
    onAttach: (link, attached) => attachers.set(link, attached),
    worked,
  };
  const body = detectionWorker(runtime, threadFile);
  const messages = { ...unheard, ...handlers };
  const main = new LinkEnd(mainDetection, 'from', mainPorts.near, { messages }, options);
  return {
    main,
    attachCapture(sourceId) {
      const { near, far } = pair();
      attachers.get('capture-detection')?.(far, sourceId);
      return new LinkEnd(captureDetection, 'from', near, { messages: {} }, options);
    },
    attachStore(take) {
      const { near, far } = pair();
      attachers.get('detection-store')?.(far, null);
      const write = async (batch: RowBatch): Promise<{ runId: number; batch: number }> => {
        await take(batch);
        return { runId: batch.runId, batch: batch.batch };
      };
      new LinkEnd(
        detectionStore,
        'to',
        near,
        { requests: { 'rows.write': write, 'picture.keep': () => ({}) }, messages: {} },
        options,
      );
    },
    attachWindow(sourceId, show) {
      const { near, far } = pair();
      let sent = 0;
      const post: Port['post'] = (data) => {
        sent += 1;
        far.post(data);
      };
      attachers.get('detection-ui')?.({ ...far, post }, sourceId);
      const handlers = { requests: {}, messages: { 'result.published': show } };
      const window = new LinkEnd(detectionUi, 'to', near, handlers, options);
      return { sent: () => sent, close: () => window.close() };
    },
    busy: () => body.busy(),
    async close() {
      await body.drain(2000);
      for (const port of ports) port.close();
    },
  };
}
