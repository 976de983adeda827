import type { ReactElement } from 'react';
import type { LiveView, SourceView } from '#shared/domain/source.ts';
import { sourceStateOf } from '../figures/health-words.ts';
import { liveRates, nextTryWords, sinceWords } from '../figures/live-words.ts';
import { isGoingOn } from '../figures/run-figures.ts';
import { durationWords, rateWords } from '../figures/words.ts';
import { FaultNote } from '../ui/fault-note.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { useNow } from '../use-now.ts';
import { Figure } from './figure.tsx';
import { RunButtons } from './run-buttons.tsx';

interface LiveSectionProps {
  readonly source: SourceView;
  readonly live: LiveView;
}

/** Where a live source is and why, how often it is looked at, and what can be done with it. */
export function LiveSection({ source, live }: LiveSectionProps): ReactElement {
  const nowMs = useNow();
  const state = sourceStateOf(source);
  const next = nextTryWords(source, nowMs);
  const rates = liveRates(source);
  return (
    <section className="panel-run">
      <div className="panel-state">
        <StateChip words={state.words} tone={state.tone} testId="live-state" state={source.state} />
        <span className="panel-since number">{sinceWords(live.status.sinceWallMs, nowMs)}</span>
      </div>
      {source.fault === null ? null : (
        <FaultNote {...source.fault} tone={state.tone === 'bad' ? 'bad' : 'warn'} />
      )}
      {next === null ? null : (
        <p className="panel-next number">
          <strong>{next}</strong>
          {live.status.attempt > 1 ? ` · try ${live.status.attempt}` : ''}
        </p>
      )}
      <dl className="panel-figures number">
        <Figure
          name="From camera"
          value={rates.cameraFps === null ? '–' : rateWords(rates.cameraFps)}
          unit={rates.cameraFps === null ? '' : 'pictures/s'}
        />
        <Figure
          name="Looked at"
          value={rates.lookedFps === null ? '–' : rateWords(rates.lookedFps)}
          unit={rates.lookedFps === null ? '' : wantedWords(rates.wantedFps)}
          tone={rates.limited ? 'warn' : ''}
        />
        <Figure
          name="Running for"
          value={live.startedWallMs === null ? '–' : durationWords(source.elapsedMs)}
          unit={live.runs > 1 ? `in ${live.runs} runs` : ''}
        />
      </dl>
      {rates.limited ? (
        <p className="panel-limited" role="status">
          Limited by load: this computer does not manage more at the moment. What passes quickly may be
          missed.
        </p>
      ) : null}
      <RunButtons source={source} />
      {isGoingOn(source) && live.status.log.length > 0 && source.fault !== null ? (
        <details className="panel-log">
          <summary>Last words of the decoder</summary>
          <pre className="selectable">{live.status.log.join('\n')}</pre>
        </details>
      ) : null}
    </section>
  );
}

function wantedWords(wantedFps: number | null): string {
  return wantedFps === null ? 'of all' : `of ${rateWords(wantedFps)} wanted`;
}
