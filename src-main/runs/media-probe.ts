import type { MediaInfo } from '#shared/domain/media-info.ts';
import { runCaptureTask } from './capture-task.ts';
import type { Engine } from './engine.ts';

const PROBE_MS = 30_000;

/** What the file holds, before it is analysed. Rejects with a NamedError saying what is wrong with it. */
export function probeMedia(engine: Engine, path: string): Promise<MediaInfo> {
  return runCaptureTask(
    engine,
    'probe',
    () => {},
    (link) => link.request('media.get', { path }, { timeoutMs: PROBE_MS }),
  );
}
