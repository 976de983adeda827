import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '../../../src-main/json-file.ts';
import { temporaryFolder } from '../../fixtures/ffmpeg.ts';
import { canMount, mountMemory } from '../store/memory-disk.ts';

const { folder, remove } = temporaryFolder('json-file');
afterAll(remove);
const schema = z.object({ words: z.array(z.string()) });

describe('a file of ours', () => {
  it('is what was written, for this user only, with a copy', () => {
    const path = join(folder, 'a', 'file.json');
    writeJsonFile(path, { words: ['one'] });
    expect(readJsonFile(path, schema)).toEqual({ value: { words: ['one'] }, problem: null });
    expect(readFileSync(`${path}.last`, 'utf8')).toBe(readFileSync(path, 'utf8'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.skipIf(!canMount)('is left as it was by a disk that takes only a part of the next one', () => {
    const disk = mountMemory(join(folder, 'small'), '64k');
    try {
      const path = join(disk.folder, 'file.json');
      writeJsonFile(path, { words: ['good'] });
      const large = { words: Array.from({ length: 20_000 }, (_, n) => `word ${n}`) };
      expect(() => writeJsonFile(path, large)).toThrow('ENOSPC');
      expect(readJsonFile(path, schema)).toEqual({ value: { words: ['good'] }, problem: null });
      // Nor does what was begun take the last of the room.
      writeJsonFile(path, { words: ['better'] });
      expect(readJsonFile(path, schema).value).toEqual({ words: ['better'] });
    } finally {
      disk.unmount();
    }
  });
});
