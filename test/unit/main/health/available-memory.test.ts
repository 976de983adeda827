import { expect, test } from 'vitest';
import { availableMemory, readAvailableMemory } from '../../../../src-main/health/available-memory.ts';

test.each([
  ['Linux', { free: 100, available: 6000 }, 6000],
  ['macOS, whose free pages are next to none', { free: 60, fileBacked: 5000, purgeable: 40 }, 5100],
  ['Windows', { free: 7000 }, 7000],
])('the memory a program can still get on %s', (_system, told, kilobytes) => {
  expect(availableMemory(told)).toBe(kilobytes * 1024);
});

test('is asked of the system where Electron does not run, and is never more than there is', () => {
  expect(readAvailableMemory(1000, () => 700)).toBe(700);
  expect(readAvailableMemory(500, () => 700)).toBe(500);
});
