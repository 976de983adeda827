import { accessSync, chmodSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { NamedError } from '#shared/contracts/wire-error.ts';

const installerSchema = z.object({ path: z.string().min(1) });
const requireHere = createRequire(import.meta.url);

const canExecute = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Where a file inside app.asar lies on the disk once packaged: nothing can be executed inside the archive. */
export function unpackedPath(file: string): string {
  return file.replace(/([\\/])app\.asar([\\/])/, '$1app.asar.unpacked$2');
}

/**
 * Path of the ffmpeg that comes with ivis, executable. A lost executable bit (archives drop it) is set again.
 * Throws `ffmpeg-missing`.
 */
export function findFfmpeg(): string {
  let file: string;
  try {
    file = unpackedPath(installerSchema.parse(requireHere('@ffmpeg-installer/ffmpeg')).path);
  } catch (thrown) {
    // The package throws plain strings when it has nothing for this platform.
    throw new NamedError('ffmpeg-missing', `ffmpeg did not come with this installation: ${String(thrown)}`);
  }
  if (canExecute(file)) return file;
  try {
    chmodSync(file, 0o755);
  } catch (thrown) {
    throw new NamedError('ffmpeg-missing', `ffmpeg cannot be executed: ${String(thrown)}`);
  }
  if (!canExecute(file)) throw new NamedError('ffmpeg-missing', `ffmpeg cannot be executed: ${file}`);
  return file;
}

/** The ffmpeg that somebody named (IVIS_FFMPEG), whether it is there or not; null when none was. */
export function namedFfmpeg(env: NodeJS.ProcessEnv = process.env): string | null {
  const named = env.IVIS_FFMPEG;
  return named === undefined || named === '' ? null : path.resolve(named);
}

/** The first ffmpeg on PATH that can be executed; relative folders in it are not searched. */
export function pathFfmpeg(env: NodeJS.ProcessEnv = process.env): string | null {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, name)).find(canExecute) ?? null;
}
