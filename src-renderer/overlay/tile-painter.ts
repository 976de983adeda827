import type { Point } from '#shared/domain/point.ts';
import type { SourceFeed } from '../live/source-feed.ts';
import { drawOverlay } from './draw-overlay.ts';
import { letterbox, type Placement, type Size, toPicture } from './letterbox.ts';
import type { OverlayScene } from './overlay-scene.ts';

/** Width of a tile, in CSS pixels, from which its ink grows. */
const GROWS_FROM_PX = 1100;

export interface PainterParts {
  readonly picture: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  readonly feed: SourceFeed;
  /** Asked anew for every drawing. */
  readonly scene: () => OverlayScene;
}

/** Canvas pixels for one pixel of ink: lines and words grow with large pictures, as seen from across a room. */
function inkRatio(canvasWidth: number): number {
  const screenRatio = window.devicePixelRatio;
  return screenRatio * Math.min(2, Math.max(1, canvasWidth / screenRatio / GROWS_FROM_PX));
}

function sheetFor(sheet: OffscreenCanvas | null, size: Size): OffscreenCanvas {
  const fits = sheet?.width === size.width && sheet.height === size.height;
  return fits ? sheet : new OffscreenCanvas(size.width, size.height);
}

/** Draws one tile outside React: a picture and its boxes together, once per display frame and only when needed. */
export class TilePainter {
  readonly #parts: PainterParts;
  #request: number | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #placement: Placement | null = null;
  #redrawPicture = true;
  /** The picture at its own size, from which it is scaled to the tile. */
  #sheet: OffscreenCanvas | null = null;
  readonly #wake = (): void => this.schedule();

  constructor(parts: PainterParts, intervalMs: number) {
    this.#parts = parts;
    parts.feed.watch(this.#wake, intervalMs);
  }

  /** The tile's size in pixels of the screen; both canvases get as many. */
  resize(tile: Size): void {
    const size = { width: Math.max(1, tile.width), height: Math.max(1, tile.height) };
    for (const canvas of [this.#parts.picture, this.#parts.overlay]) {
      canvas.width = size.width;
      canvas.height = size.height;
    }
    this.#redrawPicture = true;
    this.#parts.feed.resize(size);
    this.schedule();
  }

  /** Draws with the next display frame. */
  schedule(): void {
    this.#request ??= requestAnimationFrame((nowMs) => this.#draw(nowMs));
  }

  /** A point of the window in pixels of the source, or null while its size is not known. */
  pointAt(clientX: number, clientY: number): Point | null {
    if (this.#placement === null) return null;
    const bounds = this.#parts.overlay.getBoundingClientRect();
    const ratio = this.#parts.overlay.width / Math.max(1, bounds.width);
    const at = { x: (clientX - bounds.left) * ratio, y: (clientY - bounds.top) * ratio };
    return toPicture(at, this.#placement);
  }

  /** So many CSS pixels in pixels of the source. */
  reach(pixels: number): number {
    return (pixels * window.devicePixelRatio) / (this.#placement?.scale ?? 1);
  }

  stop(): void {
    if (this.#request !== null) cancelAnimationFrame(this.#request);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#request = null;
    this.#parts.feed.unwatch(this.#wake);
  }

  #draw(nowMs: number): void {
    this.#request = null;
    const { feed, picture, overlay } = this.#parts;
    const scene = this.#parts.scene();
    const stepped = feed.step(nowMs);
    const source = feed.shown?.picture.payload.source ?? scene.source;
    this.#placement = source === null ? null : letterbox(source, overlay);
    if (stepped || this.#redrawPicture) this.#drawPicture(picture);
    const context = overlay.getContext('2d');
    if (context !== null) {
      context.clearRect(0, 0, overlay.width, overlay.height);
      const surface = { context, ratio: inkRatio(overlay.width) };
      if (this.#placement !== null) drawOverlay(surface, scene, feed.shown, feed, this.#placement, nowMs);
    }
    if (!scene.reducedMotion && feed.flashes.isActive(nowMs)) this.schedule();
    this.#wakeWhenDue(nowMs);
  }

  #drawPicture(canvas: HTMLCanvasElement): void {
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) return;
    context.fillStyle = '#05070a';
    context.fillRect(0, 0, canvas.width, canvas.height);
    const shown = this.#parts.feed.shown;
    if (shown === null || this.#placement === null) return;
    const { x, y, width, height } = this.#placement;
    context.imageSmoothingQuality = 'high';
    const { image } = shown.picture.payload;
    this.#sheet = sheetFor(this.#sheet, image);
    this.#sheet.getContext('2d', { willReadFrequently: true })?.putImageData(image, 0, 0);
    context.drawImage(this.#sheet, x, y, width, height);
    this.#redrawPicture = false;
    canvas.dataset.seq = String(shown.picture.seq);
    canvas.dataset.boxes = String(shown.boxes.length);
    canvas.dataset.match = shown.origin;
  }

  /** A picture whose boxes never come has to be drawn some time, without anything else waking us. */
  #wakeWhenDue(nowMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const dueMs = this.#parts.feed.nextDueMs(nowMs);
    this.#timer = dueMs === null ? null : setTimeout(this.#wake, dueMs + 1);
  }
}
