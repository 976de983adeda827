import { dirname } from 'node:path';
import { detectionStore } from '#shared/contracts/detection-store.contract.ts';
import { mainStore } from '#shared/contracts/main-store.contract.ts';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';
import type { Runtime, WorkerBody } from '../_runtime/boot.ts';
import { BackupKeeper } from './backup-keeper.ts';
import { CountReader } from './count-reader.ts';
import { makeFolder, type OpenStore, openStore } from './database.ts';
import { DatabaseOwner } from './database-owner.ts';
import { AuditBook } from './evidence/audit-book.ts';
import { checkAudit } from './evidence/audit-check.ts';
import { ChangeReader } from './evidence/change-reader.ts';
import { CorrectionBook } from './evidence/correction-book.ts';
import { CrossingList } from './evidence/crossing-list.ts';
import { EvidenceReader, PictureBook } from './evidence/evidence-book.ts';
import { PictureFiles, pictureFolder } from './evidence/picture-files.ts';
import { RecountBook, recountOf } from './evidence/recount-book.ts';
import { writeExport } from './exports/export-file.ts';
import { RowWriter } from './row-writer.ts';
import { RunBook, RunReader } from './run-book.ts';
import { SpeedReader } from './speed-reader.ts';
import { toStoreError } from './sqlite-error.ts';
import { StayReader } from './stay-reader.ts';
import { SumReader } from './sum-reader.ts';
import { WriteGate } from './write-gate.ts';

const SLOW_BATCH_MS = 500;
const DRAIN_POLL_MS = 20;

interface Opened {
  readonly store: OpenStore;
  readonly reader: RunReader;
  readonly counts: CountReader;
  readonly evidence: EvidenceReader;
  readonly crossings: CrossingList;
  readonly changes: ChangeReader;
  readonly stays: StayReader;
  readonly speeds: SpeedReader;
  readonly sums: SumReader;
  /** Null when the database is opened for reading only. */
  readonly writers: {
    readonly runs: RunBook;
    readonly rows: RowWriter;
    readonly pictures: PictureBook;
    readonly corrections: CorrectionBook;
    readonly recounts: RecountBook;
    readonly audit: AuditBook;
  } | null;
}

