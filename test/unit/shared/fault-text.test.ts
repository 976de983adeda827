import { describe, expect, it } from 'vitest';
import { errorKindSchema } from '#shared/domain/error-kind.ts';
import { faultTexts, toFault } from '#shared/domain/fault-text.ts';
import { faultSchema } from '#shared/domain/source.ts';

describe('the words for what went wrong', () => {
  it('exist for every kind and for no other', () => {
    expect(Object.keys(faultTexts).sort()).toEqual([...errorKindSchema.options].sort());
  });

  it.each(errorKindSchema.options)('tell for %s what to do, in whole sentences', (kind) => {
    const fault = faultSchema.parse(toFault(kind, 'ENOENT'));
    expect(fault.title).toMatch(/^\p{Lu}.{8,70}[^.]$|^ivis .{8,70}[^.]$/u);
    expect(fault.whatToDo).toMatch(/^(?:\p{Lu}|ivis ).*\.$/u);
    expect(fault.detail).toBe('ENOENT');
  });
});
