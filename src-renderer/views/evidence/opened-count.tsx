import { type ReactElement, type ReactNode, useEffect } from 'react';
import type { Direction } from '#shared/domain/line.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { inquire } from '../../bridge.ts';
import { countWords } from '../../figures/words.ts';
import { changeOf, useCorrections } from '../../stores/correction-store.ts';
import { useOpened } from '../../stores/opened-store.ts';
import './opened-count.css';

interface OpenedCountProps {
  readonly source: SourceView;
  readonly line: string;
  readonly direction: Direction;
  readonly total: number;
  readonly children: ReactNode;
}

const nothing = { line: null, direction: null, label: null };

/** A count that opens the crossings behind it, with the corrected number beside it where people said something. */
export function OpenedCount({ source, line, direction, total, children }: OpenedCountProps): ReactElement {
  const { sourceId, runId } = source;
  const counts = useCorrections((store) => (runId === null ? undefined : store.byRun[runId]));
  useEffect(() => {
    if (runId === null || useCorrections.getState().byRun[runId] !== undefined) return;
    // Corrections of an earlier day: asked once for each run on show.
    useCorrections.getState().receive(runId, []);
    inquire('crossings.list', { runId, filter: nothing, offset: 0, limit: 1 })
      .then((found) => useCorrections.getState().receive(runId, found.counts))
      .catch(() => {});
  }, [runId]);
  const change = changeOf(counts, line, direction);
  if (runId === null || (total === 0 && change === null))
    return <div className="opened-count">{children}</div>;
  const open = (): void =>
    useOpened.getState().open({
      kind: 'evidence',
      sourceId,
      runId,
      filter: { line, direction, label: null },
      number: null,
    });
  return (
    <button
      type="button"
      className="opened-count"
      title={`Look at every crossing of ${line}, ${direction}`}
      data-testid={`open-${line}-${direction}`}
      onClick={open}
    >
      {children}
      {change === null ? null : (
        <span className="corrected-count number" data-testid={`corrected-${line}-${direction}`}>
          {countWords(total + change)} corrected
        </span>
      )}
    </button>
  );
}
