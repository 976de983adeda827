import { join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { uiMain } from '#shared/contracts/ui-main.contract.ts';
import type { ClipMade } from '#shared/domain/recording.ts';
import type { LinkHandlers } from '#shared/link/link-end.ts';
import type { RecordingDesk } from '../recording/recording-desk.ts';
import { answer, cancelled, done } from './action-reply.ts';

type Handlers = Required<LinkHandlers<typeof uiMain, 'to'>>['requests'];

type Moment = Omit<Parameters<Handlers['clip.save']>[0], 'exact'>;

export interface RecordingActionsOptions {
  readonly recording: RecordingDesk;
  readonly wallMs: () => number;
  window(): BrowserWindow;
  /** Name of a source that can be part of a file's name. */
  fileName(sourceId: string): string;
}

const clock = (wallMs: number): string => new Date(wallMs).toISOString().slice(11, 23);

/** What a clip holds, in words: its true times, and what is missing in it. */
function clipWords({ fromWallMs, toWallMs, frames, gaps }: ClipMade, outPath: string): string {
  const missing = gaps.map(
    (gap) => ` Nothing was recorded from ${clock(gap.fromWallMs)} to ${clock(gap.toWallMs)}.`,
  );
  const span = `${clock(fromWallMs)} to ${clock(toWallMs)} UTC`;
  return `${frames} pictures from ${span} in ${outPath}.${missing.join('')}`;
}

/** Recording and clips, as the window asks for them. */
export function recordingActions(
  options: RecordingActionsOptions,
): Pick<
  Handlers,
  'recording.configure' | 'recording.protect' | 'recording.unprotect' | 'recording.get' | 'clip.save'
> {
  const { recording } = options;
  /** The moment that was meant is the one of asking, not when a dialog is closed. */
  const rangeOf = ({ sourceId, momentWallMs, beforeS, afterS }: Moment) => {
    const momentMs = momentWallMs ?? options.wallMs();
    const range = { sourceId, fromWallMs: momentMs - beforeS * 1000, toWallMs: momentMs + afterS * 1000 };
    return { momentMs, range };
  };
  return {
    'recording.configure': ({ sourceId, settings }) =>
      answer(() => recording.configure(sourceId, settings).then(() => done('Settings taken'))),
    'recording.protect': ({ why, ...moment }) =>
      answer(() => {
        const { range } = rangeOf(moment);
        recording.protect({ ...range, why: why.trim() });
        return done('What is recorded of it is not deleted until you take that back.');
      }),
    'recording.unprotect': (range) =>
      answer(() => {
        recording.unprotect(range);
        return done('');
      }),
    'recording.get': async ({ sourceId, fromWallMs, toWallMs }) => ({
      recorded: await recording.holds(sourceId, fromWallMs, toWallMs),
    }),
    'clip.save': ({ exact, ...moment }) =>
      answer(async () => {
        const { momentMs, range } = rangeOf(moment);
        const { sourceId } = moment;
        const stamp = new Date(momentMs).toISOString().slice(0, 19).replaceAll(':', '-');
        const hold = recording.hold(range);
        try {
          const chosen = await dialog.showSaveDialog(options.window(), {
            title: 'Save clip',
            defaultPath: join(app.getPath('videos'), `${options.fileName(sourceId)} ${stamp}.mp4`),
            filters: [
              { name: 'MP4', extensions: ['mp4'] },
              { name: 'Matroska', extensions: ['mkv'] },
            ],
          });
          if (chosen.canceled || chosen.filePath === '') return cancelled;
          const made = await hold.save(chosen.filePath, exact);
          return done(clipWords(made, chosen.filePath));
        } finally {
          await hold.release();
        }
      }),
  };
}
