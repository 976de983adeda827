import type { ReactElement } from 'react';
import type { HealthReport } from '#shared/domain/health.ts';
import { ask } from '../../bridge.ts';
import { ageWords } from '../../figures/words.ts';
import { useAppState } from '../../stores/app-state-store.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { RecordingsCard } from '../recording/recordings-card.tsx';
import { Charts } from './charts.tsx';
import { ComponentList } from './component-list.tsx';
import { DecodersCard } from './decoders-card.tsx';
import { InterfacesCard } from './interfaces-card.tsx';
import { ProcessTable } from './process-table.tsx';
import { clockWords, headlineOf, headlineTone, lastingWords, staleSince } from './severity-words.ts';
import { StageStrips } from './stage-strips.tsx';
import { useReport } from './use-report.ts';
import './alarms.css';
import './health-page.css';

/** How ivis is: what is ill and what to do, where the time of a frame goes, the last hour, every process. */
export function HealthPage(): ReactElement {
  const { report, history, silentMs } = useReport();
  const recording = useAppState((store) => store.state?.recording);
  if (report === null) return <main className="health" data-testid="health-page" />;
  const staleMs = staleSince(report, silentMs);
  return (
    <main className="health" data-testid="health-page" data-stale={staleMs !== null}>
      <Headline report={report} staleMs={staleMs} />
      <Alarms report={report} />
      <div className="health-columns">
        <ComponentList components={report.components} nowWallMs={report.atWallMs} />
        <Charts history={history} nowWallMs={report.atWallMs} />
      </div>
      <StageStrips strips={report.strips} />
      <div className="health-columns health-foot">
        <ProcessTable report={report} />
        <div className="health-side">
          {recording === undefined ? null : <RecordingsCard recording={recording} />}
          <DecodersCard />
          <InterfacesCard interfaces={report.interfaces} settings={report.settings} />
        </div>
      </div>
    </main>
  );
}

function Headline(props: { readonly report: HealthReport; readonly staleMs: number | null }): ReactElement {
  const { report, staleMs } = props;
  const words =
    staleMs === null ? headlineOf(report) : `Not known: nothing was heard for ${ageWords(staleMs)}`;
  const tone = staleMs === null ? headlineTone(report) : 'quiet';
  const { machine } = report;
  return (
    <header className="health-head" data-testid="health-headline" data-severity={report.overall}>
      <span className="dot health-dot" data-tone={tone} />
      <div>
        <h1>
          <span role="status">{words}</span>
        </h1>
        <p className="health-sub number">
          {staleMs === null
            ? machine === null
              ? ''
              : `Processor ${percent(machine.cpuShare)} · memory ${percent(1 - machine.memory.availableBytes / machine.memory.totalBytes)} · looked at each second`
            : `What is shown below was true at ${clockWords(report.atWallMs - report.judgedAgoMs)}. If this lasts, end ivis and start it again.`}
        </p>
      </div>
      <Button
        icon="save"
        data-testid="save-diagnostics"
        title="A zip with versions, settings, logs and health, without passwords or pictures"
        onClick={() => void ask('diagnostics.save', {}, 'Diagnostics saved')}
      >
        Save diagnostics…
      </Button>
    </header>
  );
}

function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`;
}

function Alarms({ report }: { readonly report: HealthReport }): ReactElement | null {
  if (report.alarms.length === 0) return null;
  return (
    <ul className="alarms">
      {report.alarms.map((alarm) => (
        <li key={alarm.id} className="alarm" data-severity={alarm.severity} data-testid="system-alarm">
          <Icon name="warn" />
          <div>
            <p className="alarm-title">
              {alarm.title}{' '}
              <span className="alarm-since number">{lastingWords(report.atWallMs - alarm.sinceWallMs)}</span>
            </p>
            <p>{alarm.whatToDo}</p>
            <p className="alarm-cause selectable">{alarm.cause}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
