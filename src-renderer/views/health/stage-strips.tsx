import { type ReactElement, useState } from 'react';
import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { HealthReport } from '#shared/domain/health.ts';
import type { StageFigures } from '#shared/domain/stage.ts';
import { dropWords } from '../../figures/drop-words.ts';
import { ageWords, countWords, measuredWords, rateWords } from '../../figures/words.ts';
import { type PaintFigures, usePaint } from './paint-store.ts';
import { stageWords } from './severity-words.ts';
import './stage-strips.css';

type Strip = HealthReport['strips'][number];

/** The way of a frame of one source, from grab to paint. */
export function StageStrips({ strips }: { readonly strips: readonly Strip[] }): ReactElement {
  const [wanted, want] = useState<string | null>(null);
  const paint = usePaint((store) => store.bySource);
  const first = strips.find(({ active }) => active) ?? strips[0];
  const shown = strips.find(({ sourceId }) => sourceId === wanted) ?? first;
  return (
    <section className="health-card" aria-label="Way of the frames">
      <div className="card-line">
        <h2 className="heading">Way of the frames</h2>
        {shown === undefined || strips.length < 2 ? (
          <bdi className="strip-source">{shown?.title ?? ''}</bdi>
        ) : (
          <select
            className="strip-select"
            aria-label="Source"
            value={shown.sourceId}
            onChange={(event) => want(event.target.value)}
          >
            {strips.map(({ sourceId, title }) => (
              <option key={sourceId} value={sourceId}>
                {title}
              </option>
            ))}
          </select>
        )}
      </div>
      {shown === undefined ? (
        <p className="card-empty">
          When a video or a camera is analysed, each stage shows here how fast it is.
        </p>
      ) : (
        <ol className="strip" data-testid="stage-strip" data-active={shown.active}>
          {shown.stages.map((figures) => (
            <Stage key={figures.stage} figures={figures} />
          ))}
          <PaintStage painted={paint[shown.sourceId]} />
        </ol>
      )}
    </section>
  );
}

function Stage({ figures }: { readonly figures: StageFigures }): ReactElement {
  const { stage, perSecond, waiting, latencyMs, drops, lastError } = figures;
  const { name, about } = stageWords[stage];
  const dropped = Object.values(drops).reduce((sum, n) => sum + n, 0);
  const reasons = Object.entries(drops).map(
    ([reason, n]) => `${countWords(n)} ${dropWords[reason as DropReason]}`,
  );
  return (
    <li className="stage" data-testid={`stage-${stage}`} data-trouble={lastError !== null}>
      <h3 title={about}>{name}</h3>
      <p className="stage-rate number">
        {perSecond === null ? '–' : rateWords(perSecond)}
        <span> {stage === 'store' ? 'batches/s' : '/s'}</span>
      </p>
      <dl className="stage-figures number">
        <Row
          name="median"
          value={latencyMs && measuredWords(latencyMs.p50)}
          title="Half took at most this long"
        />
        <Row
          name="95 %"
          value={latencyMs && measuredWords(latencyMs.p95)}
          title="Nineteen of twenty took at most this long"
        />
        <Row name="waiting" value={waiting === null ? null : countWords(waiting)} title="Waiting here now" />
        <Row name="left out" value={dropped === 0 ? null : countWords(dropped)} title={reasons.join('\n')} />
      </dl>
      {stage === 'grab' && perSecond === null ? <p className="stage-drops">in one with decoding</p> : null}
      {reasons.length === 0 ? null : <p className="stage-drops">{reasons.join(', ')}</p>}
      {lastError === null ? null : (
        <p className="stage-error selectable" title={lastError}>
          {lastError}
        </p>
      )}
    </li>
  );
}

/** What is not measured takes no room. */
function Row(props: {
  readonly name: string;
  readonly value: string | null;
  readonly title: string;
}): ReactElement | null {
  if (props.value === null) return null;
  return (
    <div title={props.title}>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}

/** This page shows no picture: what the wall did last is said as such. */
function PaintStage({ painted }: { readonly painted: PaintFigures | undefined }): ReactElement {
  const { name, about } = stageWords.paint;
  const ages = painted?.paint.ages;
  return (
    <li className="stage" data-testid="stage-paint">
      <h3 title={about}>{name}</h3>
      <p className="stage-rate number">
        {painted === undefined ? '–' : rateWords(painted.fps)}
        <span> /s</span>
      </p>
      <dl className="stage-figures number">
        <Row
          name="age, median"
          value={ages == null ? null : ageWords(ages.p50)}
          title="From decoding to the screen: half were at most this old"
        />
        <Row
          name="age, 95 %"
          value={ages == null ? null : ageWords(ages.p95)}
          title="From decoding to the screen: nineteen of twenty were at most this old"
        />
        <Row
          name="waiting"
          value={painted === undefined ? null : countWords(painted.paint.waiting)}
          title="Pictures that waited for their boxes"
        />
        <Row
          name="left out"
          value={
            painted === undefined || painted.paint.overtaken === 0
              ? null
              : countWords(painted.paint.overtaken)
          }
          title="Pictures that a newer one overtook"
        />
      </dl>
      <p className="stage-drops">{painted === undefined ? 'not shown yet' : 'when last on the wall'}</p>
    </li>
  );
}
