import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SeenFiles } from '../../../../src-main/folders/seen-files.ts';
import { isVideoName } from '../../../../src-main/folders/video-names.ts';
import { WatchedFolder } from '../../../../src-main/folders/watched-folder.ts';

let folder: string;
let watched: WatchedFolder | null = null;
let found: string[];
const complaints: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ivis-folder-'));
  mkdirSync(join(folder, 'in'));
  found = [];
  complaints.length = 0;
});
afterEach(() => {
  watched?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function watch(path = join(folder, 'in')): WatchedFolder {
  watched?.stop();
  watched = new WatchedFolder(
    { folderId: 'folder-1', title: 'In', path },
    {
      seen: new SeenFiles(join(folder, 'seen.json'), (message) => complaints.push(message)),
      monoMs: () => performance.now(),
      found: (file) => found.push(file),
      changed: () => {},
    },
  );
  watched.start();
  return watched;
}

const at = (name: string): string => join(folder, 'in', name);

describe('a watched folder on the disk', () => {
  it('hands over what lies there and what comes, once, and nothing that is no video', async () => {
    writeFileSync(at('first.mp4'), 'one');
    writeFileSync(at('notes.txt'), 'two');
    writeFileSync(at('.hidden.mp4'), 'three');
    watch();
    await expect.poll(() => found).toEqual([at('first.mp4')]);
    writeFileSync(at('second.MKV'), 'four');
    await expect.poll(() => found, { timeout: 5000 }).toEqual([at('first.mp4'), at('second.MKV')]);
    expect(complaints).toEqual([]);
  });

  it('waits for a file that is still being copied', async () => {
    const folderWatched = watch();
    writeFileSync(at('long.mp4'), 'begin');
    const copy = setInterval(() => appendFileSync(at('long.mp4'), 'more'), 150);
    await expect.poll(() => folderWatched.view.waiting, { timeout: 5000 }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1600));
    expect(found).toEqual([]);
    clearInterval(copy);
    await expect.poll(() => found, { timeout: 5000 }).toEqual([at('long.mp4')]);
  });

  it('does not hand over the same recording under another name, also after a restart', async () => {
    writeFileSync(at('a.mp4'), 'the same bytes');
    watch();
    await expect.poll(() => found, { timeout: 5000 }).toEqual([at('a.mp4')]);
    copyFileSync(at('a.mp4'), at('b.mp4'));
    await expect.poll(() => watched?.view.known, { timeout: 5000 }).toBe(1);
    renameSync(at('a.mp4'), at('c.mp4'));
    const again = watch();
    await expect.poll(() => again.view.known, { timeout: 5000 }).toBe(1);
    expect(again.view.taken).toBe(0);
    expect(found).toEqual([at('a.mp4')]);
  });

  it('says when the folder is not there, and goes on when it is back', async () => {
    const folderWatched = watch(join(folder, 'share'));
    await expect.poll(() => folderWatched.view.fault?.kind, { timeout: 5000 }).toBe('folder-not-found');
    mkdirSync(join(folder, 'share'));
    writeFileSync(join(folder, 'share', 'x.mp4'), 'x');
    await expect.poll(() => found, { timeout: 12_000 }).toEqual([join(folder, 'share', 'x.mp4')]);
    expect(folderWatched.view.fault).toBeNull();
  });
});

describe('a name', () => {
  it.each([
    ['gate.mp4', true],
    ['GATE.MP4', true],
    ['شارع.mkv', true],
    ['gate.mp4.part', false],
    ['.gate.mp4', false],
    ['gate', false],
    ['mp4', false],
  ])('%s is that of a video: %s', (name, expected) => expect(isVideoName(name)).toBe(expected));
});
