import type { ReactElement } from 'react';
import type { AppState } from '#shared/domain/app-state.ts';
import { partWords, processStateWords } from '../figures/health-words.ts';
import { memoryWords } from '../figures/words.ts';
import { shortcuts } from '../keyboard.ts';
import { useDialog } from '../stores/dialog-store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { AddDialog } from './add/add-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import './dialogs.css';

/** The dialog in front, if any. */
export function Dialogs({ state }: { readonly state: AppState | null }): ReactElement | null {
  const { open, sourceId, close } = useDialog();
  if (open === 'add') return <AddDialog key={sourceId ?? ''} sourceId={sourceId} onClose={close} />;
  if (open === 'remove') {
    const source = state?.sources.find((one) => one.sourceId === sourceId);
    return source === undefined ? null : <RemoveDialog source={source} onClose={close} />;
  }
  if (open === 'shortcuts') {
    return (
      <Dialog title="Keyboard shortcuts" wide onClose={close}>
        <Shortcuts />
      </Dialog>
    );
  }
  if (open === 'processes' && state !== null) {
    return (
      <Dialog title="Processes" onClose={close}>
        <ProcessTable state={state} />
      </Dialog>
    );
  }
  return null;
}

function Shortcuts(): ReactElement {
  return (
    <div className="shortcuts">
      {shortcuts.map(({ place, keys }) => (
        <section key={place} aria-label={place}>
          <h3 className="heading">{place}</h3>
          <ul>
            {keys.map((shortcut) => (
              <li key={shortcut.words}>
                <span>{shortcut.words}</span>
                <span className="shortcut-keys">
                  {shortcut.keys.map((key) =>
                    key === '…' ? <span key={key}>…</span> : <kbd key={key}>{key}</kbd>,
                  )}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function ProcessTable({ state }: { readonly state: AppState }): ReactElement {
  const titles = new Map(state.sources.map((source) => [source.sourceId, source.title]));
  return (
    <table className="process-table">
      <thead>
        <tr>
          <th scope="col">Part</th>
          <th scope="col">State</th>
          <th scope="col">Process id</th>
          <th scope="col">Memory</th>
          <th scope="col">Restarts</th>
        </tr>
      </thead>
      <tbody className="number">
        {state.processes.map((process) => (
          <tr key={`${process.name} ${process.sourceId ?? ''} ${process.pid ?? 'begins'}`}>
            <th scope="row">
              {partWords(process)}
              {process.sourceId === null ? null : (
                <bdi className="process-source">{titles.get(process.sourceId) ?? process.sourceId}</bdi>
              )}
              {process.lastError === null ? null : (
                <p className="process-error selectable">{process.lastError}</p>
              )}
            </th>
            <td>
              <StateChip {...processStateWords[process.state]} />
            </td>
            <td>{process.pid ?? '–'}</td>
            <td>{process.memoryBytes === null ? '–' : memoryWords(process.memoryBytes)}</td>
            <td>{process.restarts}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
