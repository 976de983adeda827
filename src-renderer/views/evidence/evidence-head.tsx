import type { PointerEvent, ReactElement } from 'react';
import { type CorrectedCount, type CrossingFilter, correctedTotal } from '#shared/domain/correction.ts';
import type { Direction } from '#shared/domain/line.ts';
import { countWords } from '../../figures/words.ts';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';

interface EvidenceHeadProps {
  readonly title: string;
  readonly counts: readonly CorrectedCount[];
  readonly lines: readonly string[];
  readonly filter: CrossingFilter;
  readonly onFilter: (filter: CrossingFilter) => void;
  readonly onLeave: () => void;
}

const DIRECTIONS: readonly { value: Direction | 'both'; words: string; title: string }[] = [
  { value: 'both', words: 'Both', title: 'Both directions' },
  { value: 'forward', words: 'Forward', title: 'As the arrow of the line points' },
  { value: 'backward', words: 'Backward', title: 'Against the arrow of the line' },
];

/** After a click on a choice the arrow keys walk the crossings again; reached by keyboard, they move the choice. */
function giveArrowsBack({ target }: PointerEvent): void {
  if (!(target instanceof Element) || target.closest('.segments') === null) return;
  setTimeout(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  }, 0);
}

/** Which count is open, and both of its numbers. */
export function EvidenceHead(props: EvidenceHeadProps): ReactElement {
  const { title, counts, lines, filter, onFilter, onLeave } = props;
  const { line, direction, label } = filter;
  const own = counts.filter(
    (count) =>
      (line === null || count.line === line) &&
      (direction === null || count.direction === direction) &&
      (label === null || count.label === label),
  );
  const labels = [...new Set(counts.map((count) => count.label))].sort();
  const { machine, corrected } = correctedTotal(own);
  return (
    <div className="evidence-head">
      <Button icon="back" title="Back to the pictures (Esc)" data-testid="leave-evidence" onClick={onLeave}>
        Back
      </Button>
      <h1 className="evidence-title">
        Crossings in <bdi>{title}</bdi>
      </h1>
      <div className="evidence-filter" onPointerUp={giveArrowsBack}>
        <select
          aria-label="Line"
          value={line ?? ''}
          onChange={(event) =>
            onFilter({ ...filter, line: event.target.value === '' ? null : event.target.value })
          }
        >
          <option value="">All lines</option>
          {lines.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <Segments
          label="Direction"
          value={direction ?? 'both'}
          options={DIRECTIONS}
          onChange={(value) => onFilter({ ...filter, direction: value === 'both' ? null : value })}
        />
        <select
          aria-label="Class"
          value={label ?? ''}
          onChange={(event) =>
            onFilter({ ...filter, label: event.target.value === '' ? null : event.target.value })
          }
        >
          <option value="">All classes</option>
          {labels.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <dl className="both-numbers">
        <div>
          <dt>Machine</dt>
          <dd className="number" data-testid="machine-total">
            {countWords(machine)}
          </dd>
        </div>
        <div data-changed={machine !== corrected}>
          <dt>Corrected</dt>
          <dd className="number" data-testid="corrected-total">
            {countWords(corrected)}
          </dd>
        </div>
      </dl>
    </div>
  );
}
