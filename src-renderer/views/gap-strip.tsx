import type { ReactElement } from 'react';
import type { LiveView, ViewGap } from '#shared/domain/source.ts';
import { gapLine, lengthWords } from '../figures/live-words.ts';
import { useNow } from '../use-now.ts';
import './gap-strip.css';

const HOUR_MS = 3_600_000;
/** A hole narrower than this share of the strip would not be seen. */
const NARROWEST = 0.003;

/** Holes that are the camera's own doing look different from those that somebody or something here made. */
function toneOf({ cause }: ViewGap): string {
  if (cause === 'connecting' || cause.endsWith('-changed')) return 'quiet';
  return cause === 'black' || cause === 'frozen' || cause === 'too-fast' ? 'warn' : 'bad';
}

/** The last hour of a live source as a thin strip: true pictures, holes, and the time before it ran. */
export function GapStrip({ live, title }: { readonly live: LiveView; readonly title: string }): ReactElement {
  const nowMs = useNow();
  const fromMs = nowMs - HOUR_MS;
  const startMs = Math.max(fromMs, live.startedWallMs ?? nowMs);
  const missingMs = live.gaps.reduce(
    (sum, gap) => sum + Math.max(0, (gap.toWallMs ?? nowMs) - Math.max(gap.fromWallMs, fromMs)),
    0,
  );
  const words =
    live.gaps.length === 0
      ? 'no gap'
      : `${live.gaps.length} ${live.gaps.length === 1 ? 'gap' : 'gaps'}, ${lengthWords(missingMs)} without picture`;
  const place = (wallMs: number): number => Math.min(1, Math.max(0, (wallMs - fromMs) / HOUR_MS));
  return (
    <div
      className="gap-strip"
      role="img"
      aria-label={`Last hour of ${title}: ${words}`}
      data-testid="gap-strip"
      data-gaps={live.gaps.length}
    >
      <span
        className="gap-run"
        title={`Last hour: ${words}`}
        style={{ insetInlineStart: percent(place(startMs)), insetInlineEnd: '0' }}
      />
      {live.gaps.map((gap) => {
        const from = place(gap.fromWallMs);
        const width = Math.max(NARROWEST, place(gap.toWallMs ?? nowMs) - from);
        return (
          <span
            key={`${gap.fromWallMs} ${gap.cause}`}
            className="gap"
            data-tone={toneOf(gap)}
            title={gapLine(gap, nowMs)}
            style={{ insetInlineStart: percent(Math.min(from, 1 - width)), inlineSize: percent(width) }}
          />
        );
      })}
    </div>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
