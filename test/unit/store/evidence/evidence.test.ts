import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CrossingPicture } from '#shared/domain/evidence.ts';
import { openStore } from '../../../../src-worker/store/database.ts';
import { EvidenceReader, PictureBook } from '../../../../src-worker/store/evidence/evidence-book.ts';
import { packPoints, unpackPoints } from '../../../../src-worker/store/evidence/path-points.ts';
import {
  PictureFiles,
  pictureFolder,
  RESERVED_BYTES,
} from '../../../../src-worker/store/evidence/picture-files.ts';
import {
  batchOf,
  crossingOf,
  media,
  type OpenFixture,
  openFixture,
  settings,
  temporaryFolder,
  WALL_MS,
} from '../store-fixture.ts';

let folder: string;
let remove: () => void;
let open: OpenFixture;
let runId: number;
const points = [
  { frame: 3, ptsMs: 120.125, x: 300.25, y: 240 },
  { frame: 4, ptsMs: 7_200_160, x: 330.5, y: 239.75 },
];
const pictureOf = (number: number, more: Partial<CrossingPicture> = {}): CrossingPicture => ({
  number,
  kind: 'crop',
  frame: 5,
  ptsMs: 500,
  part: { x1: 10, y1: 20, x2: 110, y2: 90 },
  width: 100,
  height: 70,
  jpeg: new Uint8Array([255, 216, 1, 2, 3, number]),
  ...more,
});

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  open = openFixture(join(folder, 'ivis.db'));
  runId = open.beginRun();
  const paths = [{ number: 0, points }];
  open.rows.write(batchOf(runId, 0, { crossings: [crossingOf(0), crossingOf(1)], paths }));
});

afterEach(() => {
  if (open.store.db.open) open.store.db.close();
  remove();
});

const files = (freeBytes = Number.MAX_SAFE_INTEGER): PictureFiles =>
  new PictureFiles(pictureFolder(open.store.path), () => freeBytes);

function keep(picture: CrossingPicture, target = files()): void {
  const book = new PictureBook(open.store.db, target);
  book.writeFile(runId, picture);
  book.insert(runId, picture);
}

test('packed points come back as they were stored, also after hours', () => {
  expect(packPoints(points)).toHaveLength(40);
  expect(unpackPoints(packPoints(points))).toEqual(points);
});

test('a crossing opens with its way, its line, its medium and its pictures', () => {
  keep(pictureOf(0));
  keep(pictureOf(0, { kind: 'frame', frame: 6 }));
  const found = new EvidenceReader(open.store.db, files()).get(runId, 0);
  expect(found.path).toEqual({ number: 0, points });
  expect(found.line).toEqual(settings.lines[0]);
  expect(found.media).toEqual(media);
  expect(found.pictures).toMatchObject([
    { kind: 'crop', frame: 5, ptsMs: 500, part: { x1: 10, y1: 20, x2: 110, y2: 90 }, missing: null },
    { kind: 'frame', frame: 6, missing: null },
  ]);
  expect(Buffer.from(found.pictures[0]?.jpeg ?? [])).toEqual(Buffer.from(pictureOf(0).jpeg));
  expect(readdirSync(join(folder, 'evidence', String(runId))).sort()).toEqual(['0-frame.jpg', '0.jpg']);
});

test('a picture that came before its crossing, twice, is there once', () => {
  keep(pictureOf(9));
  keep(pictureOf(9));
  open.rows.write(batchOf(runId, 1, { crossings: [crossingOf(9)] }));
  expect(new EvidenceReader(open.store.db, files()).get(runId, 9).pictures).toHaveLength(1);
});

test('a picture that was changed or taken away outside is not shown, and says why', () => {
  keep(pictureOf(0));
  keep(pictureOf(1));
  const at = (number: number): string => join(folder, 'evidence', String(runId), `${number}.jpg`);
  writeFileSync(at(0), Buffer.concat([readFileSync(at(0)), Buffer.from('x')]));
  rmSync(at(1));
  const reader = new EvidenceReader(open.store.db, files());
  expect(reader.get(runId, 0).pictures).toMatchObject([{ jpeg: null, missing: 'altered' }]);
  expect(reader.get(runId, 1).pictures).toMatchObject([{ jpeg: null, missing: 'gone' }]);
  expect(reader.pictures(runId, 'crop', [0, 1])).toEqual([]);
});

test('the last of the disk is for counts: pictures are refused, crossings are stored', () => {
  expect(() => keep(pictureOf(0), files(RESERVED_BYTES))).toThrow(/the last of the disk/);
  expect(readdirSync(join(folder, 'evidence', String(runId)))).toEqual([]);
  open.rows.write(batchOf(runId, 1, { crossings: [crossingOf(2)] }));
  expect(new EvidenceReader(open.store.db, files()).get(runId, 2).pictures).toEqual([]);
});

test('a deleted run takes its ways and its pictures along', () => {
  keep(pictureOf(0));
  const other = open.beginRun();
  open.store.db.exec(`DELETE FROM run WHERE run_id = ${runId}`);
  expect(open.store.db.prepare('SELECT count(*) FROM crossing_path').pluck().get()).toBe(0);
  expect(open.store.db.prepare('SELECT count(*) FROM crossing_picture').pluck().get()).toBe(0);
  expect(files().sweep((id) => id === other)).toEqual([runId]);
  expect(readdirSync(join(folder, 'evidence'))).toEqual([]);
});

test('an audit from before the chain is taken into it', async () => {
  const { initial } = await import('../../../../src-worker/store/migrations/0001-initial.ts');
  const { evidence } = await import('../../../../src-worker/store/migrations/0010-evidence.ts');
  const path = join(folder, 'old.db');
  const before = openStore(path, WALL_MS, [initial]);
  before.db.exec(
    "INSERT INTO audit (wall_ms, actor, action, subject, detail_json) VALUES (5, 'ann', 'a', 's', '{}'), (6, 'bob', 'b', 't', '{}')",
  );
  before.db.close();
  openStore(path, WALL_MS, [initial, evidence]).db.close();
  const { checkAudit } = await import('../../../../src-worker/store/evidence/audit-check.ts');
  expect(checkAudit(path)).toMatchObject({ rows: 2, broken: [] });
});
