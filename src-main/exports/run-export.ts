import { join } from 'node:path';
import type { ExportKind } from '#shared/contracts/main-store.contract.ts';
import type { Engine } from '../runs/engine.ts';

/** An export of millions of rows may take its time. */
export const EXPORT_MS = 3_600_000;

export interface WrittenFile {
  readonly path: string;
  readonly rows: number;
}

const csvKinds: readonly ExportKind[] = ['detections', 'tracks', 'crossings', 'zones'];

/** Writes the four CSV files of a run into `folder`; rejects with 'output-unwritable' or 'output-full'. */
export async function exportCsv(
  engine: Engine,
  runId: number,
  folder: string,
): Promise<Record<string, WrittenFile>> {
  const files: Record<string, WrittenFile> = {};
  for (const kind of csvKinds) {
    const path = join(folder, `${kind}.csv`);
    const { rows } = await engine.askStore('export.write', { runId, kind, outPath: path }, EXPORT_MS);
    files[`${kind}.csv`] = { path, rows };
  }
  return files;
}

/** Writes what people said about the counts of a run beside them. */
export async function exportCorrections(
  engine: Engine,
  runId: number,
  folder: string,
): Promise<Record<string, WrittenFile>> {
  const path = join(folder, 'corrections.csv');
  const { rows } = await engine.askStore(
    'export.write',
    { runId, kind: 'corrections', outPath: path },
    EXPORT_MS,
  );
  return { 'corrections.csv': { path, rows } };
}
