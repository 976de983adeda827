import type { ReactElement } from 'react';
import type { HealthReport } from '#shared/domain/health.ts';
import { describeProblem } from '#shared/domain/settings.ts';
import { ask } from '../../bridge.ts';
import { Segments } from '../../ui/segments.tsx';
import './interfaces-card.css';

interface InterfacesCardProps {
  readonly interfaces: HealthReport['interfaces'];
  readonly settings: HealthReport['settings'];
}

const PATHS = [
  '/healthz',
  '/readyz',
  '/metrics',
  '/api/perception/detections',
  '/api/perception/tracks',
  '/api/perception/timeline/predictions',
];

/** The pages for other programs, on or off, and where the settings are. */
export function InterfacesCard({ interfaces, settings }: InterfacesCardProps): ReactElement {
  const { enabled, url, problem } = interfaces;
  const change = (value: 'on' | 'off'): void =>
    void ask('settings.change', { changes: [{ field: 'interfaces.enabled', value: value === 'on' }] });
  return (
    <section className="health-card" aria-label="For other programs">
      <div className="card-line">
        <h2 className="heading">For other programs</h2>
        <Segments
          label="Pages for other programs"
          value={enabled ? 'on' : 'off'}
          options={[
            { value: 'off', words: 'Off', title: 'No other program can ask' },
            { value: 'on', words: 'On', title: 'Programs of this computer can ask' },
          ]}
          onChange={change}
        />
      </div>
      <p className="card-text">
        Pages with health and figures for monitoring, for this computer only. Nothing can be changed through
        them.
      </p>
      {url === null ? null : (
        <ul className="interface-urls selectable number" data-testid="interface-urls">
          {PATHS.map((path) => (
            <li key={path}>
              {url}
              {path}
            </li>
          ))}
        </ul>
      )}
      {problem === null ? null : (
        <p className="card-trouble" role="alert">
          {problem}
        </p>
      )}
      <p className="card-note">
        Settings file: <bdi className="selectable">{settings.path}</bdi>
      </p>
      {settings.problem === null ? null : (
        <p className="card-trouble" role="alert">
          {describeProblem(settings.problem)}
        </p>
      )}
    </section>
  );
}
