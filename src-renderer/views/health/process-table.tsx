import type { ReactElement } from 'react';
import type { HealthReport, ProcessHealth } from '#shared/domain/health.ts';
import { processStateWords } from '../../figures/health-words.ts';
import { ageWords, memoryWords } from '../../figures/words.ts';
import { StateChip } from '../../ui/state-chip.tsx';
import './process-table.css';

const PARTS: Readonly<Record<string, string>> = {
  main: 'Main',
  ui: 'Window',
  gpu: 'Graphics',
  capture: 'Video reading',
  detection: 'Detection',
  store: 'Database',
};
const SILENT_MS = 3500;

/** Every process with what it takes from the computer and how often it had to be started again. */
export function ProcessTable({ report }: { readonly report: HealthReport }): ReactElement {
  const titles = new Map(report.strips.map(({ sourceId, title }) => [sourceId, title]));
  const memory = report.processes.reduce((sum, { memoryBytes }) => sum + (memoryBytes ?? 0), 0);
  return (
    <section className="health-card" aria-label="Processes">
      <div className="card-line">
        <h2 className="heading">Processes</h2>
        <span className="card-note number">{memoryWords(memory)} in all</span>
      </div>
      <table className="processes" data-testid="process-table">
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">State</th>
            <th scope="col">Process id</th>
            <th scope="col">Processor</th>
            <th scope="col">Memory</th>
            <th scope="col">Restarts</th>
          </tr>
        </thead>
        <tbody className="number">
          {report.processes.map((process) => (
            <ProcessRow
              key={`${process.name} ${process.sourceId ?? ''} ${process.pid ?? ''}`}
              process={process}
              title={process.sourceId === null ? null : (titles.get(process.sourceId) ?? process.sourceId)}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ProcessRow(props: { readonly process: ProcessHealth; readonly title: string | null }): ReactElement {
  const { process, title } = props;
  const { silentMs, nextStartMs } = process;
  // Belongs to the process in the row above, which starts and ends it.
  const isChild = PARTS[process.name] === undefined;
  const silent = silentMs !== null && silentMs > SILENT_MS;
  const state = silent
    ? { words: `silent for ${ageWords(silentMs)}`, tone: 'warn' as const }
    : processStateWords[process.state];
  return (
    <tr data-process={process.name} data-child={isChild}>
      <th scope="row">
        {PARTS[process.name] ?? process.name}
        {title === null || isChild ? null : <bdi className="process-of">{title}</bdi>}
        {process.lastError === null ? null : <p className="process-last selectable">{process.lastError}</p>}
      </th>
      <td>
        <StateChip {...state} />
        {nextStartMs === null ? null : <span className="process-next">again in {ageWords(nextStartMs)}</span>}
      </td>
      <td>{process.pid ?? '–'}</td>
      <td title="Of one core">
        {process.cpuShare === null ? '–' : `${Math.round(process.cpuShare * 100)} %`}
      </td>
      <td>{process.memoryBytes === null ? '–' : memoryWords(process.memoryBytes)}</td>
      <td data-some={process.restarts > 0}>{isChild ? '–' : process.restarts}</td>
    </tr>
  );
}
