import { useSyncExternalStore } from 'react';

/** One clock for every countdown in the window, so that they all step together. */
const STEP_MS = 500;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** Wall time, moving on twice a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => (timer === null ? Date.now() - (Date.now() % STEP_MS) : now));
}
