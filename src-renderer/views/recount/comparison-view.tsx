import { type ReactElement, useEffect, useMemo, useState } from 'react';
import { toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { CountedCrossing } from '#shared/domain/correction.ts';
import { toFault } from '#shared/domain/fault-text.ts';
import type { Recount } from '#shared/domain/recount.ts';
import { inquire } from '../../bridge.ts';
import { useOpened } from '../../stores/opened-store.ts';
import { FaultNote } from '../../ui/fault-note.tsx';
import { Segments } from '../../ui/segments.tsx';
import { momentWords } from '../evidence/evidence-words.ts';
import { type ComparedRow, compare, comparedRows } from './match.ts';
import { wilsonInterval } from './wilson.ts';

interface ComparisonViewProps {
  readonly sourceId: string;
  readonly recountId: number;
  readonly runId: number;
}

type WindowChoice = '1000' | '2000' | '4000';
const WINDOWS: readonly { value: WindowChoice; words: string; title: string }[] = [
  { value: '1000', words: '±1 s', title: 'Matched when at most one second apart' },
  { value: '2000', words: '±2 s', title: 'Matched when at most two seconds apart' },
  { value: '4000', words: '±4 s', title: 'Matched when at most four seconds apart' },
];
const PAGE = 500;

async function machineCrossings(runId: number): Promise<CountedCrossing[]> {
  const filter = { line: null, direction: null, label: null };
  const all: CountedCrossing[] = [];
  for (;;) {
    const { crossings, total } = await inquire('crossings.list', {
      runIds: [runId],
      filter,
      offset: all.length,
      limit: PAGE,
    });
    all.push(...crossings);
    // Held against the machine's own numbers, not against corrected ones.
    if (crossings.length === 0 || all.length >= total) return all.filter(({ number }) => number !== null);
  }
}

/** Machine against human: numbers, and what only one of them has. */
export function ComparisonView({ sourceId, recountId, runId }: ComparisonViewProps): ReactElement {
  const [read, setRead] = useState<{ machine: CountedCrossing[]; recount: Recount } | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const [windowMs, setWindowMs] = useState<WindowChoice>('2000');
  useEffect(() => {
    let over = false;
    Promise.all([machineCrossings(runId), inquire('recount.get', { recountId })])
      .then(([machine, recount]) => {
        if (!over) setRead({ machine, recount });
      })
      .catch((thrown: unknown) => {
        if (!over) setError(toWireError(thrown));
      });
    return () => {
      over = true;
    };
  }, [runId, recountId]);
  const compared = useMemo(() => {
    if (read === null) return null;
    const { fromPtsMs, toPtsMs, tallies } = read.recount;
    const seen = read.machine.filter(
      ({ ptsMs }) => ptsMs >= fromPtsMs && ptsMs <= (toPtsMs ?? Number.POSITIVE_INFINITY),
    );
    return compare(seen, tallies, Number(windowMs));
  }, [read, windowMs]);
  if (error !== null) {
    return (
      <div className="comparison">
        <FaultNote {...toFault(error.kind, error.message)} />
      </div>
    );
  }
  if (read === null || compared === null) return <p className="stage-empty">Comparing…</p>;
  const rows = comparedRows(compared);
  return (
    <div className="comparison">
      <div className="comparison-head">
        <p>
          Watched {momentWords(read.recount.fromPtsMs)} to {momentWords(read.recount.toPtsMs ?? 0)}, counted
          by {read.recount.by}. Two crossings are the same when line, direction and class agree and they are
          at most {Number(windowMs) / 1000} s apart, the nearest first.
          {compared.renamed.length === 0
            ? ''
            : ' What the two named differently is missed in one class and extra in the other.'}
        </p>
        <Segments label="Time window" value={windowMs} options={WINDOWS} onChange={setWindowMs} />
      </div>
      <table className="comparison-table">
        <thead>
          <tr>
            <th scope="col">Line, direction, class</th>
            <th scope="col">Machine</th>
            <th scope="col">Human</th>
            <th scope="col">Ratio</th>
            <th scope="col">Matched</th>
            <th scope="col">Missed</th>
            <th scope="col">Extra</th>
            <th
              scope="col"
              title="Share of the human's crossings that the machine has, with its Wilson interval"
            >
              Hit rate (95 % interval)
            </th>
          </tr>
        </thead>
        <tbody className="number">
          {rows.map((row) => (
            <Row
              key={`${row.line} ${row.direction} ${row.label}`}
              row={row}
              words={`${row.line} · ${row.direction} · ${row.label}`}
            />
          ))}
          {rows.length > 1 ? <Row row={sumOf(rows)} words="All" /> : null}
        </tbody>
      </table>
      {rows.length === 0 ? <p className="stage-empty">Neither machine nor human counted anything.</p> : null}
      <div className="comparison-lists">
        <section aria-label="Missed">
          <h2 className="heading">Missed by the machine · {compared.missed.length}</h2>
          <ul data-testid="missed-list">
            {compared.missed.map((tally) => (
              <li key={tally.number} className="number">
                {momentWords(tally.ptsMs)} · {tally.line} · {tally.direction} · {tally.label}
              </li>
            ))}
          </ul>
        </section>
        <section aria-label="Extra">
          <h2 className="heading">Only the machine · {compared.extra.length}</h2>
          <ul data-testid="extra-list">
            {compared.extra.map((crossing) => (
              <li key={crossing.number} className="number">
                {momentWords(crossing.ptsMs)} · {crossing.line} · {crossing.direction} · {crossing.label}{' '}
                <OpenCrossing sourceId={sourceId} runId={runId} number={crossing.number} />
              </li>
            ))}
          </ul>
        </section>
        <section aria-label="Named differently">
          <h2 className="heading">Named differently · {compared.renamed.length}</h2>
          <ul>
            {compared.renamed.map(({ machine, human }) => (
              <li key={machine.number} className="number">
                {momentWords(machine.ptsMs)} · machine {machine.label}, human {human.label}{' '}
                <OpenCrossing sourceId={sourceId} runId={runId} number={machine.number} />
              </li>
            ))}
          </ul>
        </section>
      </div>
    </div>
  );
}

function OpenCrossing(props: {
  readonly sourceId: string;
  readonly runId: number;
  readonly number: number | null;
}): ReactElement {
  const { sourceId, runId, number } = props;
  const filter = { line: null, direction: null, label: null };
  const sought = number === null ? null : { runId, number };
  const open = (): void => useOpened.getState().open({ kind: 'evidence', sourceId, filter, sought });
  return (
    <button type="button" className="link" onClick={open}>
      Look at it
    </button>
  );
}

function sumOf(rows: readonly ComparedRow[]): ComparedRow {
  const sum = (pick: (row: ComparedRow) => number): number =>
    rows.reduce((total, row) => total + pick(row), 0);
  return {
    line: '',
    direction: 'forward',
    label: '',
    machine: sum((row) => row.machine),
    human: sum((row) => row.human),
    hits: sum((row) => row.hits),
    missed: sum((row) => row.missed),
    extra: sum((row) => row.extra),
  };
}

function Row({ row, words }: { readonly row: ComparedRow; readonly words: string }): ReactElement {
  const interval = wilsonInterval(row.hits, row.human);
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  return (
    <tr data-testid="comparison-row">
      <th scope="row">{words}</th>
      <td>{row.machine}</td>
      <td>{row.human}</td>
      <td>{row.human === 0 ? '–' : (row.machine / row.human).toFixed(2)}</td>
      <td>{row.hits}</td>
      <td data-bad={row.missed > 0}>{row.missed}</td>
      <td data-bad={row.extra > 0}>{row.extra}</td>
      <td>
        {interval === null
          ? '–'
          : `${percent(interval.share)} (${percent(interval.low)} to ${percent(interval.high)})`}
      </td>
    </tr>
  );
}
