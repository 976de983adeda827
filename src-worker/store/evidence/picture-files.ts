import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { PictureKind } from '#shared/domain/evidence.ts';
import { errorCode } from '../sqlite-error.ts';

/** What is left of the disk belongs to the rows: pictures stop while there is still room for them. */
export const RESERVED_BYTES = 256 * 1024 * 1024;
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The folder of the pictures of a database. */
export function pictureFolder(databasePath: string): string {
  return join(dirname(databasePath), 'evidence');
}

/** Picture files of all runs: `evidence/<run>/<crossing>.jpg`, the whole frame as `<crossing>-frame.jpg`. */
export class PictureFiles {
  readonly #folder: string;
  readonly #freeBytes: (folder: string) => number;

  /** `freeBytes` is for tests: how much the disk of a folder can still take. */
  constructor(folder: string, freeBytes: (folder: string) => number = freeBytesOf) {
    this.#folder = folder;
    this.#freeBytes = freeBytes;
  }

  /** Writes a picture under its final name as a whole. Throws NamedError 'output-full' or 'output-unwritable'. */
  write(runId: number, number: number, kind: PictureKind, jpeg: Uint8Array): void {
    const path = this.#path(runId, number, kind);
    const draft = `${path}.part`;
    try {
      mkdirSync(dirname(path), { recursive: true });
      if (this.#freeBytes(dirname(path)) < RESERVED_BYTES + jpeg.length) {
        throw new NamedError('output-full', `${path}: the last of the disk is kept for counts`);
      }
      writeFileSync(draft, jpeg);
      renameSync(draft, path);
    } catch (thrown) {
      rmSync(draft, { force: true });
      if (thrown instanceof NamedError) throw thrown;
      const code = errorCode(thrown) ?? 'unknown';
      throw new NamedError(FULL.has(code) ? 'output-full' : 'output-unwritable', `${path}: ${code}`);
    }
  }

  /** The bytes as they lie there, or null. */
  read(runId: number, number: number, kind: PictureKind): Uint8Array<ArrayBuffer> | null {
    try {
      return new Uint8Array(readFileSync(this.#path(runId, number, kind)));
    } catch {
      return null;
    }
  }

  /** Removes the pictures of every run that `isKept` does not know: a deleted run takes its pictures along. */
  sweep(isKept: (runId: number) => boolean): number[] {
    const gone = this.#runs().filter((runId) => !isKept(runId));
    for (const runId of gone) rmSync(join(this.#folder, String(runId)), { recursive: true, force: true });
    return gone;
  }

  /**
   * Keeps the pictures of a database that was set aside out of the way of the one that takes its place. Those of runs
   * that this one knows, from a backup, stay.
   */
  setAside(wallMs: number, isKnown: (runId: number) => boolean = () => false): void {
    const aside = `${this.#folder}.corrupt-${Math.round(wallMs)}`;
    for (const runId of this.#runs()) {
      if (isKnown(runId)) continue;
      mkdirSync(aside, { recursive: true });
      renameSync(join(this.#folder, String(runId)), join(aside, String(runId)));
    }
  }

  #runs(): number[] {
    try {
      return readdirSync(this.#folder)
        .filter((name) => /^[1-9]\d*$/.test(name))
        .map(Number);
    } catch {
      return [];
    }
  }

  #path(runId: number, number: number, kind: PictureKind): string {
    return join(this.#folder, String(runId), `${number}${kind === 'crop' ? '' : `-${kind}`}.jpg`);
  }
}

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
