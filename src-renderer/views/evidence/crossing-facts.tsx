import type { ReactElement } from 'react';
import type { CountedCrossing } from '#shared/domain/correction.ts';
import { kmhWords } from '../../figures/speed-words.ts';
import { classColour } from '../../overlay/colours.ts';
import { momentWords, reasonWords, signedWords } from './evidence-words.ts';

interface CrossingFactsProps {
  readonly crossing: CountedCrossing;
  /** Of a live source: the clock tells more than the time in the stream. */
  readonly live: boolean;
}

/** What is known of the chosen crossing, and what a person said about it. */
export function CrossingFacts({ crossing, live }: CrossingFactsProps): ReactElement {
  const { wrong, added } = crossing;
  const { wallMs, speed } = crossing;
  const utc = wallMs === null || Math.abs(wallMs) > 8.64e15 ? null : new Date(wallMs).toISOString();
  return (
    <div className="facts">
      <p className="facts-what">
        <span className="swatch" style={{ background: classColour(crossing.label) }} />
        {crossing.label} · {crossing.direction}
      </p>
      <dl className="facts-list">
        <Fact name={live ? 'Time in the run' : 'Time in the clip'} value={momentWords(crossing.ptsMs)} />
        {utc === null ? null : <Fact name="UTC" value={utc.replace('T', ' ').slice(0, 23)} />}
        <Fact name="Line" value={crossing.line} />
        {crossing.frame === null ? null : <Fact name="Frame" value={String(crossing.frame)} />}
        {speed === null ? null : <Fact name="Speed" value={kmhWords(speed)} />}
        {live ? <Fact name="Run" value={String(crossing.runId)} /> : null}
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
