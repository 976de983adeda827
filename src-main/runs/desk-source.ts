import type { RunSettings } from '#shared/domain/run.ts';
import type { SourceView } from '#shared/domain/source.ts';
import type { LoginKeeping, SourceInput } from '#shared/domain/source-input.ts';
import type { RecordingHook } from '../recording/recording-hook.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import type { SourceEntry } from './source-book.ts';

/** What the add dialog may change of a source that exists. */
export interface SourceChange {
  readonly title: string;
  readonly input: SourceInput;
  readonly loginKept: LoginKeeping | null;
  readonly settings: RunSettings;
  /** The login is another one: what is going on connects anew with it. */
  readonly newLogin: boolean;
}

/** One source of the desk, a file or a live one: what is wanted of it and how it is getting on. */
export interface DeskSource {
  readonly sourceId: string;
  readonly view: SourceView;
  readonly entry: SourceEntry;
  /** The process that reads it, while there is one. */
  readonly capture: SupervisedWorker | null;
  start(): void;
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
  /** New lines, zones, classes or rate; what is going on begins anew with them where it has to. */
  configure(settings: RunSettings): Promise<void>;
  change(change: SourceChange): Promise<void>;
}

export interface DeskSourceEvents {
  changed(): void;
  /** What is kept over a restart changed: sources, titles, settings, what is wanted, results of files. */
  kept(): void;
  /** Its capture process has its links, and those of the window may be made. */
  captureStarted(sourceId: string): void;
  /** Who is told of the process that a live source goes through; null where nothing is recorded. */
  recording(sourceId: string): RecordingHook | null;
}

/** A view of a source that has done nothing yet. */
export function newView(
  entry: Pick<SourceEntry, 'sourceId' | 'title' | 'input' | 'loginKept' | 'folderId' | 'settings'>,
  path: string,
): SourceView {
  return {
    sourceId: entry.sourceId,
    title: entry.title,
    path,
    input: entry.input,
    hasLogin: false,
    loginKept: entry.loginKept,
    folderId: entry.folderId,
    state: 'READY',
    fault: null,
    media: null,
    settings: entry.settings,
    runId: null,
    progress: null,
    changes: [],
    elapsedMs: 0,
    attempt: 1,
    live: null,
  };
}
