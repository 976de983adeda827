import type { z } from 'zod';
import { captureUi } from '#shared/contracts/capture-ui.contract.ts';
import { detectionUi } from '#shared/contracts/detection-ui.contract.ts';
import type { RunMode } from '#shared/domain/run.ts';
import { LinkEnd, type Port } from '#shared/link/link-end.ts';
import { ClockOffset } from '../overlay/clock-offset.ts';
import { FlashMemory } from '../overlay/flash-memory.ts';
import { DEFAULT_LIMITS, FrameMatcher, type MatchedPicture } from '../overlay/frame-matcher.ts';
import type { FrameResult } from '../overlay/frame-result.ts';
import { previewSize, type Size } from '../overlay/letterbox.ts';
import { TrailMemory } from '../overlay/trail-memory.ts';
import { schedule } from '../ports.ts';
import { CreditPace } from './credit-pace.ts';
import { PaintTally } from './paint-tally.ts';
import { toImage } from './picture-pixels.ts';
import { PicturePool } from './picture-pool.ts';

type Preview = z.output<(typeof captureUi)['notices']['preview.posted']>;

export interface LivePicture {
  readonly runId: number;
  readonly image: ImageData;
  /** Size of the source's own picture: what boxes and lines are measured in. */
  readonly source: Size;
  readonly monoMs: number;
}

/** Pictures of a source that no tile shows: enough to have one when it is chosen. */
const HIDDEN_MS = 1000;
/** While analysing nobody waits for the moment itself: better a late picture with its own boxes than one without. */
const ANALYSE_WAIT_MS = 3000;
/** Pictures that may still come while the queue is full. */
const IN_FLIGHT = 2;

/** Everything live of one source: its two links, the pictures waiting for boxes, trails and flashes. Knows no canvas. */
export class SourceFeed {
  readonly trails = new TrailMemory();
  readonly flashes = new FlashMemory();
  readonly clock = new ClockOffset();
  readonly painted = new PaintTally();
  /** The picture on show with its boxes; its image goes back to the pool when the next one takes its place. */
  shown: MatchedPicture<LivePicture> | null = null;
  /** Page times of the pictures drawn in the last two seconds. */
  drawnMs: number[] = [];
  readonly #pool = new PicturePool(DEFAULT_LIMITS.pictures);
  #converting: Promise<void> = Promise.resolve();
  #matcher: FrameMatcher<LivePicture> = new FrameMatcher();
  #mode: RunMode = 'play';
  #runId = 0;
  #capture: LinkEnd<typeof captureUi, 'to'> | null = null;
  #detection: LinkEnd<typeof detectionUi, 'to'> | null = null;
  #size: Size | null = null;
  #wake: (() => void) | null = null;
  #pace = new CreditPace(HIDDEN_MS);
  #paceTimer: (() => void) | null = null;

