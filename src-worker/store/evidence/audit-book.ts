import type Database from 'better-sqlite3';
import type { Clock } from '#shared/clock.ts';
import { auditHash, CHAIN_START } from './audit-chain.ts';

export interface AuditEntry {
  /** Name of the user of this computer. */
  readonly actor: string;
  /** Past tense: `crossing.marked-wrong`. */
  readonly action: string;
  /** What it was done to: `run 3 crossing 17`. */
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Adds rows to the audit, each chained to the one before it. To be called inside the transaction of what it tells of. */
export class AuditBook {
  readonly #last;
  readonly #insert;
  readonly #clock: Clock;
  readonly #all: (entries: readonly AuditEntry[]) => number;

  constructor(db: Database, clock: Clock) {
    this.#clock = clock;
    const all = db.transaction((entries: readonly AuditEntry[]) =>
      entries.reduce((_last, entry) => this.append(entry).auditId, 0),
    );
    this.#all = (entries) => all.immediate(entries);
    this.#last = db.prepare<[], { audit_id: number; hash: string }>(
      'SELECT audit_id, hash FROM audit ORDER BY audit_id DESC LIMIT 1',
    );
    this.#insert = db.prepare<
      [
        auditId: number,
        wallMs: number,
        monoMs: number,
        actor: string,
        action: string,
        subject: string,
        detailJson: string,
        prevHash: string,
        hash: string,
      ]
    >(
      `INSERT INTO audit (audit_id, wall_ms, mono_ms, actor, action, subject, detail_json, prev_hash, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  /** Adds rows that tell of nothing else in this database, in a transaction of their own; returns the last id. */
  appendAll(entries: readonly AuditEntry[]): number {
    return this.#all(entries);
  }

  /** Returns the id of the row and the times in it. */
  append(entry: AuditEntry): { auditId: number; wallMs: number; monoMs: number } {
    const last = this.#last.get();
    const auditId = (last?.audit_id ?? 0) + 1;
    const prevHash = last?.hash ?? CHAIN_START;
    const [wallMs, monoMs] = [Math.round(this.#clock.wallMs()), Math.round(this.#clock.monoMs())];
    const { actor, action, subject } = entry;
    const detailJson = JSON.stringify(entry.detail);
    const hash = auditHash({ auditId, wallMs, monoMs, actor, action, subject, detailJson }, prevHash);
    this.#insert.run(auditId, wallMs, monoMs, actor, action, subject, detailJson, prevHash, hash);
    return { auditId, wallMs, monoMs };
  }
}
