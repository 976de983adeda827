import { type ReactElement, useState } from 'react';
import type { Tally } from '#shared/domain/recount.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { directionDegrees, forwardOf } from '../../editor/geometry.ts';
import { classColour } from '../../overlay/colours.ts';
import { Icon } from '../../ui/icon.tsx';
import { momentWords } from '../evidence/evidence-words.ts';
import { capOf, type TallyKey } from './tally-keys.ts';

interface TallyBoardProps {
  readonly source: SourceView;
  readonly keys: readonly TallyKey[];
  readonly tallies: readonly Tally[];
  readonly counting: boolean;
  readonly onTally: (key: TallyKey) => void;
  readonly onKey: (index: number, pressed: string) => void;
}

/** The keys by line and direction, with what the person has counted so far. */
export function TallyBoard(props: TallyBoardProps): ReactElement {
  const { source, keys, tallies } = props;
  return (
    <div className="tally-board">
      {source.settings.lines.map((line) => (
        <section key={line.name} className="tally-line" aria-label={`Line ${line.name}`}>
          <h2 className="heading">
            <bdi>{line.name}</bdi>
          </h2>
          {(['forward', 'backward'] as const).map((direction) => {
            const forward = forwardOf(line.points);
            const vector = direction === 'forward' ? forward : { x: -forward.x, y: -forward.y };
            return (
              <div key={direction} className="tally-direction">
                <p className="tally-way">
                  <Icon name="arrow" size={14} turn={directionDegrees(vector)} /> {direction}
                </p>
                {keys.map((key, index) =>
                  key.line === line.name && key.direction === direction ? (
                    <KeyRow key={key.label} {...props} tallyKey={key} index={index} />
                  ) : null,
                )}
              </div>
            );
          })}
        </section>
      ))}
      <section className="tally-last" aria-label="Last tallies">
        <h2 className="heading">Last</h2>
        {tallies.length === 0 ? <p className="tally-none">Nothing counted yet</p> : null}
        <ol>
          {tallies
            .slice(-4)
            .reverse()
            .map((tally) => (
              <li key={tally.number} className="number">
                {momentWords(tally.ptsMs)} · {tally.label} · {tally.direction}
              </li>
            ))}
        </ol>
      </section>
    </div>
  );
}

interface KeyRowProps extends TallyBoardProps {
  readonly tallyKey: TallyKey;
  readonly index: number;
}

function KeyRow({ tallyKey, index, tallies, counting, onTally, onKey }: KeyRowProps): ReactElement {
  const [asking, setAsking] = useState(false);
  const { line, direction, label, key } = tallyKey;
  const count = tallies.filter(
    (tally) => tally.line === line && tally.direction === direction && tally.label === label,
  ).length;
  return (
    <div className="tally-row">
      <button
        type="button"
        className="tally-cap"
        data-asking={asking}
        title="Give this another key"
        data-testid={`key-${line}-${direction}-${label}`}
        onClick={() => setAsking(true)}
        onBlur={() => setAsking(false)}
        onKeyDown={(event) => {
          if (!asking) return;
          event.preventDefault();
          event.stopPropagation();
          setAsking(false);
          if (event.key !== 'Escape') onKey(index, event.key);
        }}
      >
        {asking ? 'press…' : capOf(key)}
      </button>
      <button
        type="button"
        className="tally-count"
        disabled={!counting}
        tabIndex={-1}
        onClick={() => onTally(tallyKey)}
      >
        <span className="swatch" style={{ background: classColour(label) }} />
        <span className="tally-label">{label}</span>
        <output className="number" data-testid={`tally-${line}-${direction}-${label}`}>
          {count}
        </output>
      </button>
    </div>
  );
}
