import { expect, test } from 'vitest';
import { roomOf } from '../../../src-main/disk-room.ts';

test('a disk is full when this user can write nothing more, whatever is kept for root', () => {
  expect(roomOf({ blocks: 100, bfree: 40, bavail: 40, bsize: 4096 })).toEqual({
    totalBytes: 100 * 4096,
    freeBytes: 40 * 4096,
  });
  // df calls this 30 of 103 used.
  expect(roomOf({ blocks: 252, bfree: 222, bavail: 73, bsize: 1 })).toEqual({
    totalBytes: 103,
    freeBytes: 73,
  });
  const { totalBytes, freeBytes } = roomOf({ blocks: 100, bfree: 5, bavail: 0, bsize: 1 });
  expect(1 - freeBytes / totalBytes).toBe(1);
});
