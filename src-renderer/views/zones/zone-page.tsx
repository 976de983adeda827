import type { ReactElement, ReactNode } from 'react';
import { toFault } from '#shared/domain/fault-text.ts';
import { type SourceView, shownRuns } from '#shared/domain/source.ts';
import type { ListedLoitering, ListedVisit } from '#shared/domain/stay.ts';
import { durationWords } from '../../figures/words.ts';
import { classColour } from '../../overlay/colours.ts';
import { useOpened } from '../../stores/opened-store.ts';
import { Button } from '../../ui/button.tsx';
import { FaultNote } from '../../ui/fault-note.tsx';
import { whenWords } from '../evidence/evidence-words.ts';
import { OpenedHead } from '../opened-head.tsx';
import { useEscape } from '../use-escape.ts';
import { type StayList, useStays } from './use-stays.ts';
import { ZoneFigures } from './zones-section.tsx';

interface ZonePageProps {
  readonly source: SourceView;
  readonly zone: string;
}

/** Every stay in a zone: when it began and ended, how long it was, and which became loitering. */
export function ZonePage({ source, zone }: ZonePageProps): ReactElement {
  const leave = useOpened((store) => store.leave);
  const count = source.progress?.counts.zones[zone] ?? null;
  const runIds = shownRuns(source);
  const visits = useStays('visits.list', runIds, zone, count?.visits ?? 0);
  const loiterings = useStays(
    'loiterings.list',
    runIds,
    zone,
    (count?.loiterings ?? 0) + (count?.visits ?? 0),
  );
  const threshold = source.settings.zones.find(({ name }) => name === zone)?.loiterMs;
  useEscape(leave);
  const live = source.live !== null;
  return (
    <main className="zone-page" aria-label="Stays">
      <OpenedHead
        title={
          <>
            Stays in <bdi>{zone}</bdi> of <bdi>{source.title}</bdi>
          </>
        }
        testId="leave-zone"
        onLeave={leave}
      />
      <div className="zone-body">
        <ZoneFigures name={zone} count={count} />
        <div className="zone-lists">
          <List
            title="Stays that are over"
            list={visits}
            none="Nobody has come and left yet."
            head={['Class', 'Track', 'Came', 'Left', 'Stayed']}
            row={(visit: ListedVisit) => (
              <tr key={`${visit.runId} ${visit.number}`} data-testid="visit-row">
                <Who label={visit.label} />
                <td>{visit.trackId}</td>
                <td>{whenWords(live, visit.enterWallMs, visit.enterPtsMs)}</td>
                <td>{whenWords(live, visit.leaveWallMs, visit.leavePtsMs)}</td>
                <td>{stayWords(visit.dwellMs)}</td>
              </tr>
            )}
          />
          <List
            title="Loitering"
            list={loiterings}
            none={
              threshold === undefined
                ? 'Nothing is loitering here: the zone has no limit. Set one on its card.'
                : `Nobody has stayed for ${durationWords(threshold)} yet.`
            }
            head={['Class', 'Track', 'Told at', 'Stayed']}
            row={(one: ListedLoitering) => (
              <tr key={`${one.runId} ${one.number}`} data-testid="loitering-row">
                <Who label={one.label} />
                <td>{one.trackId}</td>
                <td>{whenWords(live, one.wallMs, one.ptsMs)}</td>
                <td>{one.dwellMs === null ? 'still there' : stayWords(one.dwellMs)}</td>
              </tr>
            )}
          />
        </div>
      </div>
    </main>
  );
}

function Who({ label }: { readonly label: string }): ReactElement {
  return (
    <td>
      <span className="stay-who">
        <span className="swatch" style={{ background: classColour(label) }} />
        {label}
      </span>
    </td>
  );
}

function stayWords(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : durationWords(ms);
}

interface ListProps<T> {
  readonly title: string;
  readonly list: StayList<T>;
  readonly none: string;
  readonly head: readonly string[];
  readonly row: (one: T) => ReactNode;
}

function List<T>({ title, list, none, head, row }: ListProps<T>): ReactElement {
  const { rows, total, error, more } = list;
  return (
    <section className="stay-list" aria-label={title}>
      <h2 className="heading">
        {title} · {total}
      </h2>
      <div className="stay-rows">
        {error === null ? null : <FaultNote {...toFault(error.kind, error.message)} />}
        {rows.length === 0 ? (
          <p className="stay-none">{none}</p>
        ) : (
          <table>
            <thead>
              <tr>
                {head.map((words) => (
                  <th key={words} scope="col">
                    {words}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="number">{rows.map(row)}</tbody>
          </table>
        )}
        {rows.length < total ? (
          <div className="stay-more">
            <Button size="small" onClick={more}>
              Show more ({total - rows.length})
            </Button>
          </div>
        ) : null}
      </div>
    </section>
  );
}
