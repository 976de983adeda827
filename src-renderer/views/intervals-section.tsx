import type { ReactElement } from 'react';
import { bothNumbers } from '#shared/domain/count-change.ts';
import type { Interval, LiveView, SourceView } from '#shared/domain/source.ts';
import { coverWords, lengthWords } from '../figures/live-words.ts';
import { BothCount } from './both-count.tsx';

interface IntervalsSectionProps {
  readonly source: SourceView;
  readonly live: LiveView;
}

/** Shorter holes than this in a column are not worth a mark: every connection has them. */
const WORTH_MS = 500;

function columnWords(interval: Interval): string {
  const whole = interval.coveredMs >= interval.minutes * 60_000 - 1000;
  const gap = interval.gapMs < WORTH_MS ? '' : `, ${lengthWords(interval.gapMs)} of it without picture`;
  const rare =
    interval.tooRareMs < WORTH_MS ? '' : `, ${lengthWords(interval.tooRareMs)} of it looked at too rarely`;
  return `${whole ? `last ${interval.minutes} minutes` : coverWords(interval.coveredMs)}${gap}${rare}`;
}

/** Crossings of the last minutes by line and direction; columns with holes say so. Nothing while there is no line. */
export function IntervalsSection({ source, live }: IntervalsSectionProps): ReactElement | null {
  const { lines } = source.settings;
  if (lines.length === 0 || live.intervals.length === 0) return null;
  return (
    <section className="section" aria-label="Counts of the last minutes">
      <h2 className="heading">Last minutes</h2>
      <table className="intervals number" data-testid="intervals">
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">Line</span>
            </th>
            {live.intervals.map((interval) => (
              <th
                key={interval.minutes}
                scope="col"
                title={columnWords(interval)}
                data-gap={isMarked(interval)}
              >
                {interval.minutes} min
                {!isMarked(interval) ? null : (
                  <span className="interval-gap" data-testid="interval-gap">
                    ▲<span className="unseen">{columnWords(interval)}</span>
                  </span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name }) =>
            (['forward', 'backward'] as const).map((way) => (
              <tr key={`${name} ${way}`} data-way={way}>
                <th scope="row">
                  {way === 'forward' ? <bdi title={name}>{name}</bdi> : null}
                  <span>{way}</span>
                </th>
                {live.intervals.map((interval) => (
                  <td key={interval.minutes} data-short={isShort(interval)}>
                    <BothCount
                      both={bothNumbers(interval.lines[name]?.[way] ?? 0, interval.changes, {
                        line: name,
                        direction: way,
                      })}
                    />
                  </td>
                ))}
              </tr>
            )),
          )}
        </tbody>
      </table>
      <IntervalNotes intervals={live.intervals} />
    </section>
  );
}

/** Its counts are not of all that passed in it. */
function isMarked({ gapMs, tooRareMs }: Interval): boolean {
  return gapMs >= WORTH_MS || tooRareMs >= WORTH_MS;
}

/** It has not run for the whole of the column yet. */
function isShort(interval: Interval): boolean {
  return interval.coveredMs < interval.minutes * 60_000 - 1000;
}

function IntervalNotes({ intervals }: { readonly intervals: readonly Interval[] }): ReactElement | null {
  const longest = intervals.at(-1);
  if (longest === undefined) return null;
  const missed = [
    longest.gapMs < WORTH_MS ? null : `had no picture for ${lengthWords(longest.gapMs)}`,
    longest.tooRareMs < WORTH_MS ? null : `was looked at too rarely for ${lengthWords(longest.tooRareMs)}`,
  ].filter((word) => word !== null);
  const gap =
    missed.length === 0
      ? null
      : `Columns marked ▲ may miss something: the last hour ${missed.join(' and ')}.`;
  const short = intervals.some(isShort) ? `Counting for ${lengthWords(longest.coveredMs)} so far.` : null;
  const said = intervals.some(({ changes }) => changes.length > 0)
    ? 'Yellow numbers are corrected by a person.'
    : null;
  const words = [short, gap, said].filter((word) => word !== null).join(' ');
  return words === '' ? null : <p className="interval-note">{words}</p>;
}
