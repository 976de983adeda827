import { RingReader } from '#native';
import type { captureUi } from '#shared/contracts/capture-ui.contract.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { LinkEnd, LinkHandlers, Port, Schedule } from '#shared/link/link-end.ts';
import { type Picture, Preview } from './preview.ts';

/** A page that was loaded anew leaves its old port behind; it gives no credit back and so costs nothing. */
const MAX_WINDOWS = 4;

type WindowLink = LinkEnd<typeof captureUi, 'from'>;

export interface HubSurroundings {
  readonly monoMs: () => number;
  readonly schedule: Schedule;
  readonly open: (port: Port, handlers: LinkHandlers<typeof captureUi, 'from'>) => WindowLink;
  /** The ring cannot be read for previews; the analysis goes on without pictures for people. */
  readonly onNoPreview: (why: string) => void;
}

interface Shown {
  readonly sourceId: string;
  readonly runId: number;
  readonly reader: RingReader;
}

interface Window {
  readonly link: WindowLink;
  readonly preview: Preview;
}

/** The windows that show this source, each with a preview of its own size. */
export class PreviewHub {
  readonly #around: HubSurroundings;
  #windows: Window[] = [];
  #shown: Shown | null = null;

  constructor(around: HubSurroundings) {
    this.#around = around;
  }

  attach(port: Port): void {
    const preview = new Preview({
      monoMs: this.#around.monoMs,
      schedule: this.#around.schedule,
      scale: (frame, pixels, width, height) =>
        this.#shown !== null && this.#shown.reader.scaleInto(frame, pixels, width, height) === 'ok',
      post: (picture) => this.#post(link, picture),
    });
    const link = this.#around.open(port, {
      messages: {
        'preview.shown': ({ seq }) => preview.shown(seq),
        'preview.sized': (tile) => preview.resize(tile),
      },
    });
    this.#windows.push({ link, preview });
    while (this.#windows.length > MAX_WINDOWS) this.#windows.shift()?.link.close();
  }

  /** Shows frames of this ring from now on, as a guest whom the writer does not wait for. */
  begin(sourceId: string, runId: number, ring: string): void {
    this.end();
    try {
      this.#shown = { sourceId, runId, reader: RingReader.open(ring, { register: false }) };
    } catch (thrown) {
      this.#around.onNoPreview(String(thrown));
    }
  }

  offer(frame: FrameDescriptor): void {
    for (const { preview } of this.#windows) preview.offer(frame);
  }

  end(): void {
    for (const { preview } of this.#windows) preview.reset();
    this.#shown?.reader.close();
    this.#shown = null;
  }

  #post(link: WindowLink, { frame, width, height, pixels }: Picture): void {
    if (this.#shown === null) return;
    const { sourceId, runId } = this.#shown;
    link.send('preview.posted', { sourceId, runId, frame, width, height, pixels });
  }
}
