import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { commandNames, findCommand } from '../../../build/setup/commands.mjs';

const root = resolve(import.meta.dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifest: unknown = JSON.parse(read('package.json'));

function scripts(): Map<string, string> {
  if (typeof manifest !== 'object' || manifest === null || !('scripts' in manifest)) return new Map();
  return new Map(Object.entries(manifest.scripts ?? {}));
}

/** NAME of every test/KIND/NAME.KIND.ts. */
function measures(kind: string): string[] {
  return readdirSync(join(root, 'test', kind))
    .filter((file) => file.endsWith(`.${kind}.ts`))
    .map((file) => `${kind}:${file.slice(0, -`.${kind}.ts`.length)}`);
}

/** Names of scripts that a text tells people to run. */
const named = (text: string): string[] =>
  [...text.matchAll(/npm run ([a-z]+(?::[a-z-]+)?)/g)].map(([, name = '']) => name);

test('every script of package.json starts the command of its name', () => {
  expect(scripts().size).toBeGreaterThan(20);
  for (const [name, line] of scripts()) {
    expect(line).toBe(`node build/setup/run.mjs ${name}`);
    expect(findCommand(name, []), name).not.toBeNull();
  }
});

test('every command, bench and evaluation has a script', () => {
  const commands = commandNames.filter((name) => !name.endsWith(':NAME'));
  expect([...scripts().keys()].sort()).toEqual(
    [...commands, ...measures('bench'), ...measures('eval')].sort(),
  );
});

test('what the documents and the measures tell people to run exists', () => {
  const folder = (path: string, ending: RegExp): string[] =>
    readdirSync(join(root, path))
      .filter((file) => ending.test(file))
      .map((file) => join(path, file));
  const texts = [
    'README.md',
    'ARCHITECTURE.md',
    'CHANGELOG.md',
    join('models', 'README.md'),
    ...folder(join('docs', 'decisions'), /\.md$/),
    ...folder(join('docs', 'coverage'), /\.md$/),
    ...folder(join('test', 'bench'), /\.ts$/),
    ...folder(join('test', 'eval'), /\.ts$/),
  ];
  for (const path of texts) {
    for (const name of named(read(path))) expect(scripts().has(name), `${path}: npm run ${name}`).toBe(true);
  }
});
