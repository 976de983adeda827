import { useEffect } from 'react';
import { addSource, exportRun, openFiles, startSource, stopSource } from './actions.ts';
import { chooseTool, tell } from './editor-tool.ts';
import { hasHours } from './figures/hour-figures.ts';
import { isWanted } from './figures/run-figures.ts';
import { type KeyAction, type KeyPlace, keyAction, worksAt } from './keyboard.ts';
import { sourceById, useAppState } from './stores/app-state-store.ts';
import { useChoice } from './stores/choice-store.ts';
import { useDialog } from './stores/dialog-store.ts';
import { useEditor } from './stores/editor-store.ts';
import { useOpened } from './stores/opened-store.ts';
import { usePage } from './stores/page-store.ts';
import { isTyping } from './typing.ts';

/** Listens to the keys of the whole window; a dialog in front keeps them for itself. */
export function useKeyboard(): void {
  useEffect(() => {
    let byKeyboard = true;
    const point = (): void => {
      byKeyboard = false;
    };
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Tab') byKeyboard = true;
      if (useDialog.getState().open !== null) return;
      const target = event.target instanceof Element ? event.target : null;
      const action = keyAction({
        key: event.key,
        ctrl: event.ctrlKey || event.metaKey,
        alt: event.altKey,
        typing: isTyping(target),
        // A control that was clicked does not keep Space for itself; one reached by keyboard does.
        onControl: byKeyboard && (target?.matches('button, summary, input') ?? false),
      });
      if (action === null || !worksAt(action, placeNow())) return;
      event.preventDefault();
      perform(action);
    };
    window.addEventListener('keydown', press);
    window.addEventListener('pointerdown', point, true);
    return () => {
      window.removeEventListener('keydown', press);
      window.removeEventListener('pointerdown', point, true);
    };
  }, []);
}

function placeNow(): KeyPlace {
  if (usePage.getState().page !== 'watch') return 'page';
  return useOpened.getState().opened === null ? 'pictures' : 'opened';
}

function perform(action: KeyAction): void {
  const choice = useChoice.getState();
  const sourceIds = (useAppState.getState().state?.sources ?? []).map((source) => source.sourceId);
  const source = sourceById(choice.sourceId);
  if (typeof action === 'object') {
    if ('page' in action) return usePage.getState().show(action.page);
    const sourceId = sourceIds[action.choose];
    if (sourceId !== undefined) choice.choose(sourceId);
    return;
  }
  switch (action) {
    case 'open':
      return openFiles();
    case 'add':
      return addSource();
    case 'edit':
      return source === null ? undefined : useDialog.getState().edit(source.sourceId);
    case 'shortcuts':
      return useDialog.getState().show('shortcuts');
    case 'previous':
      return choice.move(-1, sourceIds);
    case 'next':
      return choice.move(1, sourceIds);
    case 'layout':
      useEditor.getState().putAway();
      return choice.lay(choice.layout === 'one' ? 'all' : 'one');
    case 'draw-line':
      return chooseTool('line');
    case 'draw-zone':
      return chooseTool('zone');
    case 'draw-mask':
      return chooseTool('exclude');
    case 'draw-gate':
      return chooseTool('gate');
    case 'draw-ground':
      return chooseTool('ground');
    case 'cancel':
      return tell({ kind: 'cancelled' });
    case 'confirm':
      return tell({ kind: 'confirmed' });
    case 'start-stop':
      if (source === null) return;
      return isWanted(source) ? stopSource(source.sourceId) : startSource(source.sourceId);
    case 'export':
      if (source !== null && source.runId !== null) exportRun(source.sourceId);
      return;
    case 'hours':
      if (source !== null && hasHours(source))
        useOpened.getState().open({ kind: 'hours', sourceId: source.sourceId });
  }
}
