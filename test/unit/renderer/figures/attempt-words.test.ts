import { expect, it } from 'vitest';
import type { SourceView } from '#shared/domain/source.ts';
import { attemptWords } from '../../../../src-renderer/figures/attempt-words.ts';
import { cameraWith, sourceWith } from '../app-states.ts';

/** A file of whose frames so many were looked at before. */
function fileWith(takenOver: number, change: Partial<SourceView> = {}): SourceView {
  const { progress } = sourceWith();
  if (progress === null) throw new Error('the source of tests is under way');
  return sourceWith({ progress: { ...progress, takenOver }, ...change });
}

it('says that an analysis was cut off, and what it need not do again', () => {
  expect(attemptWords(fileWith(0))).toBeNull();
  expect(attemptWords(sourceWith({ progress: null }))).toBeNull();
  expect(attemptWords(fileWith(0, { attempt: 2 }))).toBe('Goes on after a fault · attempt 2');
  expect(attemptWords(fileWith(312))).toBe('312 frames were looked at before');
  expect(attemptWords(fileWith(312, { attempt: 3 }))).toBe(
    'Goes on after a fault · attempt 3 · 312 frames were looked at before',
  );
  // Its end says why it was so quick, and not that it goes on.
  expect(attemptWords(fileWith(312, { attempt: 3, state: 'ENDED' }))).toBe(
    '312 frames were looked at before',
  );
  expect(attemptWords({ ...cameraWith(), attempt: 3 })).toBeNull();
});
