/** What a key does. Pure, so that the list of shortcuts and what happens cannot drift apart. */
export type KeyAction =
  | 'open'
  | 'start-stop'
  | 'draw-line'
  | 'draw-zone'
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
  l: 'draw-line',
  z: 'draw-zone',
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
  { keys: ['Space'], words: 'Start or stop the chosen video' },
  { keys: ['L'], words: 'Draw a counting line' },
  { keys: ['Z'], words: 'Draw a zone' },
  { keys: ['Enter'], words: 'Close the zone being drawn' },
  { keys: ['Esc'], words: 'Give up drawing' },
  { keys: ['E'], words: 'Export CSV files' },
  { keys: ['↑', '↓'], words: 'Choose the previous or next video' },
  { keys: ['1', '…', '9'], words: 'Choose a video by its number' },
  { keys: ['G'], words: 'Show one video or all of them' },
  { keys: ['?'], words: 'Show these shortcuts' },
];
