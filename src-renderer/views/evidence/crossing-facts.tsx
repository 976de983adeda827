import type { ReactElement } from 'react';
import type { CountedCrossing } from '#shared/domain/correction.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import { classColour } from '../../overlay/colours.ts';
import { momentWords, reasonWords, signedWords } from './evidence-words.ts';

interface CrossingFactsProps {
  readonly crossing: CountedCrossing;
  readonly media: MediaInfo | null;
}

/** What is known of the chosen crossing, and what a person said about it. */
export function CrossingFacts({ crossing, media }: CrossingFactsProps): ReactElement {
  const { wrong, added } = crossing;
  // A stream that was away goes on with other times: a live crossing knows its own.
  const wallMs = crossing.wallMs ?? (media === null ? null : media.startWallMs + crossing.ptsMs);
  const utc = wallMs === null ? null : new Date(wallMs).toISOString();
  return (
    <div className="facts">
      <p className="facts-what">
        <span className="swatch" style={{ background: classColour(crossing.label) }} />
        {crossing.label} · {crossing.direction}
      </p>
      <dl className="facts-list">
        <Fact name="Time in the clip" value={momentWords(crossing.ptsMs)} />
        {utc === null ? null : <Fact name="UTC" value={utc.replace('T', ' ').slice(0, 23)} />}
        <Fact name="Line" value={crossing.line} />
        {crossing.frame === null ? null : <Fact name="Frame" value={String(crossing.frame)} />}
        {crossing.trackId === null ? null : <Fact name="Track" value={String(crossing.trackId)} />}
      </dl>
      {wrong === null ? null : (
        <div className="said" data-tone="bad" data-testid="said-wrong">
          <p className="said-title">Marked wrong: {reasonWords[wrong.reason].toLowerCase()}</p>
          {wrong.note === '' ? null : <p className="selectable">{wrong.note}</p>}
          <p className="said-by">{signedWords(wrong.madeWallMs, wrong.by)}</p>
        </div>
      )}
      {added === null ? null : (
        <div className="said" data-tone="good">
          <p className="said-title">Added: the machine missed it</p>
          {added.note === '' ? null : <p className="selectable">{added.note}</p>}
          <p className="said-by">{signedWords(added.madeWallMs, added.by)}</p>
        </div>
      )}
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactElement {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd className="number">
        <bdi>{value}</bdi>
      </dd>
    </div>
  );
}
