import { create } from 'zustand';
import type { AppState } from '#shared/domain/app-state.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { speedSample } from '../figures/run-figures.ts';
import { addSample, type SpeedSample } from '../figures/speed-window.ts';

interface AppStateStore {
  /** What main said last; null before its first answer. */
  readonly state: AppState | null;
  /** When it said so, by the clock of the page. */
  readonly receivedMs: number | null;
  /** Recent speed samples by source. */
  readonly samples: Readonly<Record<string, readonly SpeedSample[]>>;
  readonly receive: (state: AppState) => void;
}

/** The state of ivis as main tells it; the window adds nothing but the speed of the last seconds. */
export const useAppState = create<AppStateStore>((set) => ({
  state: null,
  receivedMs: null,
  samples: {},
  receive: (state) =>
    set((before) => ({
      state,
      receivedMs: performance.now(),
      samples: Object.fromEntries(
        state.sources.map((source) => [source.sourceId, samplesOf(source, before.samples[source.sourceId])]),
      ),
    })),
}));

function samplesOf(source: SourceView, before: readonly SpeedSample[] = []): readonly SpeedSample[] {
  const next = speedSample(source);
  return next === null ? [] : addSample(before, next);
}

/** The source with this id as last told, or null. */
export function sourceById(sourceId: string | null): SourceView | null {
  const sources = useAppState.getState().state?.sources ?? [];
  return sources.find((source) => source.sourceId === sourceId) ?? null;
}
