import type { Point } from '#shared/domain/point.ts';
import { crossesItself, isConvexQuad, lengthOf } from './geometry.ts';
import type { ShapeKind } from './shapes.ts';

/** What is drawn on the picture. */
export type EditorTool = ShapeKind | 'include' | 'exclude' | 'crop';

/** How one kind of shape is drawn: the machine (editor.ts) knows nothing else about it. */
export interface Drawing {
  /** What it is called in a sentence. */
  readonly noun: string;
  readonly least: number;
  /** It is whole by itself with so many points; a path, unless another point is asked for. */
  readonly whole: number | null;
  readonly most: number;
  /** `path`: open. `area`: closed by its first corner or by Enter. `box`: two opposite corners. */
  readonly outline: 'path' | 'area' | 'box';
  /** Why these points make no such shape, or null. `reach`: how near is near, pixels of the source. */
  readonly problem: (points: readonly Point[], reach: number) => string | null;
}

/** A line shorter than this many times the reach is taken for a slip of the hand. */
const SHORTEST = 2;
/** The smallest side of a cut-out, in pixels of the source: below that there is nothing to find. */
const SMALLEST = 32;

const path = (noun: string, purpose: string): Drawing => ({
  noun,
  least: 2,
  whole: 2,
  most: 32,
  outline: 'path',
  problem: (points, reach) =>
    lengthOf(points) < SHORTEST * reach ? `That ${noun} is too short to ${purpose}.` : null,
});

const area = (noun: string, start: string): Drawing => ({
  noun,
  least: 3,
  whole: null,
  most: 64,
  outline: 'area',
  problem: (points) => {
    if (points.length < 3) return `${start} needs at least three corners.`;
    return crossesItself(points)
      ? 'The outline crosses itself. Press Esc to take back the last corner.'
      : null;
  },
});

/** Every tool, as data. */
export const DRAWINGS: Readonly<Record<EditorTool, Drawing>> = {
  line: path('line', 'count over'),
  gate: path('gate', 'pass'),
  zone: area('zone', 'A zone'),
  include: area('area that is looked at', 'An area'),
  exclude: area('area that is left out', 'An area'),
  crop: {
    noun: 'cut-out',
    least: 2,
    whole: 2,
    most: 2,
    outline: 'box',
    problem: ([a, b]) =>
      a === undefined || b === undefined || Math.min(Math.abs(b.x - a.x), Math.abs(b.y - a.y)) < SMALLEST
        ? `A cut-out has to be at least ${SMALLEST} pixels wide and high.`
        : null,
  },
  ground: {
    noun: 'rectangle on the ground',
    least: 4,
    whole: 4,
    most: 4,
    outline: 'area',
    problem: (points) => {
      if (points.length < 4) return 'Four corners are needed.';
      return isConvexQuad(points)
        ? null
        : 'The four corners go round a rectangle on the ground, none of them inside. Esc takes back the last.';
    },
  },
};
