import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { demoArguments, findCommand } from '../../../build/setup/commands.mjs';
import { createContext } from '../../../build/setup/context.mjs';

const root = resolve('/ivis');
const system = { must: [], wish: [] };

function stepNames(name: string, args: readonly string[] = []): string[] {
  return (findCommand(name, args)?.steps ?? []).map((step) => step.name);
}

test('the demo fetches its clip, and does not when a video is given', () => {
  expect(stepNames('demo')).toContain('demo clip');
  expect(stepNames('demo', ['street.mp4'])).not.toContain('demo clip');
});

test('tests never need the demo clip, lint needs nothing but the packages', () => {
  for (const name of ['test', 'check', 'test:unit', 'test:e2e'])
    expect(stepNames(name)).not.toContain('demo clip');
  expect(stepNames('lint')).toEqual(['node', 'dependencies']);
});

test('every command sets up Node and the packages first', () => {
  for (const name of [
    'setup',
    'demo',
    'start',
    'ivis',
    'dev',
    'test',
    'check',
    'bench:ring',
    'eval:counting',
  ]) {
    expect(stepNames(name).slice(0, 2)).toEqual(['node', 'dependencies']);
  }
});

test('an unknown command is not taken for another', () => {
  for (const name of ['', 'demos', 'toString', 'bench:', 'bench:../x', 'eval:a b']) {
    expect(findCommand(name, [])).toBeNull();
  }
});

test('paths given to a command are meant from where the person stood', () => {
  const env = { npm_package_json: resolve(root, 'package.json'), INIT_CWD: resolve('/videos') };
  const context = createContext(root, ['a.mp4', '--line', 'x:1,2,3,4'], system, env);
  expect(demoArguments(context)).toEqual({
    clip: resolve('/videos/a.mp4'),
    line: ['--line', 'x:1,2,3,4'],
    classes: [],
  });
});

test("another package's INIT_CWD is not believed", () => {
  const context = createContext(root, [], system, {
    npm_package_json: '/other/package.json',
    INIT_CWD: '/other',
  });
  expect(context.startFolder).toBe(process.cwd());
});

test('a left-over ELECTRON_RUN_AS_NODE does not reach what is started', () => {
  const context = createContext(root, [], system, { ELECTRON_RUN_AS_NODE: '1', LANG: 'C' });
  expect(context.env).toEqual({ LANG: 'C' });
});

test('the command line starts Electron headless with the app and the arguments behind it', () => {
  const context = createContext(root, ['analyze', 'a b.mp4', '--json'], system, {});
  context.electron = '/electron';
  context.electronFlags = ['--no-sandbox'];
  const start = findCommand('ivis', context.args)?.start?.(context);
  expect(start).toEqual({
    file: '/electron',
    args: [
      '--no-sandbox',
      '--ozone-platform=headless',
      '--disable-gpu',
      '--log-level=3',
      root,
      'analyze',
      'a b.mp4',
      '--json',
    ],
    cwd: context.startFolder,
  });
});
