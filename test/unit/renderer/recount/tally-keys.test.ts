import { expect, test } from 'vitest';
import { capOf, defaultKeys, withKey } from '../../../../src-renderer/views/recount/tally-keys.ts';

const line = (name: string) => ({
  name,
  points: [
    { x: 0, y: 0 },
    { x: 0, y: 9 },
  ],
});

test('every line, direction and class has a key of its own', () => {
  const keys = defaultKeys([line('a'), line('b')], ['car', 'person']);
  expect(keys.map(({ line: name, direction, label, key }) => `${name} ${direction} ${label} ${key}`)).toEqual(
    [
      'a forward car q',
      'a forward person w',
      'a backward car a',
      'a backward person s',
      'b forward car e',
      'b forward person r',
      'b backward car d',
      'b backward person f',
    ],
  );
  expect(new Set(keys.map(({ key }) => key)).size).toBe(8);
});

test('where the keyboard ends there is no key, and it can be given one', () => {
  const keys = defaultKeys([line('a'), line('b'), line('c')], ['1', '2', '3', '4']);
  const last = keys.length - 1;
  expect(keys[last]?.key).toBe('');
  expect(capOf('')).toBe('–');
  expect(withKey(keys, last, '7')[last]?.key).toBe('7');
});

test('a key that is given away leaves the one that had it', () => {
  const keys = withKey(defaultKeys([line('a')], ['car']), 1, 'Q');
  expect(keys.map(({ key }) => key)).toEqual(['', 'q']);
});

test('keys that mean something else are refused', () => {
  const keys = defaultKeys([line('a')], ['car']);
  for (const key of ['Backspace', 'Escape', 'Tab', 'Enter', ' ', 'F5'])
    expect(withKey(keys, 0, key)).toBe(keys);
});