/** The store process: the only writer and the only reader of the database file. */
export function createStore(runtime: Runtime): WorkerBody {
  const { log, clock } = runtime;
  let opened: Opened | null = null;
  let owner: DatabaseOwner | null = null;
  let keeper: BackupKeeper | null = null;
  let opening: Promise<void> | null = null;
  let exportsGoing = 0;
  let stopping = false;
  let detection: LinkEnd<typeof detectionStore, 'to'> | null = null;

  const gate = new WriteGate({
    faulted: (error) => {
      log.error('the database takes no rows', { kind: error.kind, detail: error.message });
      main.send('store.faulted', { error });
    },
    recovered: () => {
      log.info('the database takes rows again');
      main.send('store.recovered', {});
    },
  });

  const current = (): Opened => {
    if (opened === null) throw new NamedError('not-ready', 'the database is not open yet');
    return opened;
  };
  const read = <T>(work: (opened: Opened) => T): T => {
    try {
      return work(current());
    } catch (thrown) {
      throw toStoreError(thrown);
    }
  };
  /** Answers come after this returns, and it returns after COMMIT. */
  const write = <T>(work: (writers: NonNullable<Opened['writers']>) => T): T => {
    const { store, writers } = current();
    if (writers === null) throw store.refusal ?? new NamedError('store-read-only', store.path);
    const result = gate.pass(() => work(writers));
    runtime.worked();
    return result;
  };

  const main = runtime.openMain(mainStore, {
    requests: {
      'store.open': async ({ path, backUp }) => {
        if (opened === null) {
          opening ??= openAsOwner(path, backUp).finally(() => {
            opening = null;
          });
          await opening;
        }
        const { store, writers } = current();
        if (store.path !== path) throw new NamedError('bad-argument', `the store has ${store.path} open`);
        return { schemaVersion: store.schemaVersion, readOnly: writers === null };
      },
      'run.begin': (body) => ({ runId: write(({ runs }) => runs.begin(body)) }),
      'runs.abandon': ({ endedWallMs }) => ({ runIds: write(({ runs }) => runs.abandon(endedWallMs)) }),
      'run.describe': (body) => {
        write(({ runs }) => runs.describe(body));
        return {};
      },
      'run.end': (body) => {
        write(({ runs }) => runs.end(body));
        return {};
      },
      'gap.add': (body) => {
        write(({ runs }) => runs.addGap(body));
        return {};
      },
      'export.write': async (order) => {
        const { store } = current();
        exportsGoing += 1;
        try {
          return await writeExport(store.path, order, () => {
            runtime.worked();
            if (stopping) throw new NamedError('stopped', 'the store ends before the file is whole');
          });
        } finally {
          exportsGoing -= 1;
        }
      },
      'runs.list': ({ limit }) => ({ runs: read(({ reader }) => reader.list(limit)) }),
      'run.get': ({ runId }) => read(({ reader }) => reader.get(runId)),
      'counts.get': ({ sourceId, fromWallMs, toWallMs, intervalMs }) =>
        read(({ counts }) => counts.ofSource(sourceId, { from: fromWallMs, to: toWallMs }, intervalMs)),
      'sum.get': (body) => read(({ sums }) => sums.of(body)),
      'gaps.list': ({ sourceId, fromWallMs, toWallMs }) => ({
        gaps: read(({ counts }) => counts.gaps(sourceId, { from: fromWallMs, to: toWallMs })),
      }),
      'correction.add': ({ runId, by, order }) => ({
        correctionId: write(({ corrections }) => corrections.add(runId, by, order)),
      }),
      'audit.add': ({ entries }) => ({ lastAuditId: write(({ audit }) => audit.appendAll(entries)) }),
      'recount.begin': ({ runId, by, fromPtsMs }) => ({
        recountId: write(({ recounts }) => recounts.begin(runId, by, fromPtsMs)),
      }),
      'tally.add': ({ recountId, tally }) => {
        write(({ recounts }) => recounts.tally(recountId, tally));
        return {};
      },
      'tally.undo': ({ recountId, number }) => {
        write(({ recounts }) => recounts.undo(recountId, number));
        return {};
      },
      'recount.end': ({ recountId, toPtsMs }) => {
        write(({ recounts }) => recounts.end(recountId, toPtsMs));
        return {};
      },
      'crossings.list': ({ runIds, lineRuns, filter, limit, offset }) =>
        read(({ crossings }) => ({
          total: crossings.total({ runIds, lineRuns }, filter),
          crossings: crossings.page({ runIds, lineRuns }, filter, limit, offset),
          counts: crossings.counts({ runIds, lineRuns }),
        })),
      'changes.list': ({ runIds }) => ({ changes: read(({ changes }) => changes.of(runIds)) }),
      'visits.list': (page) => read(({ stays }) => stays.visits(page)),
      'loiterings.list': (page) => read(({ stays }) => stays.loiterings(page)),
      'speeds.get': (asked) => ({ lines: read(({ speeds }) => speeds.of(asked)) }),
      'evidence.get': ({ runId, number }) => read(({ evidence }) => evidence.get(runId, number)),
      'pictures.list': ({ runId, kind, numbers }) => ({
        pictures: read(({ evidence }) => evidence.pictures(runId, kind, numbers)),
      }),
      'recount.get': ({ recountId }) => read(({ store }) => recountOf(store.db, recountId)),
      'audit.get': ({ path }) => checkAudit(path),
    },
    messages: {},
  });

  /** Ours before anything is looked at: nobody else's database is set aside, migrated or marked. */
  async function openAsOwner(path: string, backUp: boolean): Promise<void> {
    makeFolder(dirname(path));
    const ours = await DatabaseOwner.takeWhenFree(path, process.pid, clock, runtime.schedule);
    try {
      opened = open(path);
      owner = ours;
      const { db, refusal } = opened.store;
      if (!backUp || refusal !== null) return;
      const { schedule, worked } = runtime;
      keeper = new BackupKeeper({ db, path, schedule, worked, wallMs: clock.wallMs, note: log.info });
    } catch (thrown) {
      ours.release();
      throw thrown;
    }
  }

  function open(path: string): Opened {
    const store = openStore(path, clock.wallMs());
    if (store.backup !== null) log.info('the database was migrated', { backup: store.backup });
    for (const fault of [store.damage, store.refusal]) {
      if (fault === null) continue;
      log.error(fault.message);
      main.send('store.faulted', { error: toWireError(fault) });
    }
    const { db } = store;
    const files = new PictureFiles(pictureFolder(path));
    const reader = new RunReader(db);
    // The numbers of runs that it does not know are given out again.
    if (store.damage !== null) files.setAside(clock.wallMs(), (runId) => reader.has(runId));
    const crossings = new CrossingList(db);
    const seen = {
      evidence: new EvidenceReader(db, files),
      crossings,
      sums: new SumReader(db, crossings),
      changes: new ChangeReader(db),
      stays: new StayReader(db),
      speeds: new SpeedReader(db),
      counts: new CountReader(db, clock.wallMs),
    };
    if (store.refusal !== null) return { store, reader, ...seen, writers: null };
    const gone = files.sweep((runId) => reader.has(runId));
    if (gone.length > 0) log.info('pictures of deleted runs were removed', { runs: gone.length });
    const writers = {
      runs: new RunBook(db),
      rows: new RowWriter(db, clock.wallMs),
      pictures: new PictureBook(db, files),
      corrections: new CorrectionBook(db, clock),
      recounts: new RecountBook(db, clock),
      audit: new AuditBook(db, clock),
    };
    return { store, reader, ...seen, writers };
  }

  runtime.onAttach('detection-store', (port) => {
    detection?.close();
    detection = runtime.open(detectionStore, 'to', port, {
      requests: {
        'rows.write': (batch) => {
          const beganMs = clock.monoMs();
          write(({ rows }) => rows.write(batch));
          const tookMs = Math.round(clock.monoMs() - beganMs);
          if (tookMs > SLOW_BATCH_MS) {
            log.warn('a batch was slow', { runId: batch.runId, batch: batch.batch, tookMs });
          }
          return { runId: batch.runId, batch: batch.batch };
        },
        'picture.keep': ({ runId, picture }) => {
          const { store, writers } = current();
          if (writers === null) throw store.refusal ?? new NamedError('store-read-only', store.path);
          // Not through the gate: a full disk that takes no pictures may still take rows.
          writers.pictures.writeFile(runId, picture);
          write(({ pictures }) => pictures.insert(runId, picture));
          return {};
        },
      },
      messages: {},
    });
  });

  async function exportsEnded(untilMs: number): Promise<void> {
    while (exportsGoing > 0 && clock.monoMs() < untilMs) {
      await new Promise<void>((resolve) => runtime.schedule(DRAIN_POLL_MS, resolve));
    }
  }

  return {
    ready: () => Promise.resolve(),
    busy: () => exportsGoing > 0,
    queues: () => ({ exports: exportsGoing }),
    drain: async (deadlineMs) => {
      const beganMs = clock.monoMs();
      // Half the time to finish, half to give up and take the temporary files away.
      await exportsEnded(beganMs + deadlineMs / 2);
      stopping = true;
      await exportsEnded(beganMs + deadlineMs);
      detection?.close();
      await keeper?.stop();
      // Closing brings the -wal file into the database and removes it.
      if (opened?.store.db.open) opened.store.db.close();
      opened = null;
      owner?.release();
      owner = null;
    },
  };
}
