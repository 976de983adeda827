import type { Point } from '#shared/domain/point.ts';
import type { Size } from '../overlay/letterbox.ts';
import type { EditorTool } from './drawings.ts';
import type { Shape } from './shapes.ts';

/** What the person is doing on the picture. Points in pixels of the source. */
export type EditorState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'drawing';
      readonly tool: EditorTool;
      /** Points that are set, in the order they were. */
      readonly points: readonly Point[];
      readonly cursor: Point | null;
    }
  | {
      readonly kind: 'dragging';
      /** As it would be if the button were let go now. */
      readonly shape: Shape;
      readonly index: number;
    };

export type EditorEvent =
  | { readonly kind: 'tool-chosen'; readonly tool: EditorTool | 'none' }
  /** `more`: another point is to follow where two would be enough. */
  | { readonly kind: 'pointer-down'; readonly at: Point; readonly more?: boolean }
  | { readonly kind: 'pointer-moved'; readonly at: Point }
  | { readonly kind: 'pointer-up'; readonly at: Point }
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'cancelled' };

/** What is on the picture and how near is near, in pixels of the source. */
export interface EditorScene {
  readonly picture: Size;
  readonly shapes: readonly Shape[];
  readonly reach: number;
}

export type EditorEffect =
  | { readonly kind: 'drawn'; readonly tool: EditorTool; readonly points: readonly Point[] }
  | { readonly kind: 'moved'; readonly shape: Shape }
  | { readonly kind: 'explain'; readonly text: string };

export interface EditorStep {
  readonly state: EditorState;
  readonly effects: readonly EditorEffect[];
}

export const IDLE: EditorState = { kind: 'idle' };

export function stay(state: EditorState, ...effects: EditorEffect[]): EditorStep {
  return { state, effects };
}
