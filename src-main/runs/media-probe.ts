import type { MediaInfo } from '#shared/domain/media-info.ts';
import { runCaptureTask } from './capture-task.ts';
import type { Engine } from './engine.ts';
import { Turns } from './turns.ts';

const PROBE_MS = 30_000;
/** Each is a process: a folder with hundreds of films would start as many at once. */
const probes = new Turns(3);

/** What the file holds, before it is analysed. Rejects with a NamedError saying what is wrong with it. */
export function probeMedia(engine: Engine, path: string): Promise<MediaInfo> {
  return probes.take(() =>
    runCaptureTask(
      engine,
      'probe',
      () => {},
      (link) => link.request('media.get', { path }, { timeoutMs: PROBE_MS }),
    ),
  );
}
