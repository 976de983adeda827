import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

/** The tests that a line names: `unit/a/b "words", "more words"; e2e/c "words"`. */
function namedTests(shownBy: string): { file: string; words: string[] }[] {
  return shownBy.split(';').flatMap((part) => {
    const file = /^\s*((?:unit|process|e2e|contract)\/[\w/-]+)/.exec(part)?.[1];
    if (file === undefined) return [];
    return [{ file, words: [...part.matchAll(/"([^"]+)"/g)].map(([, word]) => word ?? '') }];
  });
}

describe('the table of kvs-infer', () => {
  const text = readFileSync(resolve(root, 'docs/coverage/kvs-infer.md'), 'utf8');
  const [, table = ''] = text.split('| line | what stands | shown by |');
  const rows = (table.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((row) => /^\| B\d/.test(row))
    .map((row) => row.split('|').map((cell) => cell.trim()));

  test('has a row for every part of the requirements', () => {
    const parts = new Set(rows.map(([, line = '']) => /B\d/.exec(line)?.[0]));
    expect([...parts].sort()).toEqual(['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8', 'B9']);
  });

  test.each(rows.map(([, line = '', , shownBy = '']) => [line, shownBy] as const))(
    '%s names tests that are there, or says that there is none',
    (_line, shownBy) => {
      const named = namedTests(shownBy);
      if (named.length === 0) expect(shownBy).toBe('no test');
      for (const { file, words } of named) {
        const path = resolve(root, 'test', `${file}.test.ts`);
        expect(existsSync(path), file).toBe(true);
        const source = readFileSync(path, 'utf8');
        expect(words.filter((word) => !source.includes(word))).toEqual([]);
      }
    },
  );
});
