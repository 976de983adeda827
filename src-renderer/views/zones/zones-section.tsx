import { type ReactElement, useState } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import type { Zone, ZoneCount } from '#shared/domain/zone.ts';
import { configure } from '../../actions.ts';
import { countWords, durationWords } from '../../figures/words.ts';
import { useOpened } from '../../stores/opened-store.ts';
import { Button } from '../../ui/button.tsx';
import { ClassRows } from '../class-rows.tsx';
import { NameField } from '../name-field.tsx';
import './zones.css';

/** Who came, who left, who is inside now, and how long they stay; nothing at all while there is no zone. */
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
  const { sourceId } = source;
  const taken = zones.filter((other) => other !== zone).map((other) => other.name);
  const put = (changed: Zone): void =>
    configure(source, { zones: zones.map((other) => (other === zone ? changed : other)) });
  return (
    <article className="card" aria-label={`Zone ${zone.name}`}>
      <div className="card-head">
        <NameField
          name={zone.name}
          taken={taken}
          label={`Name of zone ${zone.name}`}
          onRename={(name) => put({ ...zone, name })}
        />
        <Button
          look="bare"
          size="small"
          icon="all"
          title={`Every stay in ${zone.name}`}
          data-testid={`open-zone-${zone.name}`}
          onClick={() => useOpened.getState().open({ kind: 'zone', sourceId, zone: zone.name })}
        >
          Stays
        </Button>
        <Button
          look="bare"
          size="small"
          icon="remove"
          label={`Delete zone ${zone.name}`}
          onClick={() => configure(source, { zones: zones.filter((other) => other !== zone) })}
        />
      </div>
      <ZoneFigures name={zone.name} count={count} />
      <ClassRows byClass={count?.byClass ?? {}} />
      <LoiterField
        key={zone.loiterMs}
        zone={zone}
        onChange={(loiterMs) => {
          const { loiterMs: _before, ...rest } = zone;
          put(loiterMs === null ? rest : { ...rest, loiterMs });
        }}
      />
    </article>
  );
}

interface ZoneFiguresProps {
  readonly name: string;
  readonly count: ZoneCount | null;
}

/** All numbers of a zone, none while it was not counted. Who is inside came and has not left. */
export function ZoneFigures({ name, count }: ZoneFiguresProps): ReactElement {
  const [visits, inside] = [count?.visits ?? 0, count?.occupancy ?? 0];
  const loiterings = count?.loiterings;
  const counted = (value: number): string => (count === null ? '–' : countWords(value));
  const figure = (what: string, title: string, value: string): ReactElement => (
    <div title={title}>
      <dt>{what}</dt>
      <dd data-testid={`zone-${name}-${what.toLowerCase()}`}>{value}</dd>
    </div>
  );
  return (
    <dl className="zone-figures number">
      {figure('Inside', 'Who is inside now', counted(inside))}
      {figure('Most', 'Most at once', counted(count?.maxOccupancy ?? 0))}
      {figure('Came', 'Stays that began', counted(visits + inside))}
      {figure('Left', 'Stays that are over', counted(visits))}
      {figure('Stay', 'The middle one of all stays that are over', stayOf(visits, count?.dwellMs.p50))}
      {figure('Longest', 'The longest stay that is over', stayOf(visits, count?.dwellMs.max))}
      {loiterings === undefined
        ? null
        : figure('Loitered', 'Stays that lasted longer than the limit', countWords(loiterings))}
    </dl>
  );
}

const stayOf = (visits: number, ms: number | undefined): string =>
  visits === 0 || ms === undefined ? '–' : durationWords(ms);

const LONGEST_S = 86_400;

interface LoiterFieldProps {
  readonly zone: Zone;
  readonly onChange: (loiterMs: number | null) => void;
}

/** From how long on a stay is loitering; empty: never. It takes effect when the field is left. */
function LoiterField({ zone, onChange }: LoiterFieldProps): ReactElement {
  const now = zone.loiterMs === undefined ? '' : String(zone.loiterMs / 1000);
  const [draft, setDraft] = useState(now);
  const text = draft.trim();
  const seconds = /^\d+$/.test(text) ? Number(text) : null;
  const wrong = text !== '' && (seconds === null || seconds < 1 || seconds > LONGEST_S);
  return (
    <label className="loiter-field">
      Loitering from
      <input
        className="name-input number"
        inputMode="numeric"
        placeholder="–"
        aria-invalid={wrong}
        data-testid={`loiter-${zone.name}`}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
        onBlur={() => {
          if (wrong) setDraft(now);
          else if (text !== now) onChange(seconds === null ? null : seconds * 1000);
        }}
      />
      seconds on
    </label>
  );
}
