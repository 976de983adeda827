import { describe, expect, it } from 'vitest';
import { type KeyPress, keyAction } from '../../../src-renderer/keyboard.ts';

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
  });
});
