import type { ReactElement } from 'react';
import type { LiveView } from '#shared/domain/source.ts';
import { clockWords, gapWords, lengthWords } from '../figures/live-words.ts';
import { useNow } from '../use-now.ts';

/** As many as are read at a glance; the strip under the picture has them all. */
const SHOWN = 8;

/** Holes of the last hour in words, the newest first; nothing at all while there is none. */
export function GapsSection({ live }: { readonly live: LiveView }): ReactElement | null {
  const nowMs = useNow();
  if (live.gaps.length === 0) return null;
  const newest = live.gaps.toReversed().slice(0, SHOWN);
  const more = live.gaps.length - newest.length;
  return (
    <section className="section" aria-label="Gaps of the last hour">
      <div className="section-head">
        <h2 className="heading">Gaps of the last hour</h2>
        <span className="number">{live.gaps.length}</span>
      </div>
      <ul className="gaps number">
        {newest.map((gap) => (
          <li key={`${gap.fromWallMs} ${gap.cause}`} data-open={gap.toWallMs === null}>
            <span>{gapWords[gap.cause]}</span>
            <span className="gap-times">
              {clockWords(gap.fromWallMs)} – {gap.toWallMs === null ? 'now' : clockWords(gap.toWallMs)}
            </span>
            <span>{lengthWords((gap.toWallMs ?? nowMs) - gap.fromWallMs)}</span>
          </li>
        ))}
      </ul>
      {more > 0 ? (
        <p className="interval-note">{more} earlier ones are in the strip under the picture.</p>
      ) : null}
    </section>
  );
}
