import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeExport } from '../../../src-worker/store/exports/export-file.ts';
import { canMount, mountMemory } from './memory-disk.ts';
import { batchOf, boxOf, type OpenFixture, openFixture, temporaryFolder } from './store-fixture.ts';

let fixture: OpenFixture;
let folder: string;
let runId: number;
let remove: () => void;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  fixture = openFixture(join(folder, 'ivis.db'));
  runId = fixture.beginRun();
  const boxes = Array.from({ length: 20_000 }, (_, i) => boxOf(i, 1));
  fixture.rows.write(batchOf(runId, 0, { boxes }));
});

afterEach(() => {
  fixture.store.db.close();
  remove();
});

const exportTo = (outPath: string, wrote?: () => void) =>
  writeExport(fixture.store.path, { runId, kind: 'detections', outPath }, wrote);

test('a missing folder is output-unwritable', async () => {
  await expect(exportTo(join(folder, 'none', 'd.csv'))).rejects.toMatchObject({ kind: 'output-unwritable' });
});

test('a file in place of the folder is output-unwritable', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(exportTo(join(folder, 'file', 'd.csv'))).rejects.toMatchObject({ kind: 'output-unwritable' });
});

test('a folder in place of the file is output-unwritable and no temporary file stays', async () => {
  const out = join(folder, 'out');
  mkdirSync(join(out, 'd.csv'), { recursive: true });
  await expect(exportTo(join(out, 'd.csv'))).rejects.toMatchObject({ kind: 'output-unwritable' });
  expect(readdirSync(out)).toEqual(['d.csv']);
});

test('an export that is given up leaves nothing behind', async () => {
  const out = join(folder, 'out');
  mkdirSync(out);
  const giveUp = (): void => {
    throw new Error('enough');
  };
  await expect(exportTo(join(out, 'd.csv'), giveUp)).rejects.toThrow('enough');
  expect(readdirSync(out)).toEqual([]);
});

// root may write anywhere, whatever the mode of a folder says
test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'a folder without write permission is output-unwritable',
  async () => {
    const out = join(folder, 'out');
    mkdirSync(out);
    chmodSync(out, 0o555);
    await expect(exportTo(join(out, 'd.csv'))).rejects.toMatchObject({ kind: 'output-unwritable' });
  },
);

test.skipIf(!canMount)('a read-only disk is output-unwritable (needs root, to mount one)', async () => {
  const disk = mountMemory(join(folder, 'disk'), '1m');
  try {
    execFileSync('mount', ['-o', 'remount,ro', disk.folder]);
    await expect(exportTo(join(disk.folder, 'd.csv'))).rejects.toMatchObject({ kind: 'output-unwritable' });
  } finally {
    disk.unmount();
  }
});

test.skipIf(!canMount)(
  'a full disk is output-full, keeps the older file and leaves no temporary one (needs root, to mount one)',
  async () => {
    const disk = mountMemory(join(folder, 'disk'), '256k');
    try {
      writeFileSync(join(disk.folder, 'd.csv'), 'older');
      await expect(exportTo(join(disk.folder, 'd.csv'))).rejects.toMatchObject({ kind: 'output-full' });
      expect(readdirSync(disk.folder)).toEqual(['d.csv']);
    } finally {
      disk.unmount();
    }
  },
);
