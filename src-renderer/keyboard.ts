import type { PageName } from './stores/page-store.ts';

/** What a key does. Pure, so that the list of shortcuts and what happens cannot drift apart. */
export type KeyAction =
  | 'open'
  | 'add'
  | 'edit'
  | 'start-stop'
  | 'draw-line'
  | 'draw-zone'
  | 'draw-mask'
  | 'draw-gate'
  | 'draw-ground'
  | 'export'
  | 'hours'
  | 'previous'
  | 'next'
  | 'layout'
  | 'shortcuts'
  | 'cancel'
  | 'confirm'
  | { readonly choose: number }
  | { readonly page: PageName };

export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  /** The focus is where typing writes text. */
  readonly typing: boolean;
  /** The focus is on a control that Space and Enter already work on. */
  readonly onControl: boolean;
}

/** The action of a key press, or null when it is none of ours. */
export function keyAction(press: KeyPress): KeyAction | null {
  const key = press.key.toLowerCase();
  if (press.ctrl) return press.alt ? null : (WITH_CTRL[key] ?? null);
  if (press.alt || press.typing) return null;
  if (key === 'escape') return 'cancel';
  if (press.onControl && (key === ' ' || key === 'enter')) return null;
  if (/^[1-9]$/.test(key)) return { choose: Number(key) - 1 };
  return PLAIN[key] ?? null;
}

const WITH_CTRL: Readonly<Record<string, KeyAction>> = {
  o: 'open',
  '1': { page: 'watch' },
  '2': { page: 'health' },
  '3': { page: 'log' },
};

/** Where somebody is: before the pictures, on another page, or on a page opened out of the pictures. */
export type KeyPlace = 'pictures' | 'page' | 'opened';

/** Most keys are those of the pictures: elsewhere they would start and draw what is not seen. */
export function worksAt(action: KeyAction, place: KeyPlace): boolean {
  if (place === 'pictures' || action === 'open') return true;
  if (typeof action === 'object') return 'page' in action;
  // An opened page gives letters a meaning of its own.
  return place === 'page' && (action === 'add' || action === 'shortcuts');
}

const PLAIN: Readonly<Record<string, KeyAction>> = {
  ' ': 'start-stop',
  enter: 'confirm',
  a: 'add',
  s: 'edit',
  l: 'draw-line',
  z: 'draw-zone',
  m: 'draw-mask',
  d: 'draw-gate',
  r: 'draw-ground',
  e: 'export',
  h: 'hours',
  g: 'layout',
  arrowup: 'previous',
  arrowleft: 'previous',
  arrowdown: 'next',
  arrowright: 'next',
  '?': 'shortcuts',
};

interface Shortcut {
  readonly keys: readonly string[];
  readonly words: string;
}

/** For the dialog that lists them, each list for a place. */
export const shortcuts: readonly { readonly place: string; readonly keys: readonly Shortcut[] }[] = [
  {
    place: 'Everywhere',
    keys: [
      { keys: ['Ctrl', '1'], words: 'Watch' },
      { keys: ['Ctrl', '2'], words: 'Health' },
      { keys: ['Ctrl', '3'], words: 'Log' },
      { keys: ['Ctrl', 'O'], words: 'Open video files' },
      { keys: ['A'], words: 'Add a source' },
      { keys: ['?'], words: 'Show these shortcuts' },
    ],
  },
  {
    place: 'Sources',
    keys: [
      { keys: ['↑', '↓'], words: 'Previous or next source' },
      { keys: ['1', '…', '9'], words: 'Source by its number' },
      { keys: ['G'], words: 'One source or all of them' },
      { keys: ['Space'], words: 'Start or stop' },
      { keys: ['S'], words: 'Settings' },
      { keys: ['E'], words: 'Export CSV files' },
      { keys: ['H'], words: 'Counts by the hour' },
    ],
  },
  {
    place: 'Drawing',
    keys: [
      { keys: ['L'], words: 'Counting line' },
      { keys: ['Z'], words: 'Zone' },
      { keys: ['D'], words: 'Gate, for turning counts' },
      { keys: ['R'], words: 'Rectangle on the ground, for speeds' },
      { keys: ['M'], words: 'Area that is left out' },
      { keys: ['Shift', 'Click'], words: 'Another corner of a line' },
      { keys: ['Enter'], words: 'Close the zone or area' },
      { keys: ['Esc'], words: 'Take back, give up' },
    ],
  },
  {
    place: 'An opened count',
    keys: [
      { keys: ['↑', '↓'], words: 'Previous or next crossing' },
      { keys: ['V'], words: 'Whole scene or object' },
      { keys: ['W'], words: 'Mark as wrong' },
      { keys: ['M'], words: 'Add a missed one' },
      { keys: ['U'], words: 'Take back' },
      { keys: ['Esc'], words: 'Back to the pictures' },
    ],
  },
  {
    place: 'Counts by the hour',
    keys: [
      { keys: ['←', '→'], words: 'Previous or next time' },
      { keys: ['Page ↑', 'Page ↓'], words: 'Day before or after' },
      { keys: ['Esc'], words: 'Back to the pictures' },
    ],
  },
];
