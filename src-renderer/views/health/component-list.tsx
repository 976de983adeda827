import type { ReactElement } from 'react';
import { type HealthComponent, SEVERITIES } from '#shared/domain/health.ts';
import { foldedCause, foldParts } from './fold.ts';
import { lastingWords, severityTone, severityWords } from './severity-words.ts';
import './component-list.css';

interface ComponentListProps {
  readonly components: readonly HealthComponent[];
  readonly nowWallMs: number;
}

const needsCare = ({ severity }: HealthComponent): boolean =>
  severity === 'critical' || severity === 'warn' || severity === 'stale';

/** What is ill first, each with what to do; the rest in one line each. */
export function ComponentList({ components, nowWallMs }: ComponentListProps): ReactElement {
  const graver = (a: HealthComponent, b: HealthComponent): number =>
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);
  const ill = components.filter(needsCare).sort(graver);
  const well = components.filter((component) => !needsCare(component));
  return (
    <section className="health-card" aria-label="Parts">
      <h2 className="heading">Parts</h2>
      {ill.length === 0 ? null : (
        <ul className="ill">
          {ill.map((component) => (
            <li
              key={component.id}
              className="ill-part"
              data-severity={component.severity}
              data-testid={`component-${component.id}`}
            >
              <p className="ill-title">
                <span className="dot" data-tone={severityTone[component.severity]} />
                <bdi>{component.title}</bdi>
                <span className="ill-state">{severityWords[component.severity]}</span>
                <span className="ill-since number">{lastingWords(nowWallMs - component.sinceWallMs)}</span>
              </p>
              <p className="ill-cause selectable">{component.cause}</p>
              {component.whatToDo === '' ? null : <p className="ill-do">{component.whatToDo}</p>}
            </li>
          ))}
        </ul>
      )}
      <ul className="well">
        {foldParts(well).map((row) =>
          row.kind === 'part' ? (
            <WellPart key={row.part.id} part={row.part} />
          ) : (
            <Fold key={row.title} {...row} />
          ),
        )}
      </ul>
    </section>
  );
}

function WellPart({ part }: { readonly part: HealthComponent }): ReactElement {
  return (
    <li className="well-part" data-severity={part.severity} data-testid={`component-${part.id}`}>
      <span className="dot" data-tone={severityTone[part.severity]} />
      <bdi className="well-title">{part.title}</bdi>
      <span className="well-cause number" title={part.cause}>
        {part.cause}
      </span>
    </li>
  );
}

function Fold(props: { readonly title: string; readonly parts: readonly HealthComponent[] }): ReactElement {
  const { title, parts } = props;
  const noted = parts.some(({ severity }) => severity === 'info');
  return (
    <li>
      <details className="well-fold">
        <summary className="well-part" data-severity={noted ? 'info' : 'ok'}>
          <span className="dot" data-tone={severityTone[noted ? 'info' : 'ok']} />
          <span className="well-title">{title}</span>
          <span className="well-cause number">{foldedCause(parts)}</span>
        </summary>
        <ul className="well">
          {parts.map((part) => (
            <WellPart key={part.id} part={part} />
          ))}
        </ul>
      </details>
    </li>
  );
}
