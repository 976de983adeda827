import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFilesAllowed, tooFewDescriptors } from '../../../../src-main/cli/descriptor-limit.ts';
import { temporaryFolder } from '../../../fixtures/ffmpeg.ts';

const limits = (soft: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax open files            ${soft.padEnd(21)}1048576              files\n`;

it('reads the soft limit', () => {
  expect(openFilesAllowed(limits('1024'))).toBe(1024);
  expect(openFilesAllowed(limits('unlimited'))).toBe(Number.POSITIVE_INFINITY);
  expect(openFilesAllowed('nothing of the kind')).toBeNull();
});

it('says how many are needed when there are too few, and nothing otherwise', () => {
  const { folder, remove } = temporaryFolder('limits');
  const file = join(folder, 'limits');
  writeFileSync(file, limits('64'));
  expect(tooFewDescriptors(file)).toMatch(/only 64 files .*ulimit -n 256/);
  writeFileSync(file, limits('1024'));
  expect(tooFewDescriptors(file)).toBeNull();
  expect(tooFewDescriptors(join(folder, 'absent'))).toBeNull();
  remove();
});
