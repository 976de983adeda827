import { isDeepStrictEqual } from 'node:util';
import type { RunProgress, RunSettings } from '#shared/domain/run.ts';
import { decisive, unchanged } from './counts-to-keep.ts';

/** What a run that is over counted, and with which settings. */
export interface Counted {
  readonly progress: RunProgress;
  readonly settings: RunSettings;
}

/**
 * What may still be shown of these counts beside other settings: not that of a line that lies elsewhere now, and nothing
 * where other classes, say, would have counted otherwise (null).
 */
export function countsThatHold({ progress, settings }: Counted, now: RunSettings): RunProgress | null {
  const drawnOn = settings.picture ?? now.picture;
  if (!isDeepStrictEqual(decisive(settings), decisive(now)) || !isDeepStrictEqual(drawnOn, now.picture))
    return null;
  const { lines, zones, movements, ...others } = progress.counts;
  const sameGates = isDeepStrictEqual(settings.gates ?? [], now.gates ?? []);
  return {
    ...progress,
    counts: {
      ...others,
      lines: only(lines, unchanged(settings.lines, now.lines)),
      zones: only(zones, unchanged(settings.zones, now.zones)),
      ...(sameGates && movements !== undefined ? { movements } : {}),
    },
  };
}

function only<T>(counts: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => names.has(name)));
}
