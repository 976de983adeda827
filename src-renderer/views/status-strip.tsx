import type { ReactElement } from 'react';
import type { AppState } from '#shared/domain/app-state.ts';
import type { ProcessView } from '#shared/domain/process-state.ts';
import { healthWords, processStateWords } from '../figures/health-words.ts';
import { memoryWords } from '../figures/words.ts';
import { useDialog } from '../stores/dialog-store.ts';
import './status-strip.css';

/** Health in words, then every process with its state and memory; a click shows all there is to know of them. */
export function StatusStrip({ state }: { readonly state: AppState | null }): ReactElement {
  if (state === null) {
    return (
      <footer className="status" data-testid="status-processes">
        <span className="status-health">
          <span className="dot" data-tone="busy" /> Starting…
        </span>
      </footer>
    );
  }
  const health = healthWords(state);
  const memory = state.processes.reduce((sum, process) => sum + (process.memoryBytes ?? 0), 0);
  return (
    <footer className="status">
      <span className="status-health" role="status" data-tone={health.tone}>
        <span className="dot" data-tone={health.tone} />
        {health.words}
      </span>
      <button
        type="button"
        className="status-processes number"
        data-testid="status-processes"
        title="Show all processes"
        onClick={() => useDialog.getState().show('processes')}
      >
        {state.processes.map((process) => (
          <ProcessChip key={`${process.name} ${process.sourceId ?? ''}`} process={process} />
        ))}
      </button>
      <span className="status-end number">
        {memory > 0 ? `workers ${memoryWords(memory)} · ` : ''}ivis {state.version}
      </span>
    </footer>
  );
}

function ProcessChip({ process }: { readonly process: ProcessView }): ReactElement {
  const state = processStateWords[process.state];
  return (
    <span className="process" data-process={process.name} data-state={process.state}>
      <span className="dot" data-tone={state.tone} />
      <span className="process-name">{process.name}</span>
      {state.tone === 'good' ? null : <span>{state.words}</span>}
      {process.pid === null ? null : <span className="process-quiet">pid {process.pid}</span>}
      {process.memoryBytes === null ? null : (
        <span className="process-quiet">{memoryWords(process.memoryBytes)}</span>
      )}
      {process.restarts === 0 ? null : (
        <span className="process-restarts">
          {process.restarts} {process.restarts === 1 ? 'restart' : 'restarts'}
        </span>
      )}
    </span>
  );
}
