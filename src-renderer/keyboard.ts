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
  | 'previous'
  | 'next'
  | 'layout'
  | 'shortcuts'
  | 'cancel'
  | 'confirm'
  | { readonly choose: number };

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
  if (press.ctrl) return key === 'o' && !press.alt ? 'open' : null;
  if (press.alt || press.typing) return null;
  if (key === 'escape') return 'cancel';
  if (press.onControl && (key === ' ' || key === 'enter')) return null;
  if (/^[1-9]$/.test(key)) return { choose: Number(key) - 1 };
  return PLAIN[key] ?? null;
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
  g: 'layout',
  arrowup: 'previous',
  arrowleft: 'previous',
  arrowdown: 'next',
  arrowright: 'next',
  '?': 'shortcuts',
};

/** For the dialog that lists them. */
export const shortcuts: readonly { readonly keys: readonly string[]; readonly words: string }[] = [
  { keys: ['Ctrl', 'O'], words: 'Open video files' },
  { keys: ['A'], words: 'Add a camera, stream, file or folder' },
  { keys: ['Space'], words: 'Start or stop the chosen source' },
  { keys: ['S'], words: 'Settings of the chosen source' },
  { keys: ['L'], words: 'Draw a counting line' },
  { keys: ['Z'], words: 'Draw a zone' },
  { keys: ['M'], words: 'Draw an area that is left out' },
  { keys: ['D'], words: 'Draw a gate, for turning counts' },
  { keys: ['R'], words: 'Mark a rectangle on the ground, for speeds' },
  { keys: ['Shift', 'Click'], words: 'Give a line another corner' },
  { keys: ['Enter'], words: 'Close the zone or area being drawn' },
  { keys: ['Esc'], words: 'Give up drawing' },
  { keys: ['E'], words: 'Export CSV files' },
  { keys: ['↑', '↓'], words: 'Choose the previous or next source' },
  { keys: ['1', '…', '9'], words: 'Choose a source by its number' },
  { keys: ['G'], words: 'Show one source or all of them' },
  { keys: ['?'], words: 'Show these shortcuts' },
];
