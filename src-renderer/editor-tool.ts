import { onPicture } from '#shared/domain/drawn-on.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { applyEdit } from './actions.ts';
import type { EditorTool } from './editor/drawings.ts';
import type { EditorEvent, EditorScene } from './editor/editor-state.ts';
import { shapesOf } from './editor/shapes.ts';
import { sourceById } from './stores/app-state-store.ts';
import { useChoice } from './stores/choice-store.ts';
import { useEditor } from './stores/editor-store.ts';

/** What the editor needs to know of a source; null while its picture is not known. */
export function editorScene({ media, settings }: SourceView, reach: number): EditorScene | null {
  if (media === null) return null;
  return { picture: media, shapes: shapesOf(onPicture(settings, media)), reach };
}

/** The tool in hand, or null. */
export function toolInHand(): EditorTool | null {
  const { state } = useEditor.getState();
  return state.kind === 'drawing' ? state.tool : null;
}

/** Takes a drawing tool into hand, or puts it away when it is there already; the picture is enlarged for it. */
export function chooseTool(tool: EditorTool): void {
  const source = sourceById(useChoice.getState().sourceId);
  if (source?.media == null) return;
  const inHand = toolInHand() === tool;
  useChoice.getState().lay('one');
  tell({ kind: 'tool-chosen', tool: inHand ? 'none' : tool });
}

/** Tells the editor of a key; what it decides is carried out on the chosen source. */
export function tell(event: Exclude<EditorEvent, { at: unknown }>): void {
  const source = sourceById(useChoice.getState().sourceId);
  const scene = source === null ? null : editorScene(source, 1);
  if (source === null || scene === null) return;
  for (const effect of useEditor.getState().step(event, scene)) applyEdit(source, effect);
}
