import type Database from 'better-sqlite3';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { type MediaInfo, mediaInfoSchema } from '#shared/domain/media-info.ts';
import { type RunSettings, runSettingsSchema } from '#shared/domain/run.ts';
import { CountReader } from '../count-reader.ts';
import { CrossingList } from '../evidence/crossing-list.ts';
import type { AskedRuns } from '../queries/changes.ts';
import { type ExportQueries, exportQueries } from '../queries/exports.ts';
import { type MovementQueries, movementQueries } from '../queries/movements.ts';
import { type StayQueries, stayQueries } from '../queries/stays.ts';
import { RunReader } from '../run-book.ts';

/** What an export is made from: one run, read through a connection of its own. */
export interface ExportRun {
  readonly runId: number;
  readonly path: string;
  readonly settings: RunSettings;
  /** Null when the medium was never opened. */
  readonly media: MediaInfo | null;
  readonly queries: ExportQueries &
    Pick<MovementQueries, 'movements' | 'speeds'> &
    Pick<StayQueries, 'visits' | 'loiterings'>;
  readonly counts: CountReader;
  /** This run and those counted together with it, for exports of counts. */
  readonly counted: AskedRuns;
  readonly crossings: CrossingList;
}

/** The text of a file, as lines with their line ends. */
export interface ExportLines {
  /** Lines before the rows. */
  readonly head: string;
  readonly rows: Iterable<string>;
}

/** Throws `bad-argument` when there is no such run. */
export function loadExportRun(db: Database, runId: number, { runIds, lineRuns }: AskedRuns): ExportRun {
  const row = new RunReader(db).stored(runId);
  return {
    runId,
    path: row.path,
    settings: runSettingsSchema.parse(JSON.parse(row.settings_json)),
    media: row.media_json === null ? null : mediaInfoSchema.parse(JSON.parse(row.media_json)),
    queries: { ...exportQueries(db), ...movementQueries(db), ...stayQueries(db) },
    counts: new CountReader(db, Date.now),
    counted: { runIds: [...new Set([...runIds, runId])], lineRuns },
    crossings: new CrossingList(db),
  };
}

/** The medium, for exports that mean nothing without its size. */
export function mediaOf(run: ExportRun): MediaInfo {
  if (run.media === null)
    throw new NamedError('bad-argument', `run ${run.runId}: the video was never opened`);
  return run.media;
}

/** ISO 8601 in UTC with milliseconds, of stored times in the medium; empty when its start is not known. */
export function timeUtc(run: ExportRun): (ptsUs: number) => string {
  const startWallMs = run.media?.startWallMs;
  return (ptsUs) => (startWallMs === undefined ? '' : utcText(startWallMs + ptsUs / 1000));
}

/** ISO 8601 in UTC with milliseconds. */
export function utcText(wallMs: number): string {
  // Beyond what a date can be (a broken clock in the container), no time is truer than an error.
  return Math.abs(wallMs) <= 8.64e15 ? new Date(Math.round(wallMs)).toISOString() : '';
}
