import type { ReactElement } from 'react';
import type { AppState } from '#shared/domain/app-state.ts';
import { addSource, openFiles } from '../actions.ts';
import { measuredWords } from '../figures/words.ts';
import { Button } from '../ui/button.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { Icon } from '../ui/icon.tsx';
import './empty-screen.css';

const STEPS = [
  { title: 'Open a video or a camera', words: 'ivis starts at once and shows what it finds on the picture.' },
  { title: 'Draw a line', words: 'Whoever crosses it is counted, by direction and by class.' },
  { title: 'Export', words: 'Every count, with its time and its track, as CSV files.' },
] as const;

/** The first thing a newcomer sees: what this is, the one thing to do, and what happens then. */
export function EmptyScreen({ state }: { readonly state: AppState }): ReactElement {
  return (
    <main className="empty">
      <div className="empty-inner">
        <div className="empty-drop" data-testid="drop-target">
          <span className="empty-mark">
            <Icon name="video" size={34} />
          </span>
          <h1>Drop a video here</h1>
          <p className="empty-what">
            ivis finds, follows and counts people and vehicles in your videos and cameras. It runs on this
            computer only: nothing is sent anywhere.
          </p>
          <div className="empty-action">
            <Button look="primary" size="large" icon="open" onClick={openFiles}>
              Open video…
            </Button>
            <Button size="large" icon="camera" data-testid="empty-add-button" onClick={addSource}>
              Add source…
            </Button>
          </div>
          <p className="empty-keys">
            <kbd>Ctrl</kbd> <kbd>O</kbd> opens a video, <kbd>A</kbd> adds a camera, a stream or a folder
          </p>
          <ModelLine state={state} />
        </div>
        <ol className="empty-steps">
          {STEPS.map((step, index) => (
            <li key={step.title}>
              <span className="empty-number number">{index + 1}</span>
              <div>
                <h2>{step.title}</h2>
                <p>{step.words}</p>
              </div>
            </li>
          ))}
        </ol>
      </div>
    </main>
  );
}

function ModelLine({ state }: { readonly state: AppState }): ReactElement {
  const { model } = state;
  const fault = model.fault ?? state.store.fault;
  if (fault !== null) {
    return (
      <div className="empty-fault">
        <FaultNote {...fault} />
      </div>
    );
  }
  if (model.state === 'loading' || model.loaded === null) {
    return (
      <p className="empty-model" role="status">
        <span className="dot" data-tone="busy" /> The detection model is loading. You can already open videos.
      </p>
    );
  }
  return (
    <p className="empty-model number" role="status">
      <span className="dot" data-tone="good" /> Ready: {model.labels.length} classes,{' '}
      {measuredWords(model.loaded.measuredMs)} per picture on this computer
    </p>
  );
}
