import { type ReactElement, useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import type { CorrectionOrder, CrossingFilter, WrongReason } from '#shared/domain/correction.ts';
import { toFault } from '#shared/domain/fault-text.ts';
import { countedOn, type SourceView, shownRuns } from '#shared/domain/source.ts';
import { ask } from '../../bridge.ts';
import { useAppState } from '../../stores/app-state-store.ts';
import { useDialog } from '../../stores/dialog-store.ts';
import { type CrossingName, useOpened } from '../../stores/opened-store.ts';
import { isTyping } from '../../typing.ts';
import { Button } from '../../ui/button.tsx';
import { FaultNote } from '../../ui/fault-note.tsx';
import { Segments } from '../../ui/segments.tsx';
import { CrossingMoment } from '../recording/crossing-moment.tsx';
import { AddForm } from './add-form.tsx';
import { CrossingFacts } from './crossing-facts.tsx';
import { CrossingList } from './crossing-list.tsx';
import { CrossingStage, type StageView, useEvidence } from './crossing-stage.tsx';
import { EvidenceHead } from './evidence-head.tsx';
import './evidence.css';
import './evidence-facts.css';
import { useCrossings } from './use-crossings.ts';
import { WrongForm } from './wrong-form.tsx';

interface EvidencePageProps {
  readonly source: SourceView;
  readonly first: CrossingFilter;
  /** The crossing to begin with; null: the first. */
  readonly sought: CrossingName | null;
}

const VIEWS: readonly { value: StageView; words: string; title: string }[] = [
  { value: 'scene', words: 'Scene', title: 'The whole picture (V)' },
  { value: 'object', words: 'Object', title: 'The object close by (V)' },
];

/** An opened count: its crossings one by one, with what each was decided on, and what people say about them. */
export function EvidencePage({ source, first, sought: begin }: EvidencePageProps): ReactElement {
  const [filter, setFilter] = useState(first);
  const [index, setIndex] = useState(0);
  const [sought, setSought] = useState(begin);
  const [view, setView] = useState<StageView>('scene');
  const [form, setForm] = useState<'none' | 'wrong' | 'add'>('none');
  const labels = useAppState((store) => store.state?.model.labels ?? []);
  const counted = useMemo(() => machineTotal(source), [source]);
  const runIds = shownRuns(source);
  const { found, error, refresh, more } = useCrossings(countedOn(source), filter, counted);
  const rows = found?.rows ?? [];
  const at = Math.min(index, Math.max(0, rows.length - 1));
  const crossing = rows[at] ?? null;
  const runId = crossing?.runId ?? runIds.at(-1) ?? 0;
  const evidence = useEvidence(runId, crossing?.number ?? null);
  const leave = useOpened((store) => store.leave);

  useEffect(() => {
    if (sought === null || found === null) return;
    const place = found.rows.findIndex((row) => row.runId === sought.runId && row.number === sought.number);
    if (place >= 0) setIndex(place);
    setSought(null);
  }, [sought, found]);

  const choose = useCallback((next: number): void => {
    setIndex(Math.max(0, next));
    setForm('none');
  }, []);
  const say = useCallback(
    async (order: CorrectionOrder): Promise<void> => {
      setForm('none');
      await ask('correction.add', { runId, order });
      await refresh();
    },
    [runId, refresh],
  );
  const takeBack = useCallback((): void => {
    if (crossing?.wrong != null && crossing.number !== null) {
      void say({ kind: 'restored', number: crossing.number, note: '' });
    } else if (crossing?.added != null) {
      void say({ kind: 'withdrawn', target: crossing.added.correctionId, note: '' });
    }
  }, [crossing, say]);

  // With the list that is on show: a key that is pressed as it comes is meant for it.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || form === 'add') return;
      if (useDialog.getState().open !== null) return;
      const key = event.key.toLowerCase();
      const canMark = crossing !== null && crossing.number !== null && crossing.wrong === null;
      if (key === 'escape') leave();
      else if (key === 'arrowdown' || key === 'arrowright' || key === 'j')
        choose(Math.min(rows.length - 1, at + 1));
      else if (key === 'arrowup' || key === 'arrowleft' || key === 'k') choose(Math.max(0, at - 1));
      else if (key === 'home') choose(0);
      else if (key === 'end') choose(Math.max(0, rows.length - 1));
      else if (key === 'w' && canMark) setForm('wrong');
      else if (key === 'u') takeBack();
      else if (key === 'm') setForm('add');
      else if (key === 'v') setView((now) => (now === 'scene' ? 'object' : 'scene'));
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [at, rows.length, crossing, form, choose, leave, takeBack]);

  const { lines } = source.settings;
  const lineNames = [
    ...new Set([...lines.map(({ name }) => name), ...(found?.counts ?? []).map(({ line }) => line)]),
  ];
  return (
    <main className="evidence" aria-label="Crossings">
      <EvidenceHead
        title={source.title}
        counts={found?.counts ?? []}
        lines={lineNames}
        filter={filter}
        onFilter={(next) => {
          setFilter(next);
          choose(0);
        }}
        onLeave={leave}
      />
      <div className="evidence-body">
        <section className="evidence-side">
          {error === null ? null : <FaultNote {...toFault(error.kind, error.message)} />}
          {found !== null && rows.length === 0 ? (
            <p className="evidence-none">No crossing here. Add one that the machine missed with M.</p>
          ) : null}
          <CrossingList
            rows={rows}
            live={source.live !== null}
            total={found?.total ?? 0}
            chosen={at}
            onChoose={choose}
            onEnd={more}
          />
        </section>
        <section className="evidence-stage">
          {crossing === null ? null : <CrossingStage crossing={crossing} evidence={evidence} view={view} />}
        </section>
        <aside className="evidence-facts" aria-label="The chosen crossing">
          <div className="evidence-walk">
            <Button
              icon="up"
              label="Previous crossing (↑)"
              disabled={at === 0}
              data-testid="previous-crossing"
              onClick={() => choose(at - 1)}
            />
            <Button
              icon="down"
              label="Next crossing (↓)"
              disabled={at >= rows.length - 1}
              data-testid="next-crossing"
              onClick={() => choose(at + 1)}
            />
            <span className="number" data-testid="crossing-place">
              {rows.length === 0 ? 0 : at + 1} of {found?.total ?? 0}
            </span>
            <Segments label="View" value={view} options={VIEWS} onChange={setView} />
          </div>
          {crossing === null ? null : <CrossingFacts crossing={crossing} live={source.live !== null} />}
          {source.live === null || crossing?.wallMs == null ? null : (
            <CrossingMoment
              sourceId={source.sourceId}
              wallMs={crossing.wallMs}
              why={`${crossing.label} over ${crossing.line}`}
            />
          )}
          {form === 'wrong' && crossing?.number != null ? (
            <WrongForm
              onMark={(reason: WrongReason, note: string) =>
                void say({ kind: 'wrong', number: crossing.number ?? 0, reason, note })
              }
              onCancel={() => setForm('none')}
            />
          ) : (
            <div className="evidence-acts">
              {crossing !== null && crossing.wrong === null && crossing.added === null ? (
                <Button
                  icon="close"
                  data-testid="mark-wrong"
                  title="Mark wrong (W)"
                  onClick={() => setForm('wrong')}
                >
                  Mark wrong <kbd>W</kbd>
                </Button>
              ) : null}
              {crossing?.wrong != null || crossing?.added != null ? (
                <Button icon="again" data-testid="take-back" title="Take back (U)" onClick={takeBack}>
                  {crossing.wrong === null ? 'Take it out again' : 'It was right after all'} <kbd>U</kbd>
                </Button>
              ) : null}
              <Button
                icon="plus"
                data-testid="add-crossing"
                title="Add a missed crossing (M)"
                onClick={() => setForm('add')}
              >
                Add a missed one <kbd>M</kbd>
              </Button>
            </div>
          )}
          <p className="evidence-promise">
            What the machine counted stays as it was. Corrections are kept beside it, with your name and the
            time.
          </p>
        </aside>
      </div>
      {form === 'add' && lines[0] !== undefined ? (
        <AddForm
          lines={lines}
          labels={labelsFor(source, labels, crossing?.label ?? null)}
          first={{
            line: filter.line ?? crossing?.line ?? lines[0].name,
            direction: filter.direction ?? crossing?.direction ?? 'forward',
            label: filter.label ?? crossing?.label ?? source.settings.classes[0] ?? labels[0] ?? 'object',
          }}
          ptsMs={crossing?.ptsMs ?? 0}
          durationMs={source.live === null ? (source.media?.durationMs ?? null) : null}
          onAdd={(order) => void say(order)}
          onClose={() => setForm('none')}
        />
      ) : null}
    </main>
  );
}

/** Crossings counted so far: when it rises, there is something new to read. */
function machineTotal(source: SourceView): number {
  const lines = Object.values(source.progress?.counts.lines ?? {});
  return lines.reduce((sum, { forward, backward }) => sum + forward.total + backward.total, 0);
}

/** The classes that are looked for, then all others of the model. */
function labelsFor(source: SourceView, all: readonly string[], shown: string | null): string[] {
  const first = shown === null ? source.settings.classes : [shown, ...source.settings.classes];
  return [...new Set([...first, ...all])];
}
