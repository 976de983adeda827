import { join } from 'node:path';
import { dialog } from 'electron';
import type { ActionReply, uiMain } from '#shared/contracts/ui-main.contract.ts';
import type { AppState } from '#shared/domain/app-state.ts';
import { countedOn } from '#shared/domain/source.ts';
import type { LinkHandlers } from '#shared/link/link-end.ts';
import { prepareFolder } from '../cli/output-folder.ts';
import { type EvidenceActionsOptions, evidenceActions } from '../evidence/evidence-actions.ts';
import { writeResult } from '../exports/result-file.ts';
import { exportedOf, exportShown } from '../exports/run-export.ts';
import { shownSummary } from '../exports/shown-summary.ts';
import type { CareRequests } from '../health/caretaker.ts';
import { rejects } from '../links/reject-tally.ts';
import type { RecordingDesk } from '../recording/recording-desk.ts';
import { answer, cancelled, done } from './action-reply.ts';
import { type AddActionsOptions, addActions, videoFilters } from './add-actions.ts';
import { recordingActions } from './recording-actions.ts';

export interface WindowActionsOptions extends AddActionsOptions, EvidenceActionsOptions {
  readonly recording: RecordingDesk;
  state(): AppState;
  /** Answers about health, log and settings. */
  readonly care: CareRequests;
  /** Joins picture and boxes of a source to the window (again). */
  join(sourceId: string): void;
  /** The page beats. */
  beat(): void;
  startNormally(): void;
}

const forbidden = new Set('<>:"/\\|?*');
// Marks that turn the reading direction can make a name read as another.
const directionMark = /[\u202a-\u202e\u2066-\u2069]/;

/** A title as a folder name: no separators, no control or direction characters, nothing hidden, at most 80 long. */
function folderNameOf(title: string): string {
  const plain = Array.from(title.replace(/\.[^.]+$/, ''), (char) =>
    char < ' ' || char === '\x7f' || forbidden.has(char) || directionMark.test(char) ? '_' : char,
  ).join('');
  const name = plain.replace(/^\.+|[. ]+$/g, '').slice(0, 80);
  return name === '' ? 'ivis' : name;
}

/** What the window may ask for, each as one acknowledged command. */
export function windowActions(options: WindowActionsOptions): LinkHandlers<typeof uiMain, 'to'> {
  const { engine, desk } = options;
  const addAll = async (paths: readonly string[], start: boolean): Promise<ActionReply> => {
    // Looking at a file takes a moment; the list shows each at once, so the answer does not wait.
    for (const path of paths) void desk.add(path, start);
    return done(paths.length === 1 ? 'Added 1 video' : `Added ${paths.length} videos`);
  };
  return {
    requests: {
      ...addActions(options),
      ...options.care,
      ...recordingActions({
        recording: options.recording,
        wallMs: engine.clock.wallMs,
        window: options.window,
        fileName: (sourceId) => folderNameOf(desk.titleOf(sourceId)),
      }),
      ...evidenceActions(options),
      'state.get': () => options.state(),
      'sources.add': ({ paths, start }) => answer(() => addAll(paths, start)),
      'sources.pick': () =>
        answer(async () => {
          const chosen = await dialog.showOpenDialog(options.window(), {
            title: 'Open video',
            properties: ['openFile', 'multiSelections'],
            filters: videoFilters,
          });
          return chosen.canceled || chosen.filePaths.length === 0
            ? cancelled
            : addAll(chosen.filePaths, true);
        }),
      'start.normally': () =>
        answer(() => {
          options.startNormally();
          return done('ivis starts again');
        }),
      'source.start': ({ sourceId }) =>
        answer(() => {
          desk.start(sourceId);
          return done('Analysis begun');
        }),
      'source.stop': ({ sourceId }) => answer(() => desk.stop(sourceId).then(() => done('Stopped'))),
      'source.remove': ({ sourceId }) => answer(() => desk.remove(sourceId).then(() => done('Removed'))),
      'source.configure': ({ sourceId, settings }) =>
        answer(() => desk.configure(sourceId, settings).then(() => done('Settings taken'))),
      'source.watch': ({ sourceId }) =>
        answer(() => {
          options.join(sourceId);
          return done('');
        }),
      'run.export': ({ sourceId }) =>
        answer(async () => {
          const { runIds, title } = desk.runsOf(sourceId);
          const chosen = await dialog.showOpenDialog(options.window(), {
            title: 'Export CSV to a folder',
            buttonLabel: 'Export here',
            properties: ['openDirectory', 'createDirectory'],
          });
          const parent = chosen.filePaths[0];
          if (chosen.canceled || parent === undefined) return cancelled;
          const folder = join(parent, `${folderNameOf(title)}-run-${runIds.join('-')}`.slice(0, 200));
          prepareFolder(folder);
          const view = desk.shownOf(sourceId);
          const files = await exportShown(engine, runIds, folder, {
            ...exportedOf(view.settings),
            lineRuns: countedOn(view).lineRuns,
          });
          writeResult(join(folder, 'summary.json'), `${JSON.stringify(shownSummary(view), null, 2)}\n`);
          const rows = Object.values(files).reduce((sum, file) => sum + file.rows, 0);
          return done(`${rows} rows in ${Object.keys(files).length} CSV files written to ${folder}`);
        }),
    },
    messages: {
      'page.beat': () => options.beat(),
      'message.refused': ({ reason, detail }) => {
        rejects.add('ui');
        engine.log.write({
          level: 'warn',
          process: 'ui',
          pid: null,
          sourceId: null,
          message: `the page did not look at a message: ${reason}`,
          fields: { detail },
          wallMs: engine.clock.wallMs(),
        });
      },
    },
  };
}
