import { NamedError } from '#shared/contracts/wire-error.ts';
import type { Calibration } from '#shared/domain/calibration.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { Crossing, Line } from '#shared/domain/line.ts';
import type { Gate } from '#shared/domain/movement.ts';
import type { Point } from '#shared/domain/point.ts';
import type { Regions, RunSettings } from '#shared/domain/run.ts';
import type { TrackBox } from '#shared/domain/track.ts';
import type { ClassRule } from '#shared/domain/tuning.ts';
import type { Zone } from '#shared/domain/zone.ts';
import { hasAllowedSize } from './class-rules.ts';
import type { AnalysisStep } from './counting/analysis.ts';
import type { Detector, DetectorInput, PictureView } from './model/detector.ts';
import { shiftBox } from './model/letterbox.ts';
import { mergeTiles, type TileFinds, tileViews } from './model/tiles.ts';
import { everywhere, footOf, isLookedAt, maskOf } from './regions.ts';
import type { TrackOutlook } from './tracking/outlook.ts';

/** Width and height in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * How pictures of one size are looked at: what goes to the model, and where lines and zones lie.
 *
 * The part that is looked at (`crop`, else all of it) is what tracking and counting take for the picture, with its
 * own upper left corner as the origin: an object that leaves the part leaves for good, at an edge, as it does at the
 * edge of a picture. `admit` goes from picture to part, `toPicture` back.
 */
export class Scene {
  /** The part looked at, and after it its tiles, if there are to be any. */
  readonly inputs: readonly [DetectorInput, ...DetectorInput[]];
  readonly #tiles: readonly PictureView[];
  readonly #rules: readonly ClassRule[];
  /** Size of the part looked at. */
  readonly view: PictureView;
  /** In pixels of the part. */
  readonly lines: readonly Line[];
  /** The same lines in pixels of the picture. */
  readonly linesInPicture: readonly Line[];
  readonly zones: readonly Zone[];
  /** The zones in pixels of the picture. */
  readonly pictureZones: readonly Zone[];
  readonly gates: readonly Gate[];
  readonly calibration?: Calibration;
  readonly #size: PictureSize;
  readonly #regions: Regions;

  /** `drawnOn`: the picture that lines, zones and regions were drawn on. Throws `bad-argument` for a crop outside it. */
  constructor(settings: RunSettings, detector: Detector, size: PictureSize, drawnOn: PictureSize) {
    const { width, height } = size;
    const scale = scaling(width / drawnOn.width, height / drawnOn.height);
    const regions = scaledRegions(settings.regions ?? everywhere, scale);
    const view = viewOf(regions, size);
    const shift = (point: Point): Point => ({ x: point.x - view.x, y: point.y - view.y });
    const place = <T extends { points: Point[] }>(shape: T): T => ({
      ...shape,
      points: shape.points.map(scale).map(shift),
    });
    this.#size = size;
    this.#regions = regions;
    this.view = view;
    this.lines = settings.lines.map(place);
    this.linesInPicture = settings.lines.map((line) => ({ ...line, points: line.points.map(scale) }));
    this.zones = settings.zones.map(place);
    this.pictureZones = settings.zones.map((zone) => ({ ...zone, points: zone.points.map(scale) }));
    this.gates = (settings.gates ?? []).map(place);
    if (settings.calibration) {
      const points = settings.calibration.points.map(({ image, ground }) => ({
        image: shift(scale(image)),
        ground,
      }));
      this.calibration = { points };
    }
    const whole = view.width === width && view.height === height;
    const masked = regions.include.length > 0 || regions.exclude.length > 0;
    const { tiles, inputSize, classRules = [] } = settings.tuning ?? {};
    this.#rules = classRules;
    this.#tiles = tiles ? tileViews(view, tiles) : [];
    this.inputs = [
      whole && !masked
        ? detector.inputFor(width, height, inputSize)
        : detector.inputOf(view, height, inputSize),
      ...this.#tiles.map((tile) => detector.inputOf(tile, height, inputSize)),
    ];
  }

