import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import pino from 'pino';

export interface RotatingFileLimits {
  /** A file is put aside when it has grown to this. */
  readonly maxBytes: number;
  /** So many are kept beside the one being written. */
  readonly keep: number;
}

export interface TextTarget {
  write(text: string): void;
  /** Writes what is still in hand, at once. */
  flush(): void;
}

/** The files of a rotating log, newest first: `path`, `path.1`, `path.2` ... */
export function rotatedPaths(path: string, keep: number): string[] {
  return [path, ...Array.from({ length: keep }, (_, i) => `${path}.${i + 1}`)];
}

/** A log file that never grows without end. Its errors are swallowed: a log must not stop the program. */
export function openRotatingFile(path: string, { maxBytes, keep }: RotatingFileLimits): TextTarget {
  mkdirSync(dirname(path), { recursive: true });
  const target = pino.destination({ dest: path, sync: false, mkdir: true });
  target.on('error', () => {});
  let reopening = true;
  target.on('ready', () => {
    reopening = false;
  });
  let bytes = existsSync(path) ? statSync(path).size : 0;
  const rotate = (): void => {
    bytes = 0;
    reopening = true;
    try {
      const paths = rotatedPaths(path, keep);
      rmSync(paths[keep] ?? path, { force: true });
      for (let i = keep; i > 0; i--) {
        const from = paths[i - 1] ?? '';
        if (existsSync(from)) renameSync(from, paths[i] ?? path);
      }
      // What is under way still lands in the file put aside.
      target.reopen();
    } catch {
      reopening = false;
      // The next line tries again at the earliest when the file has grown once more.
    }
  };
  return {
    write: (text) => {
      if (bytes >= maxBytes && !reopening) rotate();
      bytes += Buffer.byteLength(text);
      target.write(text);
    },
    flush: () => {
      try {
        target.flushSync();
      } catch {
        // Nothing was opened yet.
      }
    },
  };
}
