import { NamedError } from '#shared/contracts/wire-error.ts';
import type { ErrorKind } from '#shared/domain/error-kind.ts';

/** First match wins; the codes are SQLite's extended result names and those of the file system. */
const kinds: readonly (readonly [RegExp, ErrorKind])[] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'store-full'],
  [/^(SQLITE_(READONLY|PERM|CANTOPEN)|EACCES|EPERM|EROFS|ENOTDIR|EEXIST)/, 'store-read-only'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'store-corrupt'],
  // A row that breaks the schema is the sender's mistake, not a fault of the database.
  [/^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/, 'bad-argument'],
  [/^SQLITE_/, 'store-failed'],
];

/** The code of a thrown value (`SQLITE_BUSY`, `SQLITE_IOERR_WRITE`, `EACCES`), or null. */
export function errorCode(thrown: unknown): string | null {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
}

/** Names what SQLite or the file system threw; an error with a name and one without a known code pass through. */
export function toStoreError(thrown: unknown): unknown {
  const code = errorCode(thrown);
  const kind = code === null ? undefined : kinds.find(([pattern]) => pattern.test(code))?.[1];
  if (kind === undefined) return thrown;
  return new NamedError(kind, `${code}: ${thrown instanceof Error ? thrown.message : ''}`);
}

/** True when the database itself does not take rows, whoever sends them. */
export function isStoreFault(kind: ErrorKind): boolean {
  return kind.startsWith('store-');
}
