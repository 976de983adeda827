import { createHash } from 'node:crypto';

/** What an audit row says, in the order that is hashed. */
export interface AuditContent {
  readonly auditId: number;
  readonly wallMs: number;
  /** Monotonic clock of the machine at that moment: tells a set clock from time that went by. */
  readonly monoMs: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detailJson: string;
}

export interface AuditRow extends AuditContent {
  readonly prevHash: string;
  readonly hash: string;
}

/** What the first row follows. */
export const CHAIN_START = '0'.repeat(64);

/** SHA-256 (FIPS 180-4) over the row and the hash of the row before it, so that no row can be changed alone. */
export function auditHash(content: AuditContent, prevHash: string): string {
  const { auditId, wallMs, monoMs, actor, action, subject, detailJson } = content;
  const text = JSON.stringify([prevHash, auditId, wallMs, monoMs, actor, action, subject, detailJson]);
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** One thing that is wrong with the audit: the row by name, and what is wrong with it. */
export interface BrokenRow {
  readonly row: string;
  readonly why: string;
}

export interface ChainState {
  readonly rows: number;
  readonly head: string;
  readonly broken: BrokenRow[];
}

const MOST_BROKEN = 100;

/**
 * Walks the rows in the order of their ids. `lastGiven` is the highest id that was ever given out: a lower newest row
 * means that the end of the chain was taken away.
 */
export function checkChain(rows: Iterable<AuditRow>, lastGiven: number): ChainState {
  const broken: BrokenRow[] = [];
  const complain = (row: string, why: string): void => {
    if (broken.length < MOST_BROKEN) broken.push({ row, why });
  };
  let count = 0;
  let head = CHAIN_START;
  let expected = 1;
  for (const row of rows) {
    const name = `audit row ${row.auditId}`;
    if (row.auditId !== expected) {
      const missing =
        row.auditId - 1 === expected ? `row ${expected}` : `rows ${expected} to ${row.auditId - 1}`;
      complain(name, `${missing} before it was taken out`);
    } else if (row.prevHash !== head) complain(name, 'it does not follow the row before it');
    if (auditHash(row, row.prevHash) !== row.hash) complain(name, 'its content is not what was written');
    head = row.hash;
    expected = row.auditId + 1;
    count += 1;
  }
  if (lastGiven >= expected) {
    complain(`audit row ${expected}`, `it and all up to row ${lastGiven} were taken out at the end`);
  }
  return { rows: count, head, broken };
}
