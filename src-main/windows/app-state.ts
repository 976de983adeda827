import type { AppState } from '#shared/domain/app-state.ts';
import { toFault } from '#shared/domain/fault-text.ts';
import type { SourceView } from '#shared/domain/source.ts';
import type { FolderDesk } from '../folders/folder-desk.ts';
import type { Caretaker } from '../health/caretaker.ts';
import type { RecordingDesk } from '../recording/recording-desk.ts';
import type { Engine } from '../runs/engine.ts';
import type { SourceDesk } from '../runs/source-desk.ts';
import type { StartGuard } from './start-guard.ts';

export interface AppStateParts {
  /** Of ivis. */
  readonly version: string;
  readonly databasePath: string;
  readonly engine: Engine;
  readonly desk: SourceDesk;
  readonly folders: FolderDesk;
  readonly recording: RecordingDesk;
  readonly guard: StartGuard | null;
  /** Null until everything is started. */
  readonly caretaker: Caretaker | null;
}

/** All that the window is told, as it is now. */
export function appState(parts: AppStateParts): AppState {
  const { version, databasePath, engine, desk, folders, recording, guard, caretaker } = parts;
  const service = engine.modelService;
  const { storeFault } = engine;
  return {
    version,
    sources: desk.views,
    folders: folders.views,
    recording: recording.view(liveIds(desk.views)),
    processes: engine.processes,
    model: {
      state: service.state,
      loaded: service.state === 'ready' ? service.value : null,
      fault: service.state === 'failed' ? toFault(service.error.kind, service.error.message) : null,
      labels: engine.modelSpec.labels,
      licence: engine.modelSpec.licence.spdx,
      looks: [...engine.lookModels],
    },
    store: {
      path: databasePath,
      fault: storeFault === null ? null : toFault(storeFault.kind, storeFault.message),
    },
    ...startNote(guard),
    ...(caretaker === null ? {} : { health: caretaker.summary }),
  };
}

/** The sources that can be recorded. */
export function liveIds(views: readonly SourceView[]): string[] {
  return views.filter(({ live }) => live !== null).map(({ sourceId }) => sourceId);
}

/** What the window says of a start that was not a usual one. */
function startNote(guard: StartGuard | null): Pick<AppState, 'start'> {
  if (guard?.plan.mode === 'safe') {
    const times = guard.plan.marker.quickEnds;
    return { start: { kind: 'safe', cause: `ivis ended ${times} times within a minute of its start` } };
  }
  if (guard?.plan.softwareGraphics === true)
    return { start: { kind: 'software-graphics', cause: 'Its graphics process kept ending' } };
  return {};
}
