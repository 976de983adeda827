import { toFault } from '#shared/domain/fault-text.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { ask } from './bridge.ts';
import { settingsWithDrawn, settingsWithMoved } from './editor/apply.ts';
import type { EditorEffect } from './editor/editor-state.ts';
import { isGoingOn } from './figures/run-figures.ts';
import { useDialog } from './stores/dialog-store.ts';
import { useGround } from './stores/ground-store.ts';
import { useNotices } from './stores/notice-store.ts';

/** Opens the dialog that adds a source of any kind. */
export function addSource(): void {
  useDialog.getState().show('add');
}

export function removeFolder(folderId: string): void {
  void ask('folder.remove', { folderId });
}

/** As many files as one message carries. */
const MOST_AT_ONCE = 64;

const LIVE_AGAIN = 'Lines and zones that did not change go on counting.';

export function openFiles(): void {
  void ask('sources.pick', {});
}

/** Adds dropped files and starts them. What is no file of the disk (a link, a piece of text) is said, not dropped. */
export function addFiles(files: readonly File[]): void {
  const paths = files.map((file) => window.ivis.pathOfFile(file)).filter((path) => path !== '');
  if (paths.length === 0) {
    useNotices
      .getState()
      .complain(toFault('file-not-video', 'What was dropped is not a file on this computer.'));
    return;
  }
  for (let from = 0; from < paths.length; from += MOST_AT_ONCE) {
    void ask('sources.add', { paths: paths.slice(from, from + MOST_AT_ONCE), start: true });
  }
}

/** Ends ivis and starts it again as always. */
export function startNormally(): void {
  void ask('start.normally', {});
}

export function startSource(sourceId: string): void {
  void ask('source.start', { sourceId });
}

export function stopSource(sourceId: string): void {
  void ask('source.stop', { sourceId });
}

export function removeSource(sourceId: string): void {
  void ask('source.remove', { sourceId });
}

export function exportRun(sourceId: string): void {
  void ask('run.export', { sourceId }, 'CSV files written');
}

/** Changes some settings of a source; see `reconfigure`. */
export function configure(source: SourceView, change: Partial<RunSettings>): void {
  reconfigure(source, { ...source.settings, ...change });
}

/** Gives a source other settings; a running analysis begins anew with them, and the person is told so. */
export function reconfigure(source: SourceView, settings: RunSettings): void {
  const taken = source.live === null ? 'Analysis started again' : 'New settings taken';
  const title = isGoingOn(source) ? taken : '';
  void ask('source.configure', { sourceId: source.sourceId, settings }).then((done) => {
    if (done && title !== '')
      useNotices
        .getState()
        .say(title, source.live === null ? 'With the new settings, from the first frame.' : LIVE_AGAIN);
  });
}

/** Carries out what the editor decided. */
export function applyEdit(source: SourceView, effect: EditorEffect): void {
  const { media, settings, sourceId } = source;
  if (media === null || effect.kind === 'explain') return;
  if (effect.kind === 'moved') return reconfigure(source, settingsWithMoved(settings, media, effect.shape));
  const { tool, points } = effect;
  // Without its lengths a rectangle on the ground says nothing.
  if (tool === 'ground') useGround.getState().draw(sourceId, points);
  else reconfigure(source, settingsWithDrawn(settings, media, tool, points));
}
