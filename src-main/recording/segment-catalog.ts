import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ClipPiece,
  dayFolder,
  INDEX_NAME,
  parseSegmentName,
  segmentSchema,
} from '#shared/domain/recording.ts';
import { sourceIdSchema } from '#shared/domain/source.ts';
import type { StoredSegment } from './retention-policy.ts';

const DAY = /^\d{8}$/;
const SETTLED_MS = 5000;
const DAY_MS = 86_400_000;
/** No segment is longer, whatever its name says. */
const MAX_SEGMENT_MS = 2 * 3_600_000;

const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder);
  } catch {
    // Gone meanwhile, or never there.
    return [];
  }
};

type Indexed = Pick<StoredSegment, 'bytes'>;

/** What the index of a day says of its files. Torn or foreign lines say nothing. */
async function readIndex(folder: string): Promise<Map<string, Indexed>> {
  const known = new Map<string, Indexed>();
  const text = await readFile(join(folder, INDEX_NAME), 'utf8').catch(() => '');
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      const { file, bytes } = segmentSchema.pick({ file: true, bytes: true }).parse(JSON.parse(line));
      known.set(file, { bytes });
    } catch {
      // The file itself is looked at instead.
    }
  }
  return known;
}

/**
 * What is recorded, as it lies on disk: `folder/source/day/segment`. The files are the truth and their names say when; the
 * index spares asking for the size of each. Where it is lost nothing is.
 */
export class SegmentCatalog {
  readonly #folder: string;
  /** Days as they were when looked at last: only a day that changed is read again. */
  readonly #known = new Map<string, { readonly changedMs: number; readonly segments: StoredSegment[] }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** All closed segments of all sources. */
  async all(): Promise<StoredSegment[]> {
    const segments: StoredSegment[] = [];
    for (const sourceId of await this.#sources()) {
      for (const day of await this.#days(sourceId)) segments.push(...(await this.#day(sourceId, day)));
    }
    return segments;
  }

  /** What to cut a clip of a source from, also a segment being written now. Oldest first; empty when there is none. */
  async pieces(sourceId: string, fromWallMs: number, toWallMs: number): Promise<ClipPiece[]> {
    const first = dayFolder(fromWallMs - DAY_MS);
    const last = dayFolder(toWallMs + DAY_MS);
    const pieces: ClipPiece[] = [];
    for (const day of (await this.#days(sourceId)).filter((name) => name >= first && name <= last)) {
      for (const name of await namesIn(join(this.#folder, sourceId, day))) {
        const parsed = parseSegmentName(name);
        if (parsed === null || parsed.fromWallMs >= toWallMs) continue;
        const endWallMs = parsed.toWallMs ?? parsed.fromWallMs + MAX_SEGMENT_MS;
        if (endWallMs <= fromWallMs) continue;
        pieces.push({ path: join(this.#folder, sourceId, day, name), fromWallMs: parsed.fromWallMs });
      }
    }
    return pieces.sort((a, b) => a.fromWallMs - b.fromWallMs);
  }

  /** True while the folder of a day holds a segment, closed or open. */
  async holdsAny(dayPath: string): Promise<boolean> {
    return (await namesIn(dayPath)).some((name) => parseSegmentName(name) !== null);
  }

  async #sources(): Promise<string[]> {
    return (await namesIn(this.#folder)).filter((name) => sourceIdSchema.safeParse(name).success);
  }

  async #days(sourceId: string): Promise<string[]> {
    return (await namesIn(join(this.#folder, sourceId))).filter((name) => DAY.test(name)).sort();
  }

  async #day(sourceId: string, day: string): Promise<StoredSegment[]> {
    const folder = join(this.#folder, sourceId, day);
    const changedMs = (await stat(folder).catch(() => null))?.mtimeMs ?? null;
    const known = this.#known.get(folder);
    if (changedMs === null) this.#known.delete(folder);
    else if (known?.changedMs === changedMs) return known.segments;
    const index = await readIndex(folder);
    const segments: StoredSegment[] = [];
    for (const name of await namesIn(folder)) {
      const parsed = parseSegmentName(name);
      if (parsed === null || parsed.toWallMs === null) continue;
      const path = join(folder, name);
      const bytes = index.get(name)?.bytes ?? (await stat(path).catch(() => null))?.size ?? null;
      if (bytes === null) continue;
      segments.push({ sourceId, path, bytes, fromWallMs: parsed.fromWallMs, toWallMs: parsed.toWallMs });
    }
    // A change within the same tick of the file system's clock must not be missed.
    if (changedMs !== null && Date.now() - changedMs > SETTLED_MS)
      this.#known.set(folder, { changedMs, segments });
    return segments;
  }
}
