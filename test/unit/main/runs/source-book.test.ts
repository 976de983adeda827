import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SourceBook, type SourceEntry } from '../../../../src-main/runs/source-book.ts';

let folder: string;
let path: string;
const complaints: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ivis-book-'));
  path = join(folder, 'deep', 'sources.json');
  complaints.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const book = (): SourceBook => new SourceBook(path, (message) => complaints.push(message));

const camera: SourceEntry = {
  sourceId: 'rtsp-1',
  title: 'مدخل المبنى',
  input: { kind: 'rtsp', url: 'rtsp://10.0.0.9/stream1', transport: 'tcp' },
  loginKept: 'session',
  folderId: null,
  settings: {
    mode: 'live',
    lines: [],
    zones: [],
    classes: ['car'],
    confidence: null,
    every: null,
    fps: null,
    keepRawDetections: false,
    rate: { targetFps: 5, floorFps: 1, priority: 2 },
  },
  media: null,
  wanted: true,
  counting: { startedWallMs: 7, runIds: [1, 3], lineRuns: { door: 3 }, lineStarts: { door: 9 } },
  last: null,
};
const folders = [{ folderId: 'folder-1', title: 'Recorder', path: '/mnt/recorder', classes: [] }];

describe('the list of sources', () => {
  it('is empty and without complaint before anything was added', () => {
    expect(book().read()).toEqual({ sources: [], folders: [], problem: null, lost: false });
  });

  it('comes back as it was written', () => {
    const writing = book();
    writing.write(() => ({ sources: [camera], folders }));
    writing.flush();
    expect(book().read()).toEqual({ sources: [camera], folders, problem: null, lost: false });
    expect(complaints).toEqual([]);
  });

  it('is readable by its user alone and leaves no half-written file behind', () => {
    const writing = book();
    writing.write(() => ({ sources: [camera], folders }));
    writing.flush();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'deep')).sort()).toEqual(['sources.json', 'sources.json.last']);
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, text.length / 2)],
    ['of another shape', () => '{"version":1,"sources":[{"sourceId":"../x"}],"folders":[]}'],
    ['empty', () => ''],
  ])('falls back to the last good copy when the file is %s, and says so', (_how, spoil) => {
    const writing = book();
    writing.write(() => ({ sources: [camera], folders }));
    writing.flush();
    writeFileSync(path, spoil(readFileSync(path, 'utf8')));
    const spoilt = readFileSync(path, 'utf8');
    const { sources, problem, lost } = book().read();
    expect(sources).toEqual([camera]);
    expect(problem).toContain('sources.json');
    expect(lost).toBe(false);
    // The next write replaces it.
    expect(readFileSync(`${path}.unreadable`, 'utf8')).toBe(spoilt);
    rmSync(`${path}.last`);
    expect(book().read()).toMatchObject({ sources: [], lost: true });
  });

  it('writes many changes at once as one, and nothing after it was closed', () => {
    const writing = book();
    let asked = 0;
    const what = (sources: readonly SourceEntry[]) => () => {
      asked += 1;
      return { sources, folders: [] };
    };
    writing.write(what([]));
    writing.write(what([]));
    writing.close(what([camera]));
    writing.write(what([]));
    writing.flush();
    expect(asked).toBe(1);
    expect(book().read().sources).toEqual([camera]);
  });

  it('complains when it cannot be written, and stops nothing', () => {
    writeFileSync(join(folder, 'deep'), 'a file where the folder should be');
    const writing = book();
    writing.write(() => ({ sources: [camera], folders }));
    writing.flush();
    expect(complaints[0]).toContain('could not be written');
  });
});
