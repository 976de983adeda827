import type { ReactElement } from 'react';

/** Strokes on a 16 x 16 grid. */
const PATHS = {
  open: 'M2 12.5V4a1 1 0 0 1 1-1h3.2l1.5 1.8H13a1 1 0 0 1 1 1v6.7a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1Z',
  start: 'M5 3.2v9.6l7.6-4.8Z',
  stop: 'M4 4h8v8H4Z',
  again: 'M13 8a5 5 0 1 1-1.5-3.6M13 2.2v2.6h-2.6',
  save: 'M8 2.5v7m0 0L5.2 6.7M8 9.5l2.8-2.8M2.8 11v1.7a.8.8 0 0 0 .8.8h8.8a.8.8 0 0 0 .8-.8V11',
  remove: 'M3 4.5h10M6.3 4.2V2.8h3.4v1.4M4.4 4.5l.6 8.7h6l.6-8.7',
  rename: 'M3 13l.7-2.9 6.9-6.9 2.2 2.2-6.9 6.9L3 13Z',
  line: 'M3.6 12.4 12.4 3.6M2.2 13.8a1.4 1.4 0 1 0 2-2 1.4 1.4 0 0 0-2 2Zm9.6-9.6a1.4 1.4 0 1 0 2-2 1.4 1.4 0 0 0-2 2Z',
  zone: 'M3 5.2 8.6 2.6l4.8 4-2.2 6.2-6.8.4Z',
  gate: 'M3 13.5v-11M13 13.5v-11M5.2 8h5.6M8.4 5.6 10.8 8l-2.4 2.4',
  ruler: 'M1.8 10.2 10.2 1.8l4 4-8.4 8.4ZM4.6 7.4l1.6 1.6M7.2 4.8l2.2 2.2',
  one: 'M2.5 3.5h11v9h-11Z',
  all: 'M2.5 3h4.8v4.3H2.5Zm6.2 0h4.8v4.3H8.7ZM2.5 8.7h4.8V13H2.5Zm6.2 0h4.8V13H8.7Z',
  help: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.3 6.3a1.7 1.7 0 1 1 2.5 1.5c-.5.3-.8.6-.8 1.2M8 11.2v.1',
  close: 'M4 4l8 8M12 4l-8 8',
  warn: 'M8 2.4 14.2 13H1.8ZM8 6.4v3.2M8 11.3v.1',
  done: 'M3 8.4l3.2 3.2L13 4.8',
  arrow: 'M2.5 8h10.6M9 3.9 13.1 8 9 12.1',
  add: 'M8 3v10M3 8h10',
  edit: 'M3 4.5h6M12 4.5h1M3 11.5h1M7 11.5h6M10.5 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM5.5 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z',
  camera: 'M2 5.5h2.6l1.2-1.8h4.4l1.2 1.8H14v7H2ZM8 11a2.2 2.2 0 1 0 0-4.4A2.2 2.2 0 0 0 8 11Z',
  folder: 'M2 12.5V4a1 1 0 0 1 1-1h3.2l1.5 1.8H13a1 1 0 0 1 1 1v6.7Z',
  mask: 'M2.5 3h11v10h-11ZM2.5 8.5 8 3M2.5 13l10-10M7 13l6.5-6.5',
  video: 'M2 4.2h8.4v7.6H2Zm8.4 3 3.6-2.2v6l-3.6-2.2',
  back: 'M13.5 8H3m4-4.5L2.5 8 7 12.5',
  up: 'M3.5 10 8 5.5l4.5 4.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  plus: 'M8 3v10M3 8h10',
  lock: 'M3.5 7.2h9v6.3h-9ZM5.4 7.2V5.1a2.6 2.6 0 0 1 5.2 0v2.1',
  bars: 'M2 13.5h12M4.2 11V7.5M8 11V3M11.8 11V5.8',
  keys: 'M1.8 4.5h12.4v7H1.8ZM4 7h.1M6.7 7h.1M9.3 7h.1M12 7h.1M5 9.3h6',
} as const;

export type IconName = keyof typeof PATHS;

interface IconProps {
  readonly name: IconName;
  readonly size?: number;
  /** Clockwise turn in degrees. */
  readonly turn?: number;
}

/** A drawing that says nothing by itself: the words beside it do. */
export function Icon({ name, size = 16, turn = 0 }: IconProps): ReactElement {
  const filled = name === 'start' || name === 'stop';
  return (
    <svg
      className="icon"
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={filled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      style={turn === 0 ? undefined : { transform: `rotate(${turn}deg)` }}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
