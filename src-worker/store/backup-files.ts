import {
  closeSync,
  copyFileSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

const KEPT = 3;

/** A copy of a database beside it, `<name>.backup-v<schema>-<ms>`. */
export interface Backup {
  readonly path: string;
  readonly schemaVersion: number;
  /** When it was made. */
  readonly wallMs: number;
  readonly bytes: number;
}

export function backupPath(databasePath: string, schemaVersion: number, wallMs: number): string {
  return `${databasePath}.backup-v${schemaVersion}-${Math.round(wallMs)}`;
}

/** The backups of a database, newest first. */
export function backupsOf(databasePath: string): Backup[] {
  const folder = dirname(databasePath);
  const prefix = `${basename(databasePath)}.backup-v`;
  return readdirSync(folder)
    .flatMap((name) => {
      const [, version, wallMs] = /^(\d+)-(\d+)$/.exec(name.slice(prefix.length)) ?? [];
      if (!name.startsWith(prefix) || version === undefined || wallMs === undefined) return [];
      const path = join(folder, name);
      const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      return [{ path, schemaVersion: Number(version), wallMs: Number(wallMs), bytes }];
    })
    .sort((a, b) => b.wallMs - a.wallMs);
}

/** Removes all but the newest three. */
export function pruneBackups(databasePath: string): void {
  for (const { path } of backupsOf(databasePath).slice(KEPT)) rmSync(path, { force: true });
}

/** Puts a whole file under its final name, so that it outlives a power cut. */
export function renameDurably(draft: string, path: string): void {
  renameSync(draft, path);
  syncPath(dirname(path));
}

/** A copy of a backup under the name of a draft; throws what the file system throws. */
export function copyDurably(backup: Backup, draft: string): void {
  copyFileSync(backup.path, draft);
  syncPath(draft);
}

function syncPath(path: string): void {
  // Windows cannot open a folder, and cannot sync what is open for reading; its rename is durable without.
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
