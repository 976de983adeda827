import type { Box } from '#shared/domain/box.ts';
import type { Line } from '#shared/domain/line.ts';
import type { Point } from '#shared/domain/point.ts';
import type { Size } from '../overlay/letterbox.ts';

/** What an area is drawn for. */
export type AreaPurpose = 'zone' | 'include' | 'exclude';
export type EditorTool = 'line' | AreaPurpose | 'crop';

/** What the person is doing on the picture. Points in pixels of the source. */
export type EditorState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'drawing-line'; readonly start: Point | null; readonly cursor: Point | null }
  | {
      readonly kind: 'dragging-point';
      readonly line: string;
      readonly index: number;
      readonly points: readonly Point[];
    }
  | {
      readonly kind: 'drawing-zone';
      /** A zone that is counted in, or a mask. */
      readonly purpose: AreaPurpose;
      readonly points: readonly Point[];
      readonly cursor: Point | null;
    }
  | { readonly kind: 'drawing-crop'; readonly start: Point | null; readonly cursor: Point | null };

export type EditorEvent =
  | { readonly kind: 'tool-chosen'; readonly tool: EditorTool | 'none' }
  | { readonly kind: 'pointer-down'; readonly at: Point }
  | { readonly kind: 'pointer-moved'; readonly at: Point }
  | { readonly kind: 'pointer-up'; readonly at: Point }
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'cancelled' };

/** What is on the picture and how near is near, in pixels of the source. */
export interface EditorScene {
  readonly picture: Size;
  readonly lines: readonly Line[];
  readonly reach: number;
}

export type EditorEffect =
  | { readonly kind: 'add-line'; readonly points: readonly Point[] }
  | { readonly kind: 'move-line'; readonly line: string; readonly points: readonly Point[] }
  | { readonly kind: 'add-zone'; readonly points: readonly Point[] }
  | { readonly kind: 'add-mask'; readonly which: 'include' | 'exclude'; readonly points: readonly Point[] }
  | { readonly kind: 'set-crop'; readonly box: Box }
  | { readonly kind: 'explain'; readonly text: string };

export interface EditorStep {
  readonly state: EditorState;
  readonly effects: readonly EditorEffect[];
}

export const IDLE: EditorState = { kind: 'idle' };

export function stay(state: EditorState, ...effects: EditorEffect[]): EditorStep {
  return { state, effects };
}
