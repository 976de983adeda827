/** So many quick unclean ends in a row, and ivis starts in safe mode. */
const QUICK_ENDS = 3;
/** Up and well for so long: what comes later is no crash at the start. */
export const HEALTHY_MS = 60_000;
/** So many ends of the graphics process within this time, and ivis goes on without it. */
const GRAPHICS_ENDS = 3;
export const GRAPHICS_WINDOW_MS = 30_000;

/** What a start leaves behind for the next one. */
export interface StartMarker {
  /** Written at the start; false once it was up for a minute, or ended in order. */
  readonly starting: boolean;
  /** Starts in a row, before this one, that ended uncleanly within their first minute. */
  readonly quickEnds: number;
  /** Without hardware acceleration, because the graphics process kept ending; until a person says otherwise. */
  readonly softwareGraphics: boolean;
}

export const firstMarker: StartMarker = { starting: false, quickEnds: 0, softwareGraphics: false };

/** How ivis starts. `safe`: sources stay stopped and no accelerator is used, on the screen or for detection. */
export interface StartPlan {
  readonly mode: 'normal' | 'safe';
  readonly softwareGraphics: boolean;
  readonly marker: StartMarker;
}

/** From what the last start left behind (null: nothing) to how this one goes, and what it leaves. Pure. */
export function planStart(found: StartMarker | null): StartPlan {
  const last = found ?? firstMarker;
  const quickEnds = last.starting ? last.quickEnds + 1 : 0;
  const mode = quickEnds >= QUICK_ENDS ? 'safe' : 'normal';
  return {
    mode,
    softwareGraphics: last.softwareGraphics || mode === 'safe',
    marker: { starting: true, quickEnds, softwareGraphics: last.softwareGraphics },
  };
}

/** It is up for a minute, or was closed in order. */
export function settled(marker: StartMarker): StartMarker {
  return { ...marker, starting: false, quickEnds: 0 };
}

/** Whether the graphics process ended so often that it is done without. `endsMs`: monotonic, the last one included. */
export function graphicsGivenUp(endsMs: readonly number[], nowMs: number): boolean {
  return endsMs.filter((endMs) => nowMs - endMs < GRAPHICS_WINDOW_MS).length >= GRAPHICS_ENDS;
}
