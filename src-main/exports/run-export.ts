import { join } from 'node:path';
import type { ExportKind } from '#shared/contracts/main-store.contract.ts';
import type { IntervalMs } from '#shared/domain/count-interval.ts';
import type { LineRuns } from '#shared/domain/line-runs.ts';
import { prepareFolder } from '../cli/output-folder.ts';
import type { Engine } from '../runs/engine.ts';

/** An export of millions of rows may take its time. */
export const EXPORT_MS = 3_600_000;

export interface WrittenFile {
  readonly path: string;
  readonly rows: number;
}

/** What a run has besides boxes, tracks, crossings and stays: files without a subject are not written. */
export interface ExportedRun {
  /** Lines that are counted from a later run on. */
  readonly lineRuns?: LineRuns;
  readonly gates: boolean;
  readonly loitering: boolean;
}

const always: readonly ExportKind[] = [
  'detections',
  'tracks',
  'crossings',
  'zones',
  'counts',
  'count-intervals',
];

/** Counts over time at every length that traffic is told in; the quarter of an hour is what most ask for. */
const intervalFiles: readonly { readonly name: string; readonly intervalMs: IntervalMs }[] = [
  { name: 'count-intervals-1min', intervalMs: 60_000 },
  { name: 'count-intervals-5min', intervalMs: 300_000 },
  { name: 'count-intervals', intervalMs: 900_000 },
  { name: 'count-intervals-60min', intervalMs: 3_600_000 },
];

/** Writes the CSV files of a run into `folder`; rejects with 'output-unwritable' or 'output-full'. */
export function exportCsv(
  engine: Engine,
  runId: number,
  folder: string,
  { gates, loitering }: ExportedRun,
): Promise<Record<string, WrittenFile>> {
  const kinds: ExportKind[] = [...always];
  if (loitering) kinds.push('loiterings');
  if (gates) kinds.push('movements', 'movement-counts');
  return writeAll(engine, [runId], folder, kinds);
}

/**
 * Writes what the window shows of a source: the files of its run and what people said about its counts. Of a source
 * with several runs each has a folder of its own, and counts and intervals over all of them lie beside these.
 */
export async function exportShown(
  engine: Engine,
  runIds: readonly number[],
  folder: string,
  what: ExportedRun,
): Promise<Record<string, WrittenFile>> {
  const files: Record<string, WrittenFile> = {};
  for (const runId of runIds) {
    const name = runIds.length === 1 ? '' : `run-${runId}`;
    const own = join(folder, name);
    prepareFolder(own);
    const written = {
      ...(await exportCsv(engine, runId, own, what)),
      ...(await writeAll(engine, [runId], own, ['corrections'])),
    };
    for (const [file, facts] of Object.entries(written)) files[join(name, file)] = facts;
  }
  if (runIds.length === 1) return files;
  return {
    ...files,
    ...(await writeAll(engine, runIds, folder, ['counts', 'count-intervals'], what.lineRuns)),
  };
}

async function writeAll(
  engine: Engine,
  runIds: readonly number[],
  folder: string,
  kinds: readonly ExportKind[],
  lineRuns: LineRuns = {},
): Promise<Record<string, WrittenFile>> {
  const files: Record<string, WrittenFile> = {};
  const runId = runIds.at(-1);
  if (runId === undefined) return files;
  const written = kinds.flatMap((kind): { name: string; kind: ExportKind; intervalMs?: IntervalMs }[] =>
    kind === 'count-intervals' ? intervalFiles.map((file) => ({ kind, ...file })) : [{ kind, name: kind }],
  );
  for (const { name, ...what } of written) {
    const outPath = join(folder, `${name}.csv`);
    const order = { runId, withRuns: runIds.slice(0, -1), lineRuns, outPath, ...what };
    const { rows } = await engine.askStore('export.write', order, EXPORT_MS);
    files[`${name}.csv`] = { path: outPath, rows };
  }
  return files;
}

/** What the settings of a run give to write. */
export function exportedOf(settings: {
  readonly gates?: readonly unknown[] | undefined;
  readonly zones: readonly { readonly loiterMs?: number | undefined }[];
}): ExportedRun {
  return {
    gates: (settings.gates ?? []).length > 0,
    loitering: settings.zones.some(({ loiterMs }) => loiterMs !== undefined),
  };
}
