import { type ReactElement, useEffect } from 'react';
import type { AppState } from '#shared/domain/app-state.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { useAppState } from './stores/app-state-store.ts';
import { useChoice } from './stores/choice-store.ts';
import { useEditor } from './stores/editor-store.ts';
import { type Opened, useOpened } from './stores/opened-store.ts';
import { usePage } from './stores/page-store.ts';
import './ui/ui.css';
import { FaultNote } from './ui/fault-note.tsx';
import { useKeyboard } from './use-keyboard.ts';
import { useSilence } from './use-silence.ts';
import { Dialogs } from './views/dialogs.tsx';
import { DropOverlay } from './views/drop-overlay.tsx';
import { EmptyScreen } from './views/empty-screen.tsx';
import { EvidencePage } from './views/evidence/evidence-page.tsx';
import { Header } from './views/header.tsx';
import { HealthPage } from './views/health/health-page.tsx';
import { HoursPage } from './views/hours/hours-page.tsx';
import { LogPage } from './views/log/log-page.tsx';
import { MovementPage } from './views/movements/movement-page.tsx';
import { Panel } from './views/panel.tsx';
import { RecountPage } from './views/recount/recount-page.tsx';
import { SourceList } from './views/source-list.tsx';
import { StartNotice } from './views/start-notice.tsx';
import { StatusStrip } from './views/status-strip.tsx';
import { Toasts } from './views/toasts.tsx';
import { Wall } from './views/wall.tsx';
import { ZonePage } from './views/zones/zone-page.tsx';
import './app.css';

export function App(): ReactElement {
  const state = useAppState((store) => store.state);
  const silent = useSilence() !== null;
  useKeyboard();
  // A tool belongs to the picture it was taken up for.
  useEffect(
    () =>
      useChoice.subscribe((now, before) => {
        if (now.sourceId !== before.sourceId) useEditor.getState().putAway();
      }),
    [],
  );
  return (
    <div className="app" data-silent={silent}>
      <Header state={state} />
      <Banner state={state} />
      {state === null ? <div className="app-starting" /> : <Body state={state} />}
      <StatusStrip state={state} />
      <DropOverlay />
      <Toasts />
      <Dialogs state={state} />
    </div>
  );
}

function Body({ state }: { readonly state: AppState }): ReactElement {
  const page = usePage((store) => store.page);
  const sourceId = useChoice((store) => store.sourceId);
  const opened = useOpened((store) => store.opened);
  const chosen = state.sources.find((source) => source.sourceId === sourceId) ?? state.sources[0];
  if (page === 'health') return <HealthPage />;
  if (page === 'log') return <LogPage />;
  const subject = state.sources.find((source) => source.sourceId === opened?.sourceId);
  if (opened !== null && subject !== undefined) return <OpenedPage opened={opened} source={subject} />;
  if (chosen === undefined && state.folders.length === 0) return <EmptyScreen state={state} />;
  if (chosen === undefined) {
    return (
      <div className="app-body" data-empty="true">
        <SourceList sources={[]} folders={state.folders} />
        <EmptyScreen state={state} />
      </div>
    );
  }
  return (
    <div className="app-body">
      <SourceList sources={state.sources} folders={state.folders} />
      <Wall sources={state.sources} chosen={chosen} />
      <Panel source={chosen} />
    </div>
  );
}

interface OpenedPageProps {
  readonly opened: Opened;
  readonly source: SourceView;
}

function OpenedPage({ opened, source }: OpenedPageProps): ReactElement {
  switch (opened.kind) {
    case 'recount':
      return <RecountPage source={source} />;
    case 'hours':
      return <HoursPage source={source} />;
    case 'movements':
      return <MovementPage source={source} />;
    case 'zone':
      return <ZonePage source={source} zone={opened.zone} />;
    case 'evidence':
      return <EvidencePage source={source} first={opened.filter} sought={opened.sought} />;
  }
}

/** Faults that belong to no source; on the first screen those of the model and the database are shown there. */
function Banner({ state }: { readonly state: AppState | null }): ReactElement | null {
  if (state === null) return null;
  const parts = state.sources.length === 0 ? [] : [state.model.fault, state.store.fault];
  const faults = parts.filter((fault) => fault !== null);
  if (faults.length === 0 && state.start === undefined) return null;
  return (
    <div className="app-banner">
      {state.start === undefined ? null : <StartNotice {...state.start} />}
      {faults.map((fault) => (
        <FaultNote key={`${fault.kind} ${fault.detail}`} {...fault} />
      ))}
    </div>
  );
}