  /**
   * What was found in each of the inputs, each object once; of that what stands on a place that is looked at and has a
   * size that it may have. In pixels of the picture.
   */
  admit(found: readonly Detection[][]): Detection[] {
    const [detections = [], ...rest] = found;
    const tiles = rest.flatMap((finds, i): TileFinds[] => {
      const view = this.#tiles[i];
      return view ? [{ view, detections: finds }] : [];
    });
    const all = tiles.length > 0 ? mergeTiles({ view: this.view, detections }, tiles) : detections;
    const sized =
      this.#rules.length > 0 ? all.filter((each) => hasAllowedSize(each, this.#rules, this.#size)) : all;
    const { include, exclude } = this.#regions;
    if (include.length === 0 && exclude.length === 0) return sized;
    return sized.filter(({ box }) => isLookedAt(this.#regions, footOf(box, this.#size.height)));
  }

  /** Detections in pixels of the part. */
  toView<D extends Detection>(detections: readonly D[]): readonly D[] {
    const { x, y } = this.view;
    if (x === 0 && y === 0) return detections;
    return detections.map((detection) => ({ ...detection, box: shiftBox(detection.box, -x, -y) }));
  }

  /** What analysis found in the part, in pixels of the picture. */
  toPicture(step: AnalysisStep): AnalysisStep {
    const { x, y } = this.view;
    if (x === 0 && y === 0) return step;
    const box = (track: TrackBox): TrackBox => ({ ...track, box: shiftBox(track.box, x, y) });
    const crossing = (found: Crossing): Crossing => ({ ...found, x: found.x + x, y: found.y + y });
    return {
      ...step,
      followed: step.followed.map((track) => ({
        ...track,
        box: shiftBox(track.box, x, y),
        whole: shiftBox(track.whole, x, y),
      })),
      tracks: step.tracks.map(box),
      backfill: step.backfill.map(box),
      crossings: step.crossings.map(crossing),
    };
  }

  /** Where tracks of the part are and go, in pixels of the picture. */
  outlookInPicture(outlook: readonly TrackOutlook[]): TrackOutlook[] {
    return outlook.map((each) => shiftOutlook(each, this.view.x, this.view.y));
  }
}

/** Where tracks are and go, moved by so many pixels. */
function shiftOutlook(outlook: TrackOutlook, x: number, y: number): TrackOutlook {
  const ahead = outlook.ahead.map((expected) => ({ ...expected, box: shiftBox(expected.box, x, y) }));
  return { ...outlook, box: shiftBox(outlook.box, x, y), ahead };
}

/** The scenes of a run by picture size: a camera may change it, and change it back. */
export class SceneBook {
  readonly #settings: RunSettings;
  readonly #detector: Detector;
  readonly #scenes = new Map<string, Scene>();
  #drawnOn: PictureSize | null;

  constructor(settings: RunSettings, detector: Detector) {
    this.#settings = settings;
    this.#detector = detector;
    this.#drawnOn = settings.picture ?? null;
  }

  /** Lines and zones were drawn on the picture that the settings name; if they name none, on the first one. */
  sceneOf({ width, height }: PictureSize): Scene {
    this.#drawnOn ??= { width, height };
    const key = `${width}x${height}`;
    let scene = this.#scenes.get(key);
    if (scene === undefined) {
      scene = new Scene(this.#settings, this.#detector, { width, height }, this.#drawnOn);
      this.#scenes.set(key, scene);
    }
    return scene;
  }
}

type Scale = (point: Point) => Point;

const scaling =
  (x: number, y: number): Scale =>
  (point) => ({ x: point.x * x, y: point.y * y });

function scaledRegions({ include, exclude, crop }: Regions, scale: Scale): Regions {
  const [from, to] = [
    scale({ x: crop?.x1 ?? 0, y: crop?.y1 ?? 0 }),
    scale({ x: crop?.x2 ?? 0, y: crop?.y2 ?? 0 }),
  ];
  return {
    include: include.map((polygon) => polygon.map(scale)),
    exclude: exclude.map((polygon) => polygon.map(scale)),
    crop: crop && { x1: from.x, y1: from.y, x2: to.x, y2: to.y },
  };
}

/** Whole pixels that have all of the crop, inside the picture. */
function viewOf(regions: Regions, { width, height }: PictureSize): PictureView {
  const { crop } = regions;
  const x = Math.max(0, Math.floor(crop?.x1 ?? 0));
  const y = Math.max(0, Math.floor(crop?.y1 ?? 0));
  const right = Math.min(width, Math.ceil(crop?.x2 ?? width));
  const bottom = Math.min(height, Math.ceil(crop?.y2 ?? height));
  if (right - x < 2 || bottom - y < 2) {
    throw new NamedError(
      'bad-argument',
      `the region of interest lies outside of the picture (${width}x${height})`,
    );
  }
  return { x, y, width: right - x, height: bottom - y, maskOf: (fit) => maskOf(regions, fit) };
}
