import type { ReactElement } from 'react';
import type { AppState } from '#shared/domain/app-state.ts';
import { addSource, openFiles } from '../actions.ts';
import { measuredWords } from '../figures/words.ts';
import { useDialog } from '../stores/dialog-store.ts';
import { Button } from '../ui/button.tsx';
import { PageTabs } from './page-tabs.tsx';
import './header.css';

const MODEL_WORDS = { loading: 'Model is loading', ready: 'Model ready', failed: 'Model failed' } as const;
const MODEL_TONES = { loading: 'busy', ready: 'good', failed: 'bad' } as const;

/** Name, model with its measured speed, database, and the two things one may do from anywhere. */
export function Header({ state }: { readonly state: AppState | null }): ReactElement {
  return (
    <header className="header">
      <div className="brand">
        <svg aria-hidden="true" width="22" height="22" viewBox="0 0 22 22" fill="none">
          <path
            d="M1.5 11C4 6.6 7.3 4.4 11 4.4s7 2.2 9.5 6.6c-2.5 4.4-5.8 6.6-9.5 6.6S4 15.4 1.5 11Z"
            stroke="#5ab0ff"
            strokeWidth="1.6"
          />
          <path d="M11 1.5v19" stroke="#ffe45c" strokeWidth="1.8" strokeLinecap="round" />
          <circle cx="11" cy="11" r="3.1" fill="#0b0e12" stroke="#5ab0ff" strokeWidth="1.6" />
        </svg>
        <span className="brand-name">ivis</span>
      </div>
      <PageTabs health={state?.health} />
      {state === null ? null : <Parts state={state} />}
      <div className="header-actions">
        <Button icon="open" title="Open video files (Ctrl+O)" data-testid="open-button" onClick={openFiles}>
          Open video…
        </Button>
        <Button
          icon="add"
          title="Add a camera, stream, file or folder (A)"
          data-testid="add-button"
          onClick={addSource}
        >
          Add source…
        </Button>
        <Button
          look="bare"
          icon="help"
          label="Keyboard shortcuts (?)"
          onClick={() => useDialog.getState().show('shortcuts')}
        />
      </div>
    </header>
  );
}

function Parts({ state }: { readonly state: AppState }): ReactElement {
  const { loaded } = state.model;
  return (
    <dl className="parts">
      <div className="part" title={loaded === null ? '' : probedWords(loaded.probed)}>
        <dt>
          <span className="dot" data-tone={MODEL_TONES[state.model.state]} />
          {MODEL_WORDS[state.model.state]}
        </dt>
        {loaded === null ? null : (
          <dd className="number">
            {loaded.id} · {loaded.provider} · {loaded.inputSize.replace('x', ' × ')} ·{' '}
            {measuredWords(loaded.measuredMs)}
          </dd>
        )}
      </div>
      <div className="part" title={state.store.path}>
        <dt>
          <span className="dot" data-tone={state.store.fault === null ? 'good' : 'bad'} />
          {state.store.fault === null ? 'Database ready' : state.store.fault.title}
        </dt>
      </div>
      {state.model.licence === '' ? null : (
        <div className="part part-licence">
          <dt>Model licence</dt>
          <dd>{state.model.licence}</dd>
        </div>
      )}
    </dl>
  );
}

type Probed = NonNullable<AppState['model']['loaded']>['probed'];

function probedWords(probed: Probed): string {
  return probed
    .map((one) =>
      one.measuredMs === null
        ? `${one.provider}: ${one.refused ?? 'refused'}`
        : `${one.provider}: ${measuredWords(one.measuredMs)}`,
    )
    .join('\n');
}
