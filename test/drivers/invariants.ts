import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { AppState } from '#shared/domain/app-state.ts';
import { ledgerCloses, ledgerSchema } from '#shared/domain/drop-reason.ts';
import { runCountsSchema } from '#shared/domain/run.ts';
import { ringsOf } from './ivis-command.ts';
import { descriptorsOf, familyOf, type KnownProcess, lives } from './process-tree.ts';

/** A broken promise: which one, and what was found. */
export type Broken = `${'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8'}: ${string}`;

const runSchema = z.object({
  run_id: z.number(),
  status: z.string(),
  ledger_json: z.string().nullable(),
  counts_json: z.string().nullable(),
  box_rows: z.number(),
  track_rows: z.number(),
  crossing_rows: z.number(),
  visit_rows: z.number(),
});
type Run = z.infer<typeof runSchema>;

/** Tables whose rows have a number of their own in each run: a hole is a lost row. */
const NUMBERED = ['crossing', 'zone_visit', 'movement'] as const;

/**
 * I1 to I4 of a database. `ended`: nobody has it open any more, so no run may be left as running. The counts of a whole
 * run must be those of its rows, so a row that is there twice shows as well as one that is not there.
 */
export function brokenInDatabase(path: string, { ended = true } = {}): Broken[] {
  if (!existsSync(path)) return ['I2: there is no database'];
  const db = new Database(path, { readonly: true });
  const number = (sql: string, ...values: number[]): number =>
    z.object({ n: z.number().nullable() }).parse(db.prepare<number[], unknown>(sql).get(...values)).n ?? 0;
  try {
    // One moment of it, should somebody write meanwhile.
    db.exec('BEGIN');
    const broken: Broken[] = [];
    const integrity = String(db.pragma('integrity_check', { simple: true }));
    if (integrity !== 'ok') broken.push(`I2: integrity_check says ${integrity}`);
    const keys = z.array(z.unknown()).parse(db.pragma('foreign_key_check'));
    if (keys.length > 0) broken.push(`I2: ${keys.length} rows point to nothing`);
    const runs = z.array(runSchema).parse(db.prepare('SELECT * FROM run ORDER BY run_id').all());
    for (const run of runs) {
      broken.push(...brokenRows(run, number), ...brokenLedger(run, ended), ...brokenGaps(run, number));
    }
    return broken;
  } finally {
    db.close();
  }
}

type Count = (sql: string, ...values: number[]) => number;

function brokenRows(run: Run, count: Count): Broken[] {
  const { run_id: id } = run;
  const broken: Broken[] = [];
  const holes = count('SELECT max(batch) + 1 - count(*) AS n FROM row_batch WHERE run_id = ?', id);
  if (holes !== 0) broken.push(`I1: run ${id} lacks ${holes} batches before its last one`);
  for (const table of NUMBERED) {
    const lost = count(
      `SELECT max(number) - min(number) + 1 - count(*) AS n FROM ${table} WHERE run_id = ?`,
      id,
    );
    if (lost !== 0) broken.push(`I1: run ${id} lacks ${lost} rows of ${table}`);
  }
  const kept: readonly [string, string, number][] = [
    ['boxes', 'detection WHERE origin <> 1 AND', run.box_rows],
    ['tracks', 'track WHERE', run.track_rows],
    ['crossings', 'crossing WHERE', run.crossing_rows],
    ['visits', 'zone_visit WHERE', run.visit_rows],
  ];
  for (const [what, from, told] of kept) {
    const there = count(`SELECT count(*) AS n FROM ${from} run_id = ?`, id);
    if (there !== told) broken.push(`I1: run ${id} acknowledged ${told} ${what}, has ${there}`);
  }
  const counts = run.counts_json === null ? null : runCountsSchema.parse(JSON.parse(run.counts_json));
  if (counts === null || run.status !== 'complete') return broken;
  const counted = Object.values(counts.lines).reduce(
    (sum, line) => sum + line.forward.total + line.backward.total,
    0,
  );
  if (counted !== run.crossing_rows) {
    broken.push(`I1: run ${id} shows ${counted} crossings, has ${run.crossing_rows} rows`);
  }
  return broken;
}

function brokenLedger(run: Run, ended: boolean): Broken[] {
  const { run_id: id, status } = run;
  if (ended && status === 'running') return [`I3: run ${id} is still marked as running`];
  if (run.ledger_json === null)
    return status === 'complete' ? [`I3: run ${id} is whole without a ledger`] : [];
  const ledger = ledgerSchema.parse(JSON.parse(run.ledger_json));
  const broken: Broken[] = [];
  if (!ledgerCloses(ledger)) broken.push(`I3: the ledger of run ${id} does not close: ${run.ledger_json}`);
  if (status === 'complete' && ledger.inFlight !== 0)
    broken.push(`I3: run ${id} is whole with frames in flight`);
  return broken;
}

