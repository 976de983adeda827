import type Database from 'better-sqlite3';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { CrossingPath, CrossingPicture, KeptPicture, PictureKind } from '#shared/domain/evidence.ts';
import { pictureKindSchema } from '#shared/domain/evidence.ts';
import type { Line } from '#shared/domain/line.ts';
import { type MediaInfo, mediaInfoSchema } from '#shared/domain/media-info.ts';
import { runSettingsSchema } from '#shared/domain/run.ts';
import { toMicroseconds } from '../fixed-point.ts';
import { unpackPoints } from './path-points.ts';
import { type PictureFiles, sha256Of } from './picture-files.ts';

interface PictureRow {
  readonly kind: string;
  readonly frame: number;
  readonly pts_us: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
}

export interface Evidence {
  readonly path: CrossingPath | null;
  readonly line: Line | null;
  readonly media: MediaInfo | null;
  readonly pictures: KeptPicture[];
}

/** Named statements on paths and pictures. */
function evidenceQueries(db: Database) {
  return {
    path: db
      .prepare<[runId: number, number: number], Uint8Array>(
        'SELECT points FROM crossing_path WHERE run_id = ? AND number = ?',
      )
      .pluck(),
    pictures: db.prepare<[runId: number, number: number], PictureRow>(
      'SELECT * FROM crossing_picture WHERE run_id = ? AND number = ? ORDER BY kind',
    ),
    sha256: db
      .prepare<[runId: number, number: number, kind: string], string>(
        'SELECT sha256 FROM crossing_picture WHERE run_id = ? AND number = ? AND kind = ?',
      )
      .pluck(),
    crossing: db.prepare<[runId: number, number: number], { line: string }>(
      'SELECT line FROM crossing WHERE run_id = ? AND number = ?',
    ),
    run: db.prepare<[runId: number], { settings_json: string; media_json: string | null }>(
      'SELECT settings_json, media_json FROM run WHERE run_id = ?',
    ),
  };
}

/** Reads what lies behind a crossing; works on a read-only connection too. */
export class EvidenceReader {
  readonly #queries: ReturnType<typeof evidenceQueries>;
  readonly #files: PictureFiles;

  constructor(db: Database, files: PictureFiles) {
    this.#queries = evidenceQueries(db);
    this.#files = files;
  }

  /** Throws `bad-argument` when there is no such crossing. */
  get(runId: number, number: number): Evidence {
    const run = this.#queries.run.get(runId);
    const crossing = this.#queries.crossing.get(runId, number);
    if (run === undefined || crossing === undefined) {
      throw new NamedError('bad-argument', `run ${runId} has no crossing ${number}`);
    }
    const points = this.#queries.path.get(runId, number);
    const { lines } = runSettingsSchema.parse(JSON.parse(run.settings_json));
    return {
      path: points === undefined ? null : { number, points: unpackPoints(points) },
      line: lines.find((line) => line.name === crossing.line) ?? null,
      media: run.media_json === null ? null : mediaInfoSchema.parse(JSON.parse(run.media_json)),
      pictures: this.#queries.pictures.all(runId, number).map((row) => this.#kept(runId, number, row)),
    };
  }

  /** Pictures of one kind; what is gone or altered is left out. */
  pictures(
    runId: number,
    kind: PictureKind,
    numbers: readonly number[],
  ): { number: number; jpeg: Uint8Array<ArrayBuffer> }[] {
    return numbers.flatMap((number) => {
      const sha256 = this.#queries.sha256.get(runId, number, kind);
      const jpeg = sha256 === undefined ? null : this.#files.read(runId, number, kind);
      return jpeg !== null && sha256Of(jpeg) === sha256 ? [{ number, jpeg }] : [];
    });
  }

  #kept(runId: number, number: number, row: PictureRow): KeptPicture {
    const kind = pictureKindSchema.parse(row.kind);
    const found = this.#files.read(runId, number, kind);
    const missing = found === null ? 'gone' : sha256Of(found) === row.sha256 ? null : 'altered';
    return {
      kind,
      frame: row.frame,
      ptsMs: row.pts_us / 1000,
      part: { x1: row.x1, y1: row.y1, x2: row.x2, y2: row.y2 },
      width: row.width,
      height: row.height,
      jpeg: missing === null ? found : null,
      missing,
    };
  }
}

/** Keeps pictures: the file first, then the row that says what it is. */
export class PictureBook {
  readonly #files: PictureFiles;
  readonly #insert;
  readonly #hasRun;

  constructor(db: Database, files: PictureFiles) {
    this.#files = files;
    this.#hasRun = db.prepare<[runId: number], number>('SELECT 1 FROM run WHERE run_id = ?').pluck();
    this.#insert = db.prepare<
      [
        runId: number,
        number: number,
        kind: string,
        frame: number,
        ptsUs: number,
        x1: number,
        y1: number,
        x2: number,
        y2: number,
        width: number,
        height: number,
        bytes: number,
        sha256: string,
      ]
    >(
      `INSERT INTO crossing_picture (run_id, number, kind, frame, pts_us, x1, y1, x2, y2, width, height, bytes,
         sha256)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run_id, number, kind) DO NOTHING`,
    );
  }

  /** Writes the file. Throws NamedError 'output-full', 'output-unwritable', or 'bad-argument' for an unknown run. */
  writeFile(runId: number, picture: CrossingPicture): void {
    if (this.#hasRun.get(runId) === undefined) {
      throw new NamedError('bad-argument', `there is no run ${runId}`);
    }
    this.#files.write(runId, picture.number, picture.kind, picture.jpeg);
  }

  /** Adds the row, once. */
  insert(runId: number, picture: CrossingPicture): void {
    const { number, kind, frame, ptsMs, part, width, height, jpeg } = picture;
    this.#insert.run(
      runId,
      number,
      kind,
      frame,
      toMicroseconds(ptsMs),
      Math.round(part.x1),
      Math.round(part.y1),
      Math.round(part.x2),
      Math.round(part.y2),
      width,
      height,
      jpeg.length,
      sha256Of(jpeg),
    );
  }
}
