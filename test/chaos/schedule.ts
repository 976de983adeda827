/** What may happen to a process: KILL; a crash in native code; STOP for good; STOP for a while. */
export type Act = 'kill' | 'segv' | 'stop' | 'pause';
export type Victim = 'main' | 'capture' | 'detection' | 'store' | 'ffmpeg' | 'page' | 'graphics';

export interface PlannedFault {
  readonly victim: Victim;
  readonly act: Act;
  /** After the run is under way, or after the fault before. */
  readonly afterMs: number;
  /** How long a pause lasts. */
  readonly pauseMs: number;
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32, T. Ettinger, public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Main is not stopped for good: nobody is above it who could notice. */
const CHOICES: readonly (readonly [Victim, Act])[] = [
  ...(['capture', 'detection', 'store', 'ffmpeg'] as const).flatMap((victim) =>
    (['kill', 'segv', 'stop', 'pause'] as const).map((act) => [victim, act] as const),
  ),
  ['main', 'kill'],
  ['main', 'pause'],
];

/** With the processes of a window. The graphics process is left alone more often: three ends in half a minute are a rule of their own. */
const WINDOW_CHOICES: readonly (readonly [Victim, Act])[] = [
  ...CHOICES,
  ['page', 'kill'],
  ['page', 'segv'],
  ['page', 'stop'],
  ['graphics', 'kill'],
];

/** The fault of one schedule in a window with cameras. What was hit is well again before the next one. */
export function windowScheduleOf(seed: number): PlannedFault & { readonly camera: number } {
  const next = seeded(seed);
  const [victim, act] = WINDOW_CHOICES[Math.floor(next() * WINDOW_CHOICES.length)] ?? ['detection', 'kill'];
  const afterMs = Math.floor(next() * 1500);
  const pauseMs = 300 + Math.floor(next() * 3000);
  return { victim, act, afterMs, pauseMs, camera: Math.floor(next() * 2) };
}

/**
 * The faults of one analysis: one or two, as a run that loses a process three times is given up. What begins with
 * main ends with it.
 */
export function scheduleOf(seed: number): readonly PlannedFault[] {
  const next = seeded(seed);
  const faults: PlannedFault[] = [];
  const count = next() < 0.6 ? 1 : 2;
  for (let n = 0; n < count; n++) {
    const [victim, act] = CHOICES[Math.floor(next() * CHOICES.length)] ?? ['detection', 'kill'];
    faults.push({
      victim,
      act,
      afterMs: Math.floor(next() * 3000),
      pauseMs: 300 + Math.floor(next() * 3000),
    });
    if (victim === 'main' && act === 'kill') break;
  }
  return faults;
}
