import type { CrossingPath, CrossingPicture, EvidenceWish } from '#shared/domain/evidence.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Crossing, Line } from '#shared/domain/line.ts';
import type { AnalysisStep } from '../counting/analysis.ts';
import { anchorOf, type PathPoint } from '../counting/anchor.ts';
import { type CountingSettings, defaultCountingSettings } from '../counting/counting-settings.ts';
import { polylineDistance } from '../counting/geometry.ts';
import type { FollowedBox } from '../tracking/followed-box.ts';
import { bytesOf, FramePictures, type MomentPixels, type PixelReader, packed } from './frame-pictures.ts';
import { PictureMoments } from './picture-moments.ts';
import { TrackPaths } from './track-paths.ts';

export interface EvidenceOptions {
  readonly lines: readonly Line[];
  readonly wish: EvidenceWish;
  /** Where the pictures of a crossing go. */
  send(pictures: AsyncIterable<CrossingPicture>): void;
  /** A picture could not be taken, with what was thrown. */
  failed(thrown: unknown): void;
  readonly counting?: CountingSettings;
}

/** The frame in hand, while its pixels are still in the ring. */
export interface FrameAtHand {
  readonly frame: FrameDescriptor;
  readonly ptsMs: number;
  /** The lines where they lie in this picture. */
  readonly lines: readonly Line[];
  readonly reader: PixelReader | null;
}

/** A track in the frame at hand, where it was before, and the lines. */
interface Sighting {
  readonly box: FollowedBox;
  readonly point: PathPoint;
  readonly before: { readonly x: number; readonly y: number } | null;
  readonly lines: readonly Line[];
}

/** Pixels kept of moments that may become crossings, over all tracks of a run. */
const MAX_BYTES = 48 * 1024 * 1024;
/** How far an object can get until the next frame, in steps like its last one. */
const REACH_STEPS = 1.2;
/** The same for an object that was seen once, in sizes. */
const FIRST_REACH = 0.5;

/**
 * Keeps what a crossing was decided on: the way of its track, and pictures of the frame it happened in. Decides
 * nothing itself, and no failure of it ever reaches the counting.
 */
export class EvidenceKeeper {
  readonly #options: EvidenceOptions;
  readonly #counting: CountingSettings;
  readonly #paths = new TrackPaths();
  readonly #moments = new PictureMoments<MomentPixels>();
  /** Of the last frame. */
  #ptsMs = 0;

  constructor(options: EvidenceOptions) {
    this.#options = options;
    this.#counting = options.counting ?? defaultCountingSettings;
  }

  /** Whether frames have to stay in the ring until they were looked at. */
  get needsPixels(): boolean {
    return this.#options.wish !== 'off' && this.#options.lines.length > 0;
  }

  /** Tracks whose way is kept. */
  get ways(): number {
    return this.#paths.size;
  }

  /** Takes what a frame added; `at` is null at the end of the run. Returns the ways of its crossings. */
  take(step: AnalysisStep, at: FrameAtHand | null): CrossingPath[] {
    if (this.#options.lines.length === 0) return [];
    if (at !== null) this.#follow(step.followed, at);
    const paths = step.crossings.map(({ number, trackId }) => this.#paths.of(number, trackId));
    for (const crossing of step.crossings) this.#guard(() => this.#picture(crossing, step.followed, at));
    if (at !== null) this.#ptsMs = at.ptsMs;
    // A hole ends tracks too: there is no frame then.
    for (const trackId of step.ended) this.#paths.end(trackId, this.#ptsMs);
    if (at !== null) {
      this.#paths.forget(at.ptsMs);
      const open = new Set(step.followed.map(({ trackId }) => trackId));
      this.#moments.forget(at.frame.seq - 300, (trackId) => open.has(trackId));
      this.#moments.limit(MAX_BYTES, bytesOf);
    }
    return paths;
  }

  #follow(boxes: readonly FollowedBox[], { frame, ptsMs, lines, reader }: FrameAtHand): void {
    const size = { frame: frame.seq, ptsMs, width: frame.width, height: frame.height };
    const pictures =
      reader !== null && this.needsPixels
        ? new FramePictures(reader, frame, ptsMs, this.#options.wish)
        : null;
    for (const box of boxes) {
      if (box.origin === 'predicted') continue;
      const point = anchorOf(box, this.#counting.anchor, size);
      const before = this.#paths.before(box.trackId, point.frame);
      this.#paths.add(box.trackId, { frame: point.frame, ptsMs: point.ptsMs, x: point.x, y: point.y });
      if (pictures === null || box.frame !== frame.seq) continue;
      this.#guard(() => this.#photograph({ box, point, before, lines }, pictures));
    }
  }

  /** A picture is never worth a crossing. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#options.failed(thrown);
    }
  }

  /** Takes a picture when the track may be crossing a line just now. */
  #photograph({ box, point, before, lines }: Sighting, pictures: FramePictures): void {
    const { hysteresis, hysteresisPx } = this.#counting;
    const step =
      before === null
        ? FIRST_REACH * point.size
        : REACH_STEPS * Math.hypot(point.x - before.x, point.y - before.y);
    const reach = Math.max(hysteresisPx, hysteresis * point.size, step);
    let pixels: MomentPixels | null = null;
    for (const line of lines) {
      const distance = polylineDistance(line.points, point);
      if (distance > reach) continue;
      const moment = {
        trackId: box.trackId,
        line: line.name,
        frame: point.frame,
        x: point.x,
        y: point.y,
        size: point.size,
        distance,
      };
      if (!this.#moments.wants(moment)) continue;
      pixels ??= pictures.take(box.box);
      if (pixels === null) return;
      this.#moments.add(moment, pixels);
    }
  }

  #picture(crossing: Crossing, boxes: readonly FollowedBox[], at: FrameAtHand | null): void {
    if (!this.needsPixels) return;
    const kept = this.#moments.take(crossing)?.picture ?? this.#pictureNow(crossing, boxes, at);
    if (kept !== null) this.#options.send(packed(crossing.number, kept));
  }

  /** Better a picture of some frames later, which says so, than none. */
  #pictureNow(
    { trackId }: Crossing,
    boxes: readonly FollowedBox[],
    at: FrameAtHand | null,
  ): MomentPixels | null {
    const box = boxes.find((each) => each.trackId === trackId && each.frame === at?.frame.seq);
    if (at === null || at.reader === null || box === undefined) return null;
    return new FramePictures(at.reader, at.frame, at.ptsMs, this.#options.wish).take(box.box);
  }
}
