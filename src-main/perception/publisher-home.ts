import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findPublishers, PUBLISHER_FILES, publisherBase, readJson } from '#native';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { replaceFile } from '../whole-file.ts';

/** Bytes of a socket's path that every system takes (macOS: 104 with the closing zero). */
const MAX_SOCKET_PATH = 103;

function refuse(message: string): never {
  throw new NamedError('output-unwritable', message);
}

/** Makes a folder that only this user can enter; one of another user, or open to others, is refused. */
function privateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (process.platform === 'win32') return;
    const info = lstatSync(path);
    if (!info.isDirectory()) refuse(`${path} is no folder`);
    if (info.uid !== process.getuid?.()) refuse(`${path} belongs to another user`);
    if ((info.mode & 0o022) !== 0) refuse(`${path} can be written by others`);
  } catch (thrown) {
    if (thrown instanceof NamedError) throw thrown;
    refuse(`${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

function pidOf(folder: string): number | null {
  const pid = readJson(folder, PUBLISHER_FILES.status)?.pid;
  return typeof pid === 'number' ? pid : null;
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // It runs and is not ours to signal.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** The folder in which this ivis tells other programs what it publishes, and where it takes commands. */
export class PublisherHome {
  readonly folder: string;
  /** Path of the command socket, or name of the pipe on Windows. */
  readonly address: string;
  /** Of this start; who cannot read access.json cannot command. */
  readonly token = randomBytes(32).toString('base64url');
  readonly #own: boolean;

  /** `folder` null: one named by the pid beside those of other publishers. Throws NamedError 'output-unwritable'. */
  constructor(folder: string | null) {
    this.#own = folder === null;
    if (folder === null) {
      const base = publisherBase();
      privateFolder(base);
      sweepPublishers(base);
      this.folder = join(base, String(process.pid));
    } else {
      this.folder = resolve(folder);
    }
    privateFolder(this.folder);
    const other = pidOf(this.folder);
    if (other !== null && other !== process.pid && runs(other)) {
      refuse(`another ivis (process ${other}) publishes in ${this.folder}`);
    }
    this.address = this.#addressIn(this.folder);
    this.#clear();
  }

  write(name: keyof typeof PUBLISHER_FILES, content: object): void {
    replaceFile(join(this.folder, PUBLISHER_FILES[name]), `${JSON.stringify(content, null, 1)}\n`, {
      durable: false,
    });
  }

  /** Says where commands are taken; to be called once they are. */
  announce(): void {
    this.write('access', { address: this.address, token: this.token });
  }

  /** Takes away a socket nobody listens to any more. */
  clearSocket(): void {
    if (process.platform !== 'win32') rmSync(this.address, { force: true });
  }

  /** Takes everything away that was put there. */
  close(): void {
    this.#clear();
    if (!this.#own) return;
    try {
      rmdirSync(this.folder);
    } catch {
      // Something of somebody else lies in it.
    }
  }

  #addressIn(folder: string): string {
    const mark = randomBytes(6).toString('hex');
    if (process.platform === 'win32') return `\\\\.\\pipe\\ivis-${process.pid}-${mark}`;
    const path = join(folder, 'commands.sock');
    return Buffer.byteLength(path) <= MAX_SOCKET_PATH ? path : join(tmpdir(), `ivis-${mark}.sock`);
  }

  #clear(): void {
    this.clearSocket();
    for (const name of Object.values(PUBLISHER_FILES)) rmSync(join(this.folder, name), { force: true });
  }
}

/** Takes away the folders of publishers of this user that no longer run. */
function sweepPublishers(base: string): void {
  for (const folder of findPublishers(base)) {
    const pid = pidOf(folder);
    if (folder !== base && pid !== null && !runs(pid)) rmSync(folder, { recursive: true, force: true });
  }
}