  /** Takes over a port for one of the two links; an older one is closed. */
  acceptCapture(port: Port): void {
    this.#capture?.close();
    this.#pace.clear();
    this.#capture = new LinkEnd(
      captureUi,
      'to',
      port,
      { requests: {}, messages: { 'preview.posted': (body) => this.#receivePicture(body) } },
      { schedule },
    );
    if (this.#size !== null) this.#capture.send('preview.sized', this.#size);
  }

  acceptDetection(port: Port): void {
    this.#detection?.close();
    this.#detection = new LinkEnd(
      detectionUi,
      'to',
      port,
      { requests: {}, messages: { 'result.published': (body) => this.#receiveResult(body.runId, body) } },
      { schedule },
    );
  }

  /** Pictures that wait for their boxes. */
  get waiting(): number {
    return this.#matcher.waiting;
  }

  get linked(): boolean {
    return this.#capture !== null && this.#detection !== null;
  }

  /** A tile shows this source: `wake` is called when there may be something to draw. */
  watch(wake: () => void, intervalMs: number): void {
    this.#wake = wake;
    this.#pace.setInterval(intervalMs);
    this.#answer();
    wake();
  }

  unwatch(wake: () => void): void {
    if (this.#wake !== wake) return;
    this.#wake = null;
    this.#pace.setInterval(HIDDEN_MS);
  }

  /** Playing, an operator sees the moment; analysing, pictures wait longer for their boxes. */
  setMode(mode: RunMode): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#startRun(this.#runId);
  }

  /** The size of the tile in device pixels. */
  resize(tile: Size): void {
    const size = previewSize(tile);
    if (size.width === this.#size?.width && size.height === this.#size.height) return;
    this.#size = size;
    this.#capture?.send('preview.sized', size);
  }

  /** Moves on to the newest picture whose boxes are known; true when there is a new one. */
  step(nowMs: number): boolean {
    const taken = this.#matcher.take(nowMs);
    if (taken === null) return false;
    for (const picture of taken.overtaken) this.#pool.giveBack(picture.payload.image);
    this.painted.overtaken += taken.overtaken.length;
    // Nobody looks: what is drawn then says nothing of what people see.
    if (this.#wake !== null) this.painted.drawn(this.clock.ageMs(taken.picture.payload.monoMs, nowMs));
    if (this.shown !== null) this.#pool.giveBack(this.shown.picture.payload.image);
    this.shown = taken;
    this.drawnMs = [...this.drawnMs.filter((drawn) => drawn > nowMs - 2000), nowMs];
    this.#answer();
    return true;
  }

  /** Milliseconds until a waiting picture is drawn without its boxes; null when none waits. */
  nextDueMs(nowMs: number): number | null {
    return this.#matcher.nextDueMs(nowMs);
  }

  close(): void {
    this.#capture?.close();
    this.#detection?.close();
    this.#paceTimer?.();
    this.#matcher.reset();
    this.shown = null;
  }

  /** One after another, so that pictures keep their order; each is answered whatever becomes of it. */
  #receivePicture(body: Preview): void {
    const arrivedMs = performance.now();
    this.clock.observe(body.frame.monoMs, arrivedMs);
    this.#converting = this.#converting
      .then(() => this.#addPicture(body, arrivedMs))
      .catch((thrown: unknown) => console.warn(`picture ${body.frame.seq} not shown: ${String(thrown)}`))
      .then(() => {
        this.#pace.owe(body.frame.seq);
        this.#answer();
        this.#wakeOrStep(performance.now());
      });
  }

  async #addPicture({ runId, frame, width, height, pixels }: Preview, arrivedMs: number): Promise<void> {
    if (runId < this.#runId) return;
    const image = await toImage({ pixels, width, height, sourceHeight: frame.height }, this.#pool);
    // A newer run may have begun meanwhile.
    if (runId < this.#runId) return this.#pool.giveBack(image);
    if (runId > this.#runId) this.#startRun(runId);
    const source = { width: frame.width, height: frame.height };
    const payload: LivePicture = { runId, image, source, monoMs: frame.monoMs };
    const { seq, ptsMs } = frame;
    for (const left of this.#matcher.addPicture({ seq, ptsMs, arrivedMs, payload })) {
      this.#pool.giveBack(left.payload.image);
    }
  }

  #receiveResult(runId: number, result: FrameResult): void {
    if (runId < this.#runId) return;
    if (runId > this.#runId) this.#startRun(runId);
    const nowMs = performance.now();
    this.#matcher.addResult(result);
    this.trails.add(result);
    this.flashes.add(result.crossings, nowMs);
    this.#wakeOrStep(nowMs);
  }

  #wakeOrStep(nowMs: number): void {
    if (this.#wake !== null) this.#wake();
    else this.step(nowMs);
  }

  /** Nothing of an earlier run may be matched with this one. The last picture stays on show until the first new one. */
  #startRun(runId: number): void {
    for (const picture of this.#matcher.reset()) this.#pool.giveBack(picture.payload.image);
    this.#runId = runId;
    const waitMs = this.#mode === 'analyse' ? ANALYSE_WAIT_MS : DEFAULT_LIMITS.waitMs;
    this.#matcher = new FrameMatcher({ ...DEFAULT_LIMITS, waitMs });
    this.trails.clear();
    this.flashes.clear();
    this.painted.clear();
  }

  /** Gives credits back as fast as the pace and the room in the queue allow. */
  #answer(): void {
    this.#paceTimer?.();
    this.#paceTimer = null;
    const nowMs = performance.now();
    if (this.#pace.owed === 0 || this.#matcher.waiting > DEFAULT_LIMITS.pictures - IN_FLIGHT) return;
    const seq = this.#pace.due(nowMs);
    if (seq !== null) this.#capture?.send('preview.shown', { seq });
    if (this.#pace.owed > 0) this.#paceTimer = schedule(this.#pace.waitMs(nowMs) + 1, () => this.#answer());
  }
}
