import type { ReactElement, ReactNode } from 'react';
import { bothNumbers } from '#shared/domain/count-change.ts';
import type { Direction } from '#shared/domain/line.ts';
import { type SourceView, shownRuns } from '#shared/domain/source.ts';
import { countWords } from '../../figures/words.ts';
import { useOpened } from '../../stores/opened-store.ts';
import './opened-count.css';

interface OpenedCountProps {
  readonly source: SourceView;
  readonly line: string;
  readonly direction: Direction;
  readonly total: number;
  readonly children: ReactNode;
}

/** A count that opens the crossings behind it, with the corrected number beside it where people said something. */
export function OpenedCount({ source, line, direction, total, children }: OpenedCountProps): ReactElement {
  const { sourceId, changes } = source;
  const { corrected } = bothNumbers(total, changes, { line, direction });
  if (shownRuns(source).length === 0 || (total === 0 && corrected === null))
    return <div className="opened-count">{children}</div>;
  const open = (): void =>
    useOpened
      .getState()
      .open({ kind: 'evidence', sourceId, filter: { line, direction, label: null }, sought: null });
  return (
    <button
      type="button"
      className="opened-count"
      title={`Look at every crossing of ${line}, ${direction}`}
      data-testid={`open-${line}-${direction}`}
      onClick={open}
    >
      {children}
      {corrected === null ? null : (
        <span className="corrected-count number" data-testid={`corrected-${line}-${direction}`}>
          {countWords(corrected)} corrected
        </span>
      )}
    </button>
  );
}
