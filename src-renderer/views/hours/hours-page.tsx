import { type ReactElement, useEffect, useMemo, useState } from 'react';
import { toFault } from '#shared/domain/fault-text.ts';
import type { SourceView } from '#shared/domain/source.ts';
import {
  barsOf,
  barWords,
  daysOf,
  type HourBar,
  type HourStep,
  midnight,
  shownOf,
  stretchOf,
  stretchWords,
  trustOf,
  trustWords,
  wayWords,
} from '../../figures/hour-figures.ts';
import { countWords } from '../../figures/words.ts';
import { useDialog } from '../../stores/dialog-store.ts';
import { useOpened } from '../../stores/opened-store.ts';
import { isTyping } from '../../typing.ts';
import { Button } from '../../ui/button.tsx';
import { FaultNote } from '../../ui/fault-note.tsx';
import { Segments } from '../../ui/segments.tsx';
import { OpenedHead } from '../opened-head.tsx';
import { useEscape } from '../use-escape.ts';
import { HoursChart } from './hours-chart.tsx';
import { HoursTable } from './hours-table.tsx';
import { useHours } from './use-hours.ts';
import './hours.css';

const STEPS: readonly { value: HourStep; words: string; title: string }[] = [
  { value: 'quarter', words: '15 min', title: 'A day by quarters of an hour' },
  { value: 'hour', words: 'Hours', title: 'A day by the hour' },
  { value: 'day', words: 'Days', title: 'Four weeks by the day' },
];

/** Counts over one line by the hour, beside what of that time was not watched. */
export function HoursPage({ source }: { readonly source: SourceView }): ReactElement {
  const leave = useOpened((store) => store.leave);
  const film = source.live === null;
  const today = midnight(Date.now());
  const [step, setStep] = useState<HourStep>('hour');
  // A film lies where it was taken, a camera's counts end now.
  const [dayMs, setDayMs] = useState(film ? (source.media?.startWallMs ?? today) : today);
  const [line, setLine] = useState(source.settings.lines[0]?.name ?? '');
  const [label, setLabel] = useState<string | null>(null);
  const [chosen, choose] = useState<number | null>(null);
  const stretch = stretchOf(step, dayMs);
  const { hours, error } = useHours(source.sourceId, step, stretch, source.changes.length);
  const bars = useMemo(
    () =>
      hours === null
        ? []
        : barsOf(hours.step, hours.intervals, hours.counts, { line, label, nowWallMs: hours.readWallMs }),
    [hours, line, label],
  );
  const counts = hours?.counts ?? [];
  const lines = [
    ...new Set([...source.settings.lines.map(({ name }) => name), ...counts.map((count) => count.line)]),
  ];
  const labels = [
    ...new Set([...counts.map((count) => count.label), ...(label === null ? [] : [label])]),
  ].sort();
  const isLast = stretch.toWallMs > Date.now();
  const turn = (by: number): void => {
    if (by > 0 && isLast) return;
    setDayMs(Math.min(midnight(dayMs, by * daysOf(step)), Math.max(today, dayMs)));
    choose(null);
  };
  useEscape(leave);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (useDialog.getState().open !== null) return;
      if (event.key === 'ArrowLeft') choose(Math.max(0, (chosen ?? bars.length) - 1));
      else if (event.key === 'ArrowRight') choose(Math.min(bars.length - 1, (chosen ?? -1) + 1));
      else if (event.key === 'PageUp') turn(-1);
      else if (event.key === 'PageDown') turn(1);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
  return (
    <main className="hours-page" aria-label="Counts by the hour">
      <OpenedHead
        title={
          <>
            Counts of <bdi>{source.title}</bdi>
          </>
        }
        testId="leave-hours"
        onLeave={leave}
      >
        <div className="evidence-filter">
          {lines.length < 2 ? null : (
            <select aria-label="Line" value={line} onChange={(event) => setLine(event.target.value)}>
              {lines.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
          <select
            aria-label="Class"
            value={label ?? ''}
            onChange={(event) => setLabel(event.target.value === '' ? null : event.target.value)}
          >
            <option value="">All classes</option>
            {labels.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          <Segments
            label="A bar for"
            value={step}
            options={STEPS}
            onChange={(value) => {
              setStep(value);
              choose(null);
            }}
          />
        </div>
      </OpenedHead>
      <div className="hours-body">
        <div className="hours-head">
          <Button icon="up" label="Before (Page ↑)" data-testid="hours-before" onClick={() => turn(-1)} />
          <Button
            icon="down"
            label="After (Page ↓)"
            disabled={isLast}
            data-testid="hours-after"
            onClick={() => turn(1)}
          />
          <h2 className="hours-when" data-testid="hours-when">
            {stretchWords(step, stretch)}
          </h2>
          {hours === null ? null : <Totals bars={bars} />}
        </div>
        {error === null ? null : <FaultNote {...toFault(error.kind, error.message)} />}
        {hours === null ? (
          <p className="hours-words">{error === null ? 'Reading what was counted…' : ''}</p>
        ) : (
          <>
            <HoursChart step={hours.step} bars={bars} chosen={chosen} onChoose={choose} film={film} />
            <Words
              step={hours.step}
              bar={chosen === null ? null : (bars[chosen] ?? null)}
              bars={bars}
              film={film}
            />
            <HoursTable
              key={`${hours.step} ${hours.stretch.fromWallMs}`}
              step={hours.step}
              bars={bars}
              chosen={chosen}
              onChoose={choose}
              film={film}
            />
          </>
        )}
      </div>
    </main>
  );
}

function Totals({ bars }: { readonly bars: readonly HourBar[] }): ReactElement {
  const sum = (way: 'forward' | 'backward'): number => bars.reduce((all, bar) => all + shownOf(bar[way]), 0);
  return (
    <dl className="hours-totals number">
      <div data-way="forward">
        <dt>forward</dt>
        <dd data-testid="hours-forward">{countWords(sum('forward'))}</dd>
      </div>
      <div data-way="backward">
        <dt>backward</dt>
        <dd data-testid="hours-backward">{countWords(sum('backward'))}</dd>
      </div>
    </dl>
  );
}

interface WordsProps {
  readonly film: boolean;
  readonly step: HourStep;
  readonly bar: HourBar | null;
  readonly bars: readonly HourBar[];
}

/** About the bar under the pointer, else what the hatching means. */
function Words({ step, bar, bars, film }: WordsProps): ReactElement {
  if (bar === null) {
    const over = bars.filter((each) => trustOf(each) !== 'ahead');
    const words = film
      ? 'Hatched: not in the film.'
      : over.every((each) => trustOf(each) === 'unseen')
        ? 'Nothing was watched in this time.'
        : over.some((each) => trustOf(each) !== 'whole')
          ? 'Hatched: nothing was watched. An amber foot: a part was not, or was looked at too rarely, so the number may be too low.'
          : 'All of this time was watched.';
    return <p className="hours-words">{words}</p>;
  }
  const trust = trustWords(bar, film);
  return (
    <p className="hours-words number" data-testid="hours-words">
      <b>{barWords(step, bar)}</b> · forward {wayWords(bar.forward)} · backward {wayWords(bar.backward)}
      {trust === '' ? null : <span className="hours-why"> · {trust}</span>}
    </p>
  );
}
