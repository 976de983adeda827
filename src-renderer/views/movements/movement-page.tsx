import { type ReactElement, useState } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { exportRun } from '../../actions.ts';
import { matrixOf, movedLabels } from '../../figures/movement-figures.ts';
import { countWords } from '../../figures/words.ts';
import { useOpened } from '../../stores/opened-store.ts';
import { Button } from '../../ui/button.tsx';
import { OpenedHead } from '../opened-head.tsx';
import { useEscape } from '../use-escape.ts';
import { MovementTable } from './movement-table.tsx';

/** The matrix of origins and destinations, of all classes or of one. */
export function MovementPage({ source }: { readonly source: SourceView }): ReactElement {
  const leave = useOpened((store) => store.leave);
  const [label, setLabel] = useState<string | null>(null);
  const counted = source.progress?.counts.movements;
  const counts = counted ?? {};
  const matrix = matrixOf(source.settings.gates ?? [], counts, label);
  useEscape(leave);
  return (
    <main className="movement-page" aria-label="Movements">
      <OpenedHead
        title={
          <>
            Movements in <bdi>{source.title}</bdi>
          </>
        }
        testId="leave-movements"
        onLeave={leave}
      >
        <div className="evidence-filter">
          <select
            aria-label="Class"
            value={label ?? ''}
            onChange={(event) => setLabel(event.target.value === '' ? null : event.target.value)}
          >
            <option value="">All classes</option>
            {movedLabels(counts).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </div>
        <Button
          icon="save"
          disabled={source.runId === null}
          title="Write movements.csv, movement-counts.csv and the other files of this run to a folder"
          onClick={() => exportRun(source.sourceId)}
        >
          Export CSV…
        </Button>
      </OpenedHead>
      <div className="movement-body">
        {counted === undefined ? (
          <p className="movement-words">Nothing was counted through gates yet.</p>
        ) : (
          <>
            <dl className="movement-sums number">
              <Sum name="From gate to gate" value={matrix.through} />
              <Sum name="U-turns" value={matrix.uTurns} />
              <Sum name="With an unseen end" value={matrix.unknown} />
              <Sum name="All movements" value={matrix.total} />
            </dl>
            <MovementTable matrix={matrix} />
          </>
        )}
        <p className="movement-words">
          Every row adds up to what came in through its gate, every column to what went out. “Unseen” says
          honestly what was first seen inside, lost inside, or is inside still. What passed no gate is no
          movement.
        </p>
      </div>
    </main>
  );
}

function Sum({ name, value }: { readonly name: string; readonly value: number }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{countWords(value)}</dd>
    </div>
  );
}
