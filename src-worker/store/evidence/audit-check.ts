import type Database from 'better-sqlite3';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { openReader } from '../database.ts';
import { toStoreError } from '../sqlite-error.ts';
import { type AuditRow, type BrokenRow, type ChainState, checkChain } from './audit-chain.ts';
import { auditedColumns } from './correction-book.ts';

/**
 * Reads the audit of the database at `path` without changing it: whether the chain holds, and whether every
 * correction is what its audit row says. Throws NamedError `bad-argument` when it is no database with a chained audit.
 */
export function checkAudit(path: string): ChainState {
  const db = openReader(path);
  try {
    if (!hasChain(db)) {
      throw new NamedError(
        'bad-argument',
        `${path} has no chained audit: it is older, or no database of ivis`,
      );
    }
    const chain = checkChain(rowsOf(db), lastGiven(db));
    return { ...chain, broken: [...chain.broken, ...checkCorrections(db)].slice(0, 100) };
  } catch (thrown) {
    throw toStoreError(thrown);
  } finally {
    db.close();
  }
}

function hasChain(db: Database): boolean {
  return (
    db
      .prepare<[], number>("SELECT 1 FROM pragma_table_info('audit') WHERE name = 'prev_hash'")
      .pluck()
      .get() !== undefined
  );
}

function lastGiven(db: Database): number {
  return db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").pluck().get() ?? 0;
}

function rowsOf(db: Database): Iterable<AuditRow> {
  return db
    .prepare<[], AuditRow>(
      `SELECT audit_id AS auditId, wall_ms AS wallMs, mono_ms AS monoMs, actor, action, subject,
         detail_json AS detailJson, prev_hash AS prevHash, hash
       FROM audit ORDER BY audit_id`,
    )
    .iterate();
}

interface CorrectionRow {
  readonly correction_id: number;
  readonly made_by: string;
  readonly made_wall_ms: number;
  readonly said: string;
  readonly actor: string | null;
  readonly wall_ms: number | null;
  readonly detail_json: string | null;
}

function checkCorrections(db: Database): BrokenRow[] {
  const said = auditedColumns.map((column) => `'${column}', c.${column}`).join(', ');
  const rows = db
    .prepare<[], CorrectionRow>(
      `SELECT c.correction_id, c.made_by, c.made_wall_ms, json_object(${said}) AS said,
         a.actor, a.wall_ms, a.detail_json
       FROM correction c LEFT JOIN audit a USING (audit_id) ORDER BY c.correction_id`,
    )
    .iterate();
  const broken: BrokenRow[] = [];
  for (const row of rows) {
    const name = `correction ${row.correction_id}`;
    if (row.detail_json === null) broken.push({ row: name, why: 'its audit row is not there' });
    else if (row.said !== row.detail_json)
      broken.push({ row: name, why: 'it is not what its audit row says' });
    else if (row.made_by !== row.actor || row.made_wall_ms !== row.wall_ms) {
      broken.push({ row: name, why: 'who made it or when is not what its audit row says' });
    }
  }
  return broken;
}
