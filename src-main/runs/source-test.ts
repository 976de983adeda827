import type { Decoders } from '#shared/domain/decoder.ts';
import type { SourceTest } from '#shared/domain/source-draft.ts';
import type { Login, SourceInput } from '#shared/domain/source-input.ts';
import { runCaptureTask } from './capture-task.ts';
import type { Engine } from './engine.ts';

/** A camera that is slow to wake up answers within this. */
const CONNECT_MS = 12_000;
/** Beside the time of connecting: starting the process and looking for ffmpeg. */
const REST_MS = 8000;

/** "Test" of the add dialog: connects once and lets go. Rejects with a NamedError saying what is wrong. */
export async function testSource(
  engine: Engine,
  input: SourceInput,
  login: Login | null,
): Promise<SourceTest> {
  const { media, connectMs, picture, ffmpeg } = await runCaptureTask(
    engine,
    'test',
    () => {},
    (link) =>
      link.request('input.get', { input, login, timeoutMs: CONNECT_MS }, { timeoutMs: CONNECT_MS + REST_MS }),
  );
  return { media, connectMs, picture, ffmpeg: { version: ffmpeg.version, old: ffmpeg.old } };
}

/** Webcams of this machine. */
export async function listDevices(engine: Engine): Promise<{ device: string; title: string }[]> {
  const { devices } = await runCaptureTask(
    engine,
    'devices',
    () => {},
    (link) => link.request('devices.list', {}, { timeoutMs: CONNECT_MS }),
  );
  return devices;
}

/** Which ffmpeg is used for what, as a capture process begun now finds them. */
export function findDecoders(engine: Engine): Promise<Decoders> {
  return runCaptureTask(
    engine,
    'decoders',
    () => {},
    (link) => link.request('decoders.get', {}, { timeoutMs: CONNECT_MS + REST_MS }),
  );
}
