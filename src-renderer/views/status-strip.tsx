import type { ReactElement } from 'react';
import type { AppState } from '#shared/domain/app-state.ts';
import type { ProcessView } from '#shared/domain/process-state.ts';
import { healthWords, processStateWords } from '../figures/health-words.ts';
import { ageWords, memoryWords } from '../figures/words.ts';
import { useDialog } from '../stores/dialog-store.ts';
import { useSilence } from '../use-silence.ts';
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
  return <Status state={state} />;
}

function Status({ state }: { readonly state: AppState }): ReactElement {
  const silentMs = useSilence();
  const health =
    silentMs === null
      ? healthWords(state)
      : { words: `Not known: ivis has said nothing for ${ageWords(silentMs)}`, tone: 'warn' as const };
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
        {chipsOf(state.processes).map((chip) =>
          chip.length === 1 && chip[0] !== undefined ? (
            <ProcessChip key={keyOf(chip[0])} process={chip[0]} />
          ) : (
            <GroupChip key={chip[0]?.name} processes={chip} />
          ),
        )}
      </button>
      <span className="status-end number">
        {memory > 0 ? `workers ${memoryWords(memory)} · ` : ''}ivis {state.version}
      </span>
    </footer>
  );
}

/** A source may have two for a moment: the one that ends and the one that begins. */
function keyOf({ name, sourceId, pid }: ProcessView): string {
  return `${name} ${sourceId ?? ''} ${pid ?? 'begins'}`;
}

/** More of one kind than this are shown as one: sixteen cameras would fill the line several times. */
const MOST_ALONE = 2;

/** Healthy processes of a kind stand together when they are many; one in trouble always stands for itself. */
function chipsOf(processes: readonly ProcessView[]): readonly (readonly ProcessView[])[] {
  const names = [...new Set(processes.map((process) => process.name))];
  return names.flatMap((name) => {
    const kind = processes.filter((process) => process.name === name);
    if (kind.length <= MOST_ALONE) return kind.map((process) => [process]);
    const good = kind.filter((process) => processStateWords[process.state].tone === 'good');
    const others = kind.filter((process) => !good.includes(process)).map((process) => [process]);
    return good.length === 0 ? others : [good, ...others];
  });
}

function GroupChip({ processes }: { readonly processes: readonly ProcessView[] }): ReactElement {
  const memory = processes.reduce((sum, process) => sum + (process.memoryBytes ?? 0), 0);
  const restarts = processes.reduce((sum, process) => sum + process.restarts, 0);
  return (
    <span className="process" data-process={processes[0]?.name} data-state="running">
      <span className="dot" data-tone="good" />
      <span className="process-name">
        {processes.length} × {processes[0]?.name}
      </span>
      <span className="process-quiet">{memoryWords(memory)}</span>
      <Restarts count={restarts} />
    </span>
  );
}

function Restarts({ count }: { readonly count: number }): ReactElement | null {
  if (count === 0) return null;
  return (
    <span className="process-restarts">
      {count} {count === 1 ? 'restart' : 'restarts'}
    </span>
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
      <Restarts count={process.restarts} />
    </span>
  );
}
