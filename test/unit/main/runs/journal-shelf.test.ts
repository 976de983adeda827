import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalShelf } from '../../../../src-main/runs/journal-shelf.ts';

let folder: string;
let film: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ivis-shelf-'));
  film = join(folder, 'film.mp4');
  writeFileSync(film, Buffer.alloc(3 * 1024 ** 2, 7));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const journals = (): string => join(folder, 'journals');

/** A journal of so many bytes, written at this time. */
function lay(sourceId: string, bytes: number, atS: number): void {
  mkdirSync(journals(), { recursive: true });
  const path = join(journals(), `${sourceId}.journal`);
  writeFileSync(path, Buffer.alloc(bytes));
  utimesSync(path, atS, atS);
}

describe('where journals lie', () => {
  it('knows a film again, and another one in its place', async () => {
    const shelf = new JournalShelf(journals());
    const first = await shelf.placeFor('yard', film);
    expect(first?.path).toBe(join(journals(), 'yard.journal'));
    expect(await shelf.placeFor('yard', film)).toEqual(first);
    utimesSync(film, 1000, 1000);
    const older = await shelf.placeFor('yard', film);
    expect(older?.film).not.toBe(first?.film);
    // As long and as old, with another end.
    writeFileSync(film, Buffer.concat([Buffer.alloc(3 * 1024 ** 2 - 1, 7), Buffer.from([8])]));
    utimesSync(film, 1000, 1000);
    expect((await shelf.placeFor('yard', film))?.film).not.toBe(older?.film);
  });

  it('has none for a film that cannot be read', async () => {
    expect(await new JournalShelf(journals()).placeFor('yard', join(folder, 'gone.mp4'))).toBeUndefined();
    expect(await new JournalShelf(journals()).placeFor('yard', folder)).toBeUndefined();
  });

  it('makes room by the oldest, and never of what is asked for', async () => {
    const shelf = new JournalShelf(journals(), 250);
    lay('oldest', 100, 1000);
    lay('older', 100, 2000);
    lay('newer', 100, 3000);
    lay('newest', 100, 4000);
    await shelf.placeFor('oldest', film);
    expect(readdirSync(journals()).sort()).toEqual(['newer.journal', 'newest.journal', 'oldest.journal']);
  });

  it('keeps no more than a tenth of the room that there is', async () => {
    lay('older', 100, 2000);
    lay('newer', 100, 3000);
    await new JournalShelf(journals(), 1000, () => 1800).placeFor('yard', film);
    expect(readdirSync(journals()).sort()).toEqual(['newer.journal', 'older.journal']);
    await new JournalShelf(journals(), 1000, () => 1799).placeFor('yard', film);
    expect(readdirSync(journals())).toEqual(['newer.journal']);
  });

  it('lets those of sources go that are gone, and the folder with the last', () => {
    const shelf = new JournalShelf(journals());
    lay('kept', 10, 1000);
    lay('gone', 10, 1000);
    writeFileSync(join(journals(), 'other.txt'), '');
    shelf.keepTo(['kept']);
    expect(readdirSync(journals()).sort()).toEqual(['kept.journal', 'other.txt']);
    expect([shelf.has('kept'), shelf.has('gone')]).toEqual([true, false]);
    rmSync(join(journals(), 'other.txt'));
    shelf.remove('kept');
    expect(existsSync(journals())).toBe(false);
    shelf.remove('kept');
  });
});
