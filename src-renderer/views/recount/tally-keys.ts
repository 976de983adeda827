import type { Direction, Line } from '#shared/domain/line.ts';

/** One thing that can be tallied, and its key. */
export interface TallyKey {
  readonly line: string;
  readonly direction: Direction;
  readonly label: string;
  readonly key: string;
}

/** Neighbouring rows of the keyboard for the two directions of a line; further lines go on to the right. */
const KEYS: Readonly<Record<Direction, string>> = { forward: 'qwertyuiop', backward: 'asdfghjkl;' };
/** Keys that mean something else here. */
const RESERVED = new Set(['escape', 'backspace', 'tab', 'enter', ' ']);

/** A key for each line, direction and class, as long as there are keys; the rest have none until given one. */
export function defaultKeys(lines: readonly Line[], labels: readonly string[]): TallyKey[] {
  return lines.flatMap(({ name }, i) =>
    (['forward', 'backward'] as const).flatMap((direction) =>
      labels.map((label, j) => ({
        line: name,
        direction,
        label,
        key: KEYS[direction][i * labels.length + j] ?? '',
      })),
    ),
  );
}

/** The keys with another one at `index`; who had it before has none. A key that means something else is refused. */
export function withKey(keys: readonly TallyKey[], index: number, pressed: string): readonly TallyKey[] {
  const key = pressed.toLowerCase();
  if (RESERVED.has(key) || key.length !== 1) return keys;
  return keys.map((one, i) => (i === index ? { ...one, key } : one.key === key ? { ...one, key: '' } : one));
}

/** Written on the cap of a key. */
export const capOf = (key: string): string => (key === '' ? '–' : key.toUpperCase());
