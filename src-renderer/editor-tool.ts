import { applyEdit } from './actions.ts';
import type { EditorEvent, EditorTool } from './editor/editor-state.ts';
import { sourceById } from './stores/app-state-store.ts';
import { useChoice } from './stores/choice-store.ts';
import { useEditor } from './stores/editor-store.ts';

/** Takes a drawing tool into hand, or puts it away when it is there already; the picture is enlarged for it. */
export function chooseTool(tool: EditorTool): void {
  const source = sourceById(useChoice.getState().sourceId);
  if (source?.media == null) return;
  const { state } = useEditor.getState();
  const held = state.kind === 'drawing-zone' ? state.purpose : state.kind.replace('drawing-', '');
  const inHand = held === tool;
  useChoice.getState().lay('one');
  tell({ kind: 'tool-chosen', tool: inHand ? 'none' : tool });
}

/** Tells the editor of a key; what it decides is carried out on the chosen source. */
export function tell(event: Exclude<EditorEvent, { at: unknown }>): void {
  const source = sourceById(useChoice.getState().sourceId);
  if (source?.media == null) return;
  const scene = { picture: source.media, lines: source.settings.lines, reach: 1 };
  for (const effect of useEditor.getState().step(event, scene)) applyEdit(source, effect);
}
