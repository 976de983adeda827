import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type SeenFile, SeenFiles } from '../../../../src-main/folders/seen-files.ts';
import { temporaryFolder } from '../../../fixtures/ffmpeg.ts';

const { folder, remove } = temporaryFolder('seen-files');
afterAll(remove);

const file = (n: number): SeenFile => ({
  path: `/in/${n}.mp4`,
  size: n,
  mtimeMs: n,
  sha256: n.toString(16).padStart(64, '0'),
});
const complaints: string[] = [];
const open = (path: string): SeenFiles => new SeenFiles(path, (message) => complaints.push(message));

describe('the files a watched folder handed over', () => {
  it('writes as much for the last of many files as for the first', () => {
    const path = join(folder, 'many.json');
    const seen = open(path);
    for (let n = 0; n < 500; n++) seen.add(file(n));
    expect(existsSync(path)).toBe(false);
    const before = statSync(`${path}.lines`).size;
    seen.add(file(500));
    expect(statSync(`${path}.lines`).size - before).toBeLessThan(200);
    const again = open(path);
    for (let n = 0; n <= 500; n++) {
      expect(again.hasFile(`/in/${n}.mp4`, n, n)).toBe(true);
      expect(again.hasContent(file(n).sha256)).toBe(true);
    }
    expect(again.hasFile('/in/3.mp4', 4, 3)).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('gathers its lines into the list now and then, ever more rarely', () => {
    const path = join(folder, 'gathered.json');
    const seen = open(path);
    let gathered = 0;
    let size = 0;
    for (let n = 0; n < 9000; n++) {
      seen.add(file(n));
      if (existsSync(path) && statSync(path).size !== size) {
        gathered += 1;
        ({ size } = statSync(path));
      }
    }
    expect(gathered).toBe(4);
    const again = open(path);
    for (let n = 0; n < 9000; n++) expect(again.hasFile(`/in/${n}.mp4`, n, n)).toBe(true);
  });

  it('reads the list of an earlier ivis, and lines of which a crash cut one off', () => {
    const path = join(folder, 'earlier.json');
    writeFileSync(path, JSON.stringify({ version: 1, files: [file(1)] }));
    open(path).add(file(2));
    appendFileSync(`${path}.lines`, '\n{"path":"/in/3.m');
    const seen = open(path);
    seen.add({ ...file(1), size: 10 });
    const last = open(path);
    expect([1, 2, 3].map((n) => last.hasContent(file(n).sha256))).toEqual([true, true, false]);
    expect(last.hasFile('/in/1.mp4', 10, 1)).toBe(true);
    expect(readFileSync(path, 'utf8')).toContain('"size":1');
    expect(complaints).toEqual([]);
  });
});
