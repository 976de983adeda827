import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { sourceStateOf } from '../figures/health-words.ts';
import { isGoingOn, type RunFigures, runFigures } from '../figures/run-figures.ts';
import { speedOf } from '../figures/speed-window.ts';
import { durationWords, rateWords, remainingWords, speedWords } from '../figures/words.ts';
import { useAppState } from '../stores/app-state-store.ts';
import { useGround } from '../stores/ground-store.ts';
import { Bar } from '../ui/bar.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { ClassesSection } from './classes-section.tsx';
import { Figure } from './figure.tsx';
import { GapsSection } from './gaps-section.tsx';
import { GroundSection } from './ground/ground-section.tsx';
import { IntervalsSection } from './intervals-section.tsx';
import { LedgerSection } from './ledger-section.tsx';
import { LinesSection } from './lines-section.tsx';
import { LiveSection } from './live-section.tsx';
import { MotionNote } from './motion-note.tsx';
import { MovementsSection } from './movements/movements-section.tsx';
import { RecordingSection } from './recording/recording-section.tsx';
import { RegionsSection } from './regions-section.tsx';
import { RunButtons } from './run-buttons.tsx';
import { TracksSection } from './tracks-section.tsx';
import { TuningSection } from './tuning/tuning-section.tsx';
import { ZonesSection } from './zones/zones-section.tsx';
import './panel.css';
import './panel-live.css';

/** What was counted in the chosen source, how far it is, and what can be done with it; from its top for each source. */
export function Panel({ source }: { readonly source: SourceView }): ReactElement {
  const { live, settings, sourceId } = source;
  const marks = useGround((store) => store.draft?.sourceId === sourceId);
  // What is only offered stands below what is told.
  const counts = (settings.gates ?? []).length > 0;
  const measures = marks || settings.calibration !== undefined;
  return (
    <aside className="panel" aria-label={`Counts of ${source.title}`}>
      {live === null ? <RunSection source={source} /> : <LiveSection source={source} live={live} />}
      <div className="panel-body" key={sourceId}>
        <MotionNote source={source} />
        <LinesSection source={source} />
        {live === null ? null : <IntervalsSection source={source} live={live} />}
        <ZonesSection source={source} />
        {counts ? <MovementsSection source={source} /> : null}
        {measures ? <GroundSection source={source} /> : null}
        <TracksSection counts={source.progress?.counts ?? null} />
        {live === null ? null : <GapsSection live={live} />}
        {live === null ? null : <RecordingSection source={source} />}
        {counts ? null : <MovementsSection source={source} />}
        {measures ? null : <GroundSection source={source} />}
        <RegionsSection source={source} />
        <ClassesSection source={source} />
        <TuningSection source={source} />
        <LedgerSection ledger={source.progress?.ledger ?? null} goingOn={isGoingOn(source)} />
      </div>
    </aside>
  );
}

function RunSection({ source }: { readonly source: SourceView }): ReactElement {
  const samples = useAppState((store) => store.samples[source.sourceId]);
  const figures = runFigures(source, speedOf(samples ?? []));
  const state = sourceStateOf(source);
  const percent = figures.share === null ? null : `${Math.floor(figures.share * 100)} %`;
  const { media, progress } = source;
  return (
    <section className="panel-run">
      <div className="panel-state">
        <StateChip words={state.words} tone={state.tone} />
        <span className="panel-percent number">{percent ?? ''}</span>
      </div>
      <Bar
        share={figures.share}
        tone={source.state === 'ENDED' ? 'done' : state.tone}
        busy={isGoingOn(source)}
        label="Progress"
      />
      <dl className="panel-figures number">
        <Figure
          name="Position"
          value={progress === null ? '–' : durationWords(progress.ptsMs)}
          unit={media?.durationMs == null ? '' : `of ${durationWords(media.durationMs)}`}
        />
        <Figure
          name="Speed"
          value={figures.framesPerSecond === null ? '–' : rateWords(figures.framesPerSecond)}
          unit={speedUnit(figures)}
        />
        {isGoingOn(source) ? (
          <Figure
            name="Remaining"
            value={figures.remainingMs === null ? '–' : remainingWords(figures.remainingMs)}
            unit=""
          />
        ) : (
          <Figure name="Took" value={progress === null ? '–' : durationWords(source.elapsedMs)} unit="" />
        )}
      </dl>
      <RunButtons source={source} />
    </section>
  );
}

function speedUnit(figures: RunFigures): string {
  if (figures.framesPerSecond === null) return '';
  return figures.timesRealTime === null ? 'frames/s' : `frames/s · ${speedWords(figures.timesRealTime)}`;
}
