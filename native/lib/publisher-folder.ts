import { readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files of one publishing ivis. */
export const PUBLISHER_FILES = { status: 'status.json', stats: 'stats.json', access: 'access.json' } as const;

/** Folder in which every ivis of this user that publishes has a folder of its own, unless it was given another. */
export function publisherBase(): string {
  const told = process.env.IVIS_IPC_DIR;
  if (told !== undefined && told !== '') return told;
  const runtime = process.env.XDG_RUNTIME_DIR;
  if (runtime !== undefined && runtime !== '') return join(runtime, 'ivis');
  return join(tmpdir(), `ivis-${(process.getuid?.() ?? 0).toString(36)}`);
}

/** Folders of publishers, the one whose status is newest first; a folder that is a publisher itself is the only one. */
export function findPublishers(folder: string = publisherBase()): string[] {
  const ageOf = (path: string): number => {
    try {
      return statSync(join(path, PUBLISHER_FILES.status)).mtimeMs;
    } catch {
      return Number.NaN;
    }
  };
  if (!Number.isNaN(ageOf(folder))) return [folder];
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // Nobody published yet.
  }
  return names
    .map((name) => ({ path: join(folder, name), ms: ageOf(join(folder, name)) }))
    .filter(({ ms }) => !Number.isNaN(ms))
    .sort((a, b) => b.ms - a.ms)
    .map(({ path }) => path);
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object of a publisher, or null when it is not there; it is replaced in one step, so it is never half. */
export function readJson(folder: string, name: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** A region as status.json lists it. */
export interface ListedRegion {
  readonly region: string;
  readonly source_id: string;
  readonly run_id: number;
}

/** The regions a status lists, newest run last. */
export function regionsOf(status: JsonObject | null): ListedRegion[] {
  const listed = status?.regions;
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((entry: unknown) =>
    isObject(entry) &&
    typeof entry.region === 'string' &&
    typeof entry.source_id === 'string' &&
    typeof entry.run_id === 'number'
      ? [{ region: entry.region, source_id: entry.source_id, run_id: entry.run_id }]
      : [],
  );
}
