import { type ReactElement, useEffect, useRef } from 'react';
import {
  barWords,
  type HourBar,
  shownOf,
  trustOf,
  trustWords,
  type WayCount,
} from '../../figures/hour-figures.ts';
import { countWords } from '../../figures/words.ts';
import { BothCount } from '../both-count.tsx';
import type { HoursProps } from './hours-chart.tsx';

/** The numbers of the bars; what is still to come has no row. */
export function HoursTable({ step, bars, chosen, onChoose, film }: HoursProps): ReactElement {
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (chosen !== null) row.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <div className="hours-rows">
      <table className="number" data-testid="hours-table">
        <thead>
          <tr>
            <th scope="col">{step === 'day' ? 'Day' : 'Time'}</th>
            <th scope="col">Forward</th>
            <th scope="col">Backward</th>
            <th scope="col">Both</th>
            <th scope="col">May miss something</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar, index) =>
            trustOf(bar) === 'ahead' ? null : (
              <tr
                key={bar.fromWallMs}
                ref={index === chosen ? row : null}
                data-chosen={index === chosen}
                data-trust={trustOf(bar, film)}
                onPointerEnter={() => onChoose(index)}
              >
                <th scope="row">{barWords(step, bar)}</th>
                <Way way={bar.forward} bar={bar} />
                <Way way={bar.backward} bar={bar} />
                <td>{isUncounted(bar) ? '–' : countWords(shownOf(bar.forward) + shownOf(bar.backward))}</td>
                <td className="hours-why">{trustWords(bar, film)}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

/** Nothing was looked at and nobody said anything: that is no 0. */
function isUncounted(bar: HourBar): boolean {
  return trustOf(bar) === 'unseen' && shownOf(bar.forward) + shownOf(bar.backward) === 0;
}

function Way({ way, bar }: { readonly way: WayCount; readonly bar: HourBar }): ReactElement {
  return <td>{isUncounted(bar) ? '–' : <BothCount both={way} />}</td>;
}
