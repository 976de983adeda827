import { NamedError } from '#shared/contracts/wire-error.ts';
import type { Line } from '#shared/domain/line.ts';
import { parseLine } from '../cli/shape-arguments.ts';

export interface WindowArguments {
  /** Files to open and analyse at once. */
  readonly open: readonly string[];
  /** Lines of every source opened, instead of one down the middle. */
  readonly lines: readonly Line[];
  readonly classes: readonly string[];
  readonly model: string | null;
  /** Tells other local programs what is seen, in that folder or (null) in one of our own. */
  readonly publish: { readonly folder: string | null } | null;
}

/**
 * The words after the program's name when it opens its window. Unknown switches are Chromium's and are left alone;
 * a word that is no switch is a file, as the desktop's "open with" gives it. Throws NamedError 'bad-argument'.
 */
export function parseWindowArguments(words: readonly string[]): WindowArguments {
  const open: string[] = [];
  const lines: Line[] = [];
  const classes: string[] = [];
  let model: string | null = null;
  let publish: WindowArguments['publish'] = null;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const valued = word === '--open' || word === '--line' || word === '--classes' || word === '--model';
    if (!valued) {
      if (word === '--publish') publish = { folder: null };
      else if (word.startsWith('--publish=')) publish = { folder: word.slice('--publish='.length) || null };
      else if (!word.startsWith('-')) open.push(word);
      continue;
    }
    const value = words[++i];
    if (value === undefined) throw new NamedError('bad-argument', `${word} needs a value`);
    if (word === '--open') open.push(value);
    else if (word === '--line') lines.push(parseLine(value));
    else if (word === '--model') model = value;
    else classes.push(...value.split(',').filter((name) => name !== ''));
  }
  return { open, lines, classes, model, publish };
}
