import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { findFfmpeg } from './binary.ts';
import { childEnvironment } from './environment.ts';

/** What the ffmpeg at hand can do: options came and went over the years, so they are looked up, not assumed. */
export interface FfmpegBuild {
  readonly path: string;
  /** As ffmpeg prints it, e.g. "N-47683-g0e8eb07980-static". */
  readonly version: string;
  /** Names of the options it knows, without the dash. */
  readonly options: ReadonlySet<string>;
  /** Linux: setpriv, which has the kernel end ffmpeg together with the process that started it; else null. */
  readonly setpriv: string | null;
}

/** Names of all options in the output of `ffmpeg -h full`. */
export function parseOptions(help: string): Set<string> {
  const names = new Set<string>();
  for (const match of help.matchAll(/^\s{0,4}-([A-Za-z][\w]*)(?:[\s:[]|$)/gm)) names.add(match[1] ?? '');
  return names;
}

/** The version out of the first line of `ffmpeg -version`. */
export function parseVersion(output: string): string {
  return /^ffmpeg version (\S+)/m.exec(output)?.[1] ?? 'unknown';
}

const run = (path: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const limits = { env: childEnvironment(), maxBuffer: 16 * 2 ** 20, timeout: 10_000, windowsHide: true };
    execFile(path, args, limits, (failed, stdout) => {
      if (failed === null) resolve(stdout);
      else reject(new NamedError('ffmpeg-missing', `ffmpeg does not start: ${failed.message}`));
    });
  });

function findSetpriv(): string | null {
  if (process.platform !== 'linux') return null;
  for (const file of ['/usr/bin/setpriv', '/bin/setpriv']) {
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The next place, or none: then ffmpeg ends by the broken pipe when its reader is gone.
    }
  }
  return null;
}

/** Asks an ffmpeg what it is. Throws `ffmpeg-missing` when it cannot be started. */
export async function probeBuild(path: string): Promise<FfmpegBuild> {
  const [version, help] = await Promise.all([
    run(path, ['-hide_banner', '-version']),
    run(path, ['-hide_banner', '-h', 'full']),
  ]);
  return {
    path,
    version: parseVersion(version),
    options: parseOptions(help),
    setpriv: findSetpriv(),
  };
}

let known: Promise<FfmpegBuild> | null = null;

/** The ffmpeg of this installation; asked once per process, anew after a failure. */
export function ffmpegBuild(): Promise<FfmpegBuild> {
  known ??= Promise.resolve()
    .then(() => probeBuild(findFfmpeg()))
    .catch((failed: unknown) => {
      known = null;
      throw failed;
    });
  return known;
}
