import { expect, it } from 'vitest';
import { errorKindSchema } from '#shared/domain/error-kind.ts';
import { exitCodeOf } from '../../../../src-main/cli/exit-code.ts';

it('no error has the exit code of success', () => {
  for (const kind of errorKindSchema.options) expect(exitCodeOf(kind)).toBeGreaterThan(0);
});

it('tells a file that will not do from one that ends too early and from wrong words', () => {
  expect(exitCodeOf('file-not-video')).toBe(3);
  expect(exitCodeOf('file-incomplete')).toBe(4);
  expect(exitCodeOf('bad-argument')).toBe(2);
});
