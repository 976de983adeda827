import type { CSSProperties, ReactElement } from 'react';
import {
  barWords,
  type HourBar,
  type HourStep,
  shownOf,
  tickWords,
  topOf,
  trustOf,
  trustWords,
} from '../../figures/hour-figures.ts';
import { countWords } from '../../figures/words.ts';

/** What chart and table are made of: the same bars, one of them chosen in both. */
export interface HoursProps {
  readonly step: HourStep;
  readonly bars: readonly HourBar[];
  readonly chosen: number | null;
  readonly onChoose: (index: number) => void;
  /** The bars are of a file. */
  readonly film: boolean;
}

/** A pair of bars for each stretch: over the line one way, and the other. What was not watched is hatched. */
export function HoursChart({ step, bars, chosen, onChoose, film }: HoursProps): ReactElement {
  const most = Math.max(
    ...bars.map(({ forward, backward }) => Math.max(shownOf(forward), shownOf(backward))),
  );
  const top = topOf(most);
  return (
    <figure className="hours-chart" aria-label="Counts over time" dir="ltr">
      <div className="hours-scale number" aria-hidden="true">
        {[top, top / 2, 0].map((value) => (
          <span key={value}>{countWords(value)}</span>
        ))}
      </div>
      <div className="hours-plot" data-testid="hours-plot">
        {bars.map((bar, index) => (
          <button
            key={bar.fromWallMs}
            type="button"
            tabIndex={-1}
            className="hours-bar"
            data-trust={trustOf(bar, film)}
            aria-pressed={index === chosen}
            aria-label={labelOf(step, bar, film)}
            onClick={() => onChoose(index)}
            onPointerEnter={() => onChoose(index)}
          >
            <span className="hours-way" data-way="forward" style={heightOf(shownOf(bar.forward), top)} />
            <span className="hours-way" data-way="backward" style={heightOf(shownOf(bar.backward), top)} />
          </button>
        ))}
      </div>
      <div className="hours-ticks number" aria-hidden="true">
        {bars.map((bar, index) => (
          <span key={bar.fromWallMs}>{tickWords(step, bar, index)}</span>
        ))}
      </div>
    </figure>
  );
}

function heightOf(count: number, top: number): CSSProperties {
  return { blockSize: `${(100 * count) / top}%` };
}

function labelOf(step: HourStep, bar: HourBar, film: boolean): string {
  const trust = trustWords(bar, film);
  const counts = `forward ${shownOf(bar.forward)}, backward ${shownOf(bar.backward)}`;
  return `${barWords(step, bar)}: ${counts}${trust === '' ? '' : `; ${trust}`}`;
}
