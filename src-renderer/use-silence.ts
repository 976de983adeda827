import { useAppState } from './stores/app-state-store.ts';
import { useNow } from './use-now.ts';

/** Main tells the window its state at least once a second; after this without a word nobody knows how it is. */
export const SILENT_MS = 5000;

/** For how long main has told nothing, by the page's own clock; null while it talks. */
export function useSilence(): number | null {
  useNow();
  const receivedMs = useAppState((store) => store.receivedMs);
  const silentMs = receivedMs === null ? 0 : performance.now() - receivedMs;
  return silentMs > SILENT_MS ? silentMs : null;
}
