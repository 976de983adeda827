import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { findFfmpeg, namedFfmpeg, pathFfmpeg } from './binary.ts';
import { childEnvironment } from './environment.ts';

/** What the ffmpeg at hand can do: options came and went over the years, so they are looked up, not assumed. */
export interface FfmpegBuild {
  readonly path: string;
  /** As ffmpeg prints it, e.g. "N-47683-g0e8eb07980-static". */
  readonly version: string;
  /** Version of its libavformat, major and minor: unlike names of builds it can be compared. [0, 0] when not told. */
  readonly library: readonly [major: number, minor: number];
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

/** Version of libavformat out of `ffmpeg -version`. */
export function parseLibrary(output: string): [number, number] {
  const found = /^libavformat\s+(\d+)\.\s*(\d+)\./m.exec(output);
  return found === null ? [0, 0] : [Number(found[1]), Number(found[2])];
}

/** First libavformat of ffmpeg 5 (2022): what is older gets no repairs any more, and hostile streams are its risk. */
const CURRENT_LIBRARY = 59;

/** True for a build that should be replaced by a newer one. */
export const isOld = ({ library }: Pick<FfmpegBuild, 'library'>): boolean => library[0] < CURRENT_LIBRARY;

const isNewer = (a: FfmpegBuild, b: FfmpegBuild): boolean =>
  a.library[0] > b.library[0] || (a.library[0] === b.library[0] && a.library[1] > b.library[1]);

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
    library: parseLibrary(version),
    options: parseOptions(help),
    setpriv: findSetpriv(),
  };
}

/** Asks once per process, anew after a failure. */
function once(ask: () => Promise<FfmpegBuild>): () => Promise<FfmpegBuild> {
  let known: Promise<FfmpegBuild> | null = null;
  return () => {
    known ??= ask().catch((failed: unknown) => {
      known = null;
      throw failed;
    });
    return known;
  };
}

/** The ffmpeg that comes with ivis. */
export const bundledBuild = once(async () => probeBuild(findFfmpeg()));

/**
 * The ffmpeg for what comes over a network: the one named by IVIS_FFMPEG, else the one on PATH if it is newer than
 * ours or ours does not start, else ours. Throws `ffmpeg-missing` when the one that was named does not start: nobody's choice is overruled.
 */
export function chooseBuild(
  named: string | null,
  onPath: string | null,
  ours: () => Promise<FfmpegBuild> = bundledBuild,
): Promise<FfmpegBuild> {
  if (named !== null) return probeBuild(named);
  if (onPath === null) return ours();
  return Promise.allSettled([ours(), probeBuild(onPath)]).then(([own, theirs]) => {
    if (theirs.status === 'rejected') return ours();
    return own.status === 'rejected' || isNewer(theirs.value, own.value) ? theirs.value : own.value;
  });
}

/** As chooseBuild, for this process and its environment. */
export const streamBuild = once(() => chooseBuild(namedFfmpeg(), pathFfmpeg()));

/** The ffmpeg that writes films for people: ours, whose encoders are known; where it is missing, any that is there. */
export function writerBuild(
  other: string | null = namedFfmpeg() ?? pathFfmpeg(),
  ours: () => Promise<FfmpegBuild> = bundledBuild,
): Promise<FfmpegBuild> {
  return ours().catch((missing: unknown) => {
    if (other === null) throw missing;
    return probeBuild(other);
  });
}

/** The ffmpeg for files: the one named by IVIS_FFMPEG, else ours; never one that merely lies on PATH. */
export const fileBuild = once(() => chooseBuild(namedFfmpeg(), null));
