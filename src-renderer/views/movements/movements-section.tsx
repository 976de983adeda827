import type { ReactElement } from 'react';
import type { Gate } from '#shared/domain/movement.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { configure } from '../../actions.ts';
import { directionDegrees, directionWords, forwardOf } from '../../editor/geometry.ts';
import { chooseTool } from '../../editor-tool.ts';
import { type Matrix, matrixOf } from '../../figures/movement-figures.ts';
import { useOpened } from '../../stores/opened-store.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Segments } from '../../ui/segments.tsx';
import { NameField } from '../name-field.tsx';
import { MovementTable } from './movement-table.tsx';

/** Beside more gates than this the matrix has its own page only. */
const MOST_IN_PANEL = 3;

/** Where things came in and went out, and the gates that tell. */
export function MovementsSection({ source }: { readonly source: SourceView }): ReactElement {
  const { gates = [] } = source.settings;
  const counts = source.progress?.counts.movements;
  const matrix = counts === undefined ? null : matrixOf(gates, counts, null);
  return (
    <section className="section" aria-label="Movements">
      <div className="section-head">
        <h2 className="heading">Movements</h2>
        {gates.length === 0 ? (
          <Button
            size="small"
            look="bare"
            icon="gate"
            disabled={source.media === null}
            onClick={() => chooseTool('gate')}
          >
            Draw gate
          </Button>
        ) : (
          <Button
            size="small"
            look="bare"
            icon="all"
            title="The whole matrix, by class"
            data-testid="open-movements"
            onClick={() => useOpened.getState().open({ kind: 'movements', sourceId: source.sourceId })}
          >
            Open
          </Button>
        )}
      </div>
      {gates.length === 0 ? (
        <p className="section-empty">
          A gate across each arm of a junction counts from where to where things move.
        </p>
      ) : null}
      {gates.length > 0 ? <Counted matrix={matrix} small={gates.length <= MOST_IN_PANEL} /> : null}
      <div className="gates">
        {gates.map((gate) => (
          <GateCard key={gate.name} source={source} gate={gate} gates={gates} />
        ))}
      </div>
    </section>
  );
}

/** What was counted between the gates: the matrix where there is room for it, or its sums. */
function Counted(props: { readonly matrix: Matrix | null; readonly small: boolean }): ReactElement {
  const { matrix, small } = props;
  if (matrix === null) return <p className="section-empty">Nothing was counted through gates yet.</p>;
  if (small) return <MovementTable matrix={matrix} />;
  return (
    <p className="section-empty number">
      {matrix.through} through, {matrix.uTurns} U-turns, {matrix.unknown} with an unseen end.
    </p>
  );
}

const USES: readonly { value: Gate['use']; words: string; title: string }[] = [
  { value: 'both', words: 'Both', title: 'Things come in and go out here' },
  { value: 'in', words: 'In', title: 'Nothing goes out here' },
  { value: 'out', words: 'Out', title: 'Nothing comes in here' },
];

interface GateCardProps {
  readonly source: SourceView;
  readonly gate: Gate;
  readonly gates: readonly Gate[];
}

function GateCard({ source, gate, gates }: GateCardProps): ReactElement {
  const others = gates.filter((other) => other !== gate);
  const change = (changed: Partial<Gate>): void =>
    configure(source, {
      gates: gates.map((other) => (other === gate ? { ...gate, ...changed } : other)),
    });
  const forward = forwardOf(gate.points);
  const turn = gate.inward === 'forward' ? 1 : -1;
  const inward = { x: forward.x * turn, y: forward.y * turn };
  return (
    <article className="gate" aria-label={`Gate ${gate.name}`}>
      <div className="card-head">
        <NameField
          name={gate.name}
          taken={[...others.map(({ name }) => name), 'unknown']}
          label={`Name of gate ${gate.name}`}
          onRename={(name) => change({ name })}
        />
        <Button
          look="bare"
          size="small"
          icon="again"
          label={`Turn gate ${gate.name} round`}
          onClick={() => change({ inward: gate.inward === 'forward' ? 'backward' : 'forward' })}
        />
        <Button
          look="bare"
          size="small"
          icon="remove"
          label={`Delete gate ${gate.name}`}
          onClick={() => configure(source, { gates: others })}
        />
      </div>
      <div className="gate-way">
        <span className="gate-inward">
          <Icon name="arrow" size={14} turn={directionDegrees(inward)} />
          in is {directionWords(inward)}
        </span>
        <Segments
          label={`Use of gate ${gate.name}`}
          value={gate.use}
          options={USES}
          onChange={(use) => change({ use })}
        />
      </div>
    </article>
  );
}
