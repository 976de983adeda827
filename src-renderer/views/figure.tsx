import type { ReactElement } from 'react';

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly tone?: string;
}

/** A number with its name above and its unit below. */
export function Figure({ name, value, unit, tone = '' }: FigureProps): ReactElement {
  return (
    <div className="figure" data-tone={tone}>
      <dt>{name}</dt>
      <dd>
        {value} {unit === '' ? null : <span className="figure-unit">{unit}</span>}
      </dd>
    </div>
  );
}
