import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import type { Zone, ZoneCount } from '#shared/domain/zone.ts';
import { configure } from '../actions.ts';
import { countWords, durationWords } from '../figures/words.ts';
import { Button } from '../ui/button.tsx';
import { ClassRows } from './class-rows.tsx';
import { NameField } from './name-field.tsx';

/** Visits, who is inside now, and how long they stay; nothing at all while there is no zone. */
export function ZonesSection({ source }: { readonly source: SourceView }): ReactElement | null {
  const { zones } = source.settings;
  if (zones.length === 0) return null;
  const counts = source.progress?.counts.zones ?? {};
  return (
    <section className="section" aria-label="Zones">
      <h2 className="heading">Zones</h2>
      {zones.map((zone) => (
        <ZoneCard key={zone.name} source={source} zone={zone} count={counts[zone.name] ?? null} />
      ))}
    </section>
  );
}

interface ZoneCardProps {
  readonly source: SourceView;
  readonly zone: Zone;
  readonly count: ZoneCount | null;
}

function ZoneCard({ source, zone, count }: ZoneCardProps): ReactElement {
  const { zones } = source.settings;
  const taken = zones.filter((other) => other !== zone).map((other) => other.name);
  return (
    <article className="card" aria-label={`Zone ${zone.name}`}>
      <div className="card-head">
        <NameField
          name={zone.name}
          taken={taken}
          label={`Name of zone ${zone.name}`}
          onRename={(name) =>
            configure(source, { zones: zones.map((other) => (other === zone ? { ...zone, name } : other)) })
          }
        />
        <Button
          look="bare"
          size="small"
          icon="remove"
          label={`Delete zone ${zone.name}`}
          onClick={() => configure(source, { zones: zones.filter((other) => other !== zone) })}
        />
      </div>
      <dl className="zone-figures number">
        <ZoneFigure name="Inside now" value={countWords(count?.occupancy ?? 0)} />
        <ZoneFigure name="Most at once" value={countWords(count?.maxOccupancy ?? 0)} />
        <ZoneFigure name="Visits" value={countWords(count?.visits ?? 0)} />
        <ZoneFigure name="Usual stay" value={count === null ? '–' : durationWords(count.dwellMs.p50)} />
      </dl>
      <ClassRows byClass={count?.byClass ?? {}} />
    </article>
  );
}

function ZoneFigure({ name, value }: { readonly name: string; readonly value: string }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
