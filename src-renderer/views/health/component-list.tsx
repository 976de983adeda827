import type { ReactElement } from 'react';
import { type HealthComponent, SEVERITIES } from '#shared/domain/health.ts';
import { lastingWords, severityTone, severityWords } from './severity-words.ts';

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
        {well.map((component) => (
          <li
            key={component.id}
            className="well-part"
            data-severity={component.severity}
            data-testid={`component-${component.id}`}
          >
            <span className="dot" data-tone={severityTone[component.severity]} />
            <bdi className="well-title">{component.title}</bdi>
            <span className="well-cause number" title={component.cause}>
              {component.cause}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
