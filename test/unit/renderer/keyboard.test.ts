import { describe, expect, it } from 'vitest';
import { type KeyPress, keyAction, shortcuts, worksAt } from '../../../src-renderer/keyboard.ts';

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrl: false,
  alt: false,
  typing: false,
  onControl: false,
  ...change,
});

describe('a key', () => {
  it.each([
    [press('o', { ctrl: true }), 'open'],
    [press(' '), 'start-stop'],
    [press('L'), 'draw-line'],
    [press('e'), 'export'],
    [press('2', { ctrl: true }), { page: 'health' }],
    [press('ArrowDown'), 'next'],
    [press('3'), { choose: 2 }],
    [press('?'), 'shortcuts'],
    [press('Escape', { onControl: true }), 'cancel'],
  ])('%j does %j', (pressed, action) => {
    expect(keyAction(pressed)).toEqual(action);
  });

  it('belongs to the text field while somebody types', () => {
    for (const key of ['l', ' ', '1', 'ArrowUp', '?']) {
      expect(keyAction(press(key, { typing: true }))).toBeNull();
    }
    expect(keyAction(press('o', { typing: true, ctrl: true }))).toBe('open');
  });

  it('works the focused control first', () => {
    expect(keyAction(press(' ', { onControl: true }))).toBeNull();
    expect(keyAction(press('Enter', { onControl: true }))).toBeNull();
    expect(keyAction(press('l', { onControl: true }))).toBe('draw-line');
  });

  it('is left alone with Ctrl and Alt', () => {
    expect(keyAction(press('l', { ctrl: true }))).toBeNull();
    expect(keyAction(press('e', { alt: true }))).toBeNull();
    expect(keyAction(press('1', { ctrl: true, alt: true }))).toBeNull();
  });

  it('starts and draws nothing that is not seen', () => {
    for (const action of ['start-stop', 'draw-line', 'export', 'edit', { choose: 0 }] as const) {
      expect(worksAt(action, 'pictures')).toBe(true);
      expect(worksAt(action, 'page')).toBe(false);
      expect(worksAt(action, 'opened')).toBe(false);
    }
    for (const place of ['pictures', 'page', 'opened'] as const) {
      expect(worksAt({ page: 'log' }, place)).toBe(true);
      expect(worksAt('open', place)).toBe(true);
    }
    expect(worksAt('shortcuts', 'page')).toBe(true);
    // Letters of an opened page are its own.
    expect(worksAt('add', 'opened')).toBe(false);
  });
});

describe('the list of shortcuts', () => {
  it('names no key twice for one place', () => {
    for (const { place, keys } of shortcuts) {
      const caps = keys.map((shortcut) => shortcut.keys.join(' '));
      expect(new Set(caps).size, place).toBe(caps.length);
    }
  });
});
