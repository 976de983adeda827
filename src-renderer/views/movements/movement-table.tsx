import type { ReactElement } from 'react';
import { UNKNOWN_GATE } from '#shared/domain/movement.ts';
import type { Matrix } from '../../figures/movement-figures.ts';
import { countWords } from '../../figures/words.ts';
import './movements.css';

const nameOf = (gate: string): string => (gate === UNKNOWN_GATE ? 'unseen' : gate);

/** Where things came from, down, and where they went, across. The diagonal holds the U-turns. */
export function MovementTable({ matrix }: { readonly matrix: Matrix }): ReactElement {
  const { columns, rows, columnTotals, total } = matrix;
  return (
    <table className="matrix number" data-testid="matrix">
      <thead>
        <tr>
          <th scope="col" className="matrix-corner">
            from ↓ to →
          </th>
          {columns.map((name) => (
            <th key={name} scope="col" data-unknown={name === UNKNOWN_GATE}>
              <bdi title={nameOf(name)}>{nameOf(name)}</bdi>
            </th>
          ))}
          <th scope="col" className="matrix-sum">
            in
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ from, cells, total: sum }) => (
          <tr key={from} data-unknown={from === UNKNOWN_GATE}>
            <th scope="row">
              <bdi title={nameOf(from)}>{nameOf(from)}</bdi>
            </th>
            {cells.map(({ to, count }) => (
              <td
                key={to}
                data-kind={kindOf(from, to)}
                data-zero={count === 0}
                title={wordsOf(from, to)}
                data-testid={`moved-${from}-${to}`}
              >
                {isImpossible(from, to) ? '' : countWords(count)}
              </td>
            ))}
            <td className="matrix-sum">{countWords(sum)}</td>
          </tr>
        ))}
        <tr className="matrix-totals">
          <th scope="row">out</th>
          {columnTotals.map((sum, i) => (
            <td key={columns[i]}>{countWords(sum)}</td>
          ))}
          <td className="matrix-sum">{countWords(total)}</td>
        </tr>
      </tbody>
    </table>
  );
}

const isImpossible = (from: string, to: string): boolean => from === UNKNOWN_GATE && to === UNKNOWN_GATE;

function kindOf(from: string, to: string): 'unknown' | 'u-turn' | 'through' {
  if (from === UNKNOWN_GATE || to === UNKNOWN_GATE) return 'unknown';
  return from === to ? 'u-turn' : 'through';
}

function wordsOf(from: string, to: string): string {
  if (isImpossible(from, to)) return 'What no gate saw is no movement';
  if (from === UNKNOWN_GATE) return `First seen inside, left through ${to}`;
  if (to === UNKNOWN_GATE) return `Came in through ${from}, then lost or still inside`;
  return from === to ? `U-turn at ${from}` : `From ${from} to ${to}`;
}