function brokenGaps(run: Run, count: Count): Broken[] {
  const { run_id: id, status } = run;
  const broken: Broken[] = [];
  const turned = count('SELECT count(*) AS n FROM gap WHERE run_id = ? AND to_wall_ms < from_wall_ms', id);
  if (turned > 0) broken.push(`I4: ${turned} gaps of run ${id} end before they begin`);
  const open = count('SELECT count(*) AS n FROM gap WHERE run_id = ? AND to_wall_ms IS NULL', id);
  if (open > (status === 'running' ? 1 : 0)) broken.push(`I4: ${open} gaps of run ${id} never ended`);
  const within = count(
    `SELECT count(*) AS n FROM crossing c JOIN gap g USING (run_id)
     WHERE run_id = ? AND c.pts_us > g.from_pts_us AND c.pts_us < g.to_pts_us`,
    id,
  );
  if (within > 0) broken.push(`I4: ${within} crossings of run ${id} inside a gap`);
  const across = count(
    `SELECT count(*) AS n FROM track t JOIN gap g USING (run_id)
     WHERE run_id = ? AND g.to_pts_us > g.from_pts_us
       AND t.first_pts_us < g.from_pts_us AND t.last_pts_us > g.to_pts_us`,
    id,
  );
  if (across > 0) broken.push(`I4: ${across} tracks of run ${id} joined across a gap`);
  return broken;
}

/** The last batch of each run that detection was told to be stored, as it said so itself: kept outside of any database. */
export class Acknowledged {
  readonly #last = new Map<number, number>();

  note(state: AppState): void {
    for (const { progress } of state.sources) {
      const stored = progress?.stages?.stored;
      if (stored === undefined) continue;
      this.#last.set(stored.runId, Math.max(stored.batch, this.#last.get(stored.runId) ?? 0));
    }
  }

  get runs(): number {
    return this.#last.size;
  }

  /** I1: what was acknowledged is there, whatever the database says of itself. */
  lostFrom(path: string): Broken[] {
    const db = new Database(path, { readonly: true });
    try {
      const last = db.prepare<[number], unknown>('SELECT max(batch) FROM row_batch WHERE run_id = ?').pluck();
      return [...this.#last].flatMap(([runId, told]): Broken[] => {
        const there = z.number().nullable().parse(last.get(runId));
        if (there !== null && there >= told) return [];
        return [`I1: run ${runId} was acknowledged up to batch ${told}, the database ends with ${there}`];
      });
    } finally {
      db.close();
    }
  }
}

/** I7 of a program that is to be gone: its processes and its rings. `family`: what it was while it lived. */
export function brokenLeftOvers(mainPid: number, family: readonly KnownProcess[]): Broken[] {
  const alive = family.filter(lives).map(({ pid, state }) => `${pid} (${state})`);
  const rings = ringsOf(mainPid);
  return [
    ...(alive.length > 0 ? [`I7: processes left over: ${alive.join(', ')}` as const] : []),
    ...(rings.length > 0 ? [`I7: shared memory left over: ${rings.join(', ')}` as const] : []),
  ];
}

/** What a living program holds, to be compared before and after. */
export interface Held {
  readonly processes: number;
  readonly descriptors: number;
  readonly rssBytes: number;
  readonly rings: number;
}

export function heldBy(mainPid: number): Held {
  const family = familyOf(mainPid).filter(({ state }) => state !== 'Z');
  return {
    processes: family.length,
    descriptors: family.reduce((sum, { pid }) => sum + descriptorsOf(pid), 0),
    rssBytes: family.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    rings: ringsOf(mainPid).length,
  };
}

/** I8: files under the folders, and command lines of the processes, that hold the planted secret. */
export function brokenSecrecy(
  secret: string,
  folders: readonly string[],
  family: readonly KnownProcess[] = [],
  texts: readonly string[] = [],
): Broken[] {
  const needles = [Buffer.from(secret, 'utf8'), Buffer.from(secret, 'utf16le')];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true)
      .filter((file) => needles.some((needle) => readFileSync(file).includes(needle))),
  );
  const words = family.filter(({ pid }) => {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) && readFileSync(file, 'utf8').includes(secret);
  });
  return [
    ...files.map((file): Broken => `I8: the secret is in ${file}`),
    ...words.map(({ pid }): Broken => `I8: the secret is on the command line of ${pid}`),
    ...texts.flatMap((text): Broken[] => (text.includes(secret) ? ['I8: the secret was said'] : [])),
  ];
}
