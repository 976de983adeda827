import type { ReactElement } from 'react';
import { changesAt } from '#shared/domain/count-change.ts';
import type { Line, LineCount } from '#shared/domain/line.ts';
import type { LineSpeed } from '#shared/domain/line-speed.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { configure } from '../actions.ts';
import { directionDegrees, directionWords, forwardOf } from '../editor/geometry.ts';
import { chooseTool } from '../editor-tool.ts';
import { clockWords } from '../figures/live-words.ts';
import { countWords } from '../figures/words.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { ClassRows } from './class-rows.tsx';
import { OpenedCount } from './evidence/opened-count.tsx';
import { SpeedWords } from './ground/speed-words.tsx';
import { useLineSpeeds } from './ground/use-line-speeds.ts';
import { HoursButton } from './hours/hours-button.tsx';
import { NameField } from './name-field.tsx';
import { RecountButton } from './recount/recount-button.tsx';

/** Counts of every line: both directions, each with its arrow as it points on the picture, and by class. */
export function LinesSection({ source }: { readonly source: SourceView }): ReactElement {
  const { lines } = source.settings;
  const counts = source.progress?.counts.lines ?? {};
  const speeds = useLineSpeeds(source);
  return (
    <section className="section" aria-label="Lines">
      <div className="section-head">
        <h2 className="heading">Lines</h2>
        <div className="section-buttons">
          <HoursButton source={source} />
          <RecountButton source={source} />
        </div>
      </div>
      {lines.length === 0 ? (
        <div className="section-empty">
          <p>Draw a line across the way of people or vehicles to count them.</p>
          <Button icon="line" disabled={source.media === null} onClick={() => chooseTool('line')}>
            Draw line
          </Button>
        </div>
      ) : null}
      {lines.map((line) => (
        <LineCard
          key={line.name}
          source={source}
          line={line}
          count={counts[line.name] ?? null}
          speeds={speeds}
        />
      ))}
    </section>
  );
}

interface LineCardProps {
  readonly source: SourceView;
  readonly line: Line;
  readonly count: LineCount | null;
  readonly speeds: readonly LineSpeed[];
}

function LineCard({ source, line, count, speeds }: LineCardProps): ReactElement {
  const { lines } = source.settings;
  const taken = lines.filter((other) => other !== line).map((other) => other.name);
  const forward = forwardOf(line.points);
  const since = source.live?.lineStarts?.[line.name];
  const change = (changed: readonly Line[]): void => configure(source, { lines: [...changed] });
  return (
    <article className="card" aria-label={`Line ${line.name}`}>
      <div className="card-head">
        <NameField
          name={line.name}
          taken={taken}
          label={`Name of line ${line.name}`}
          onRename={(name) => change(lines.map((other) => (other === line ? { ...line, name } : other)))}
        />
        <Button
          look="bare"
          size="small"
          icon="again"
          label={`Turn line ${line.name} round`}
          onClick={() =>
            change(
              lines.map((other) => (other === line ? { ...line, points: line.points.toReversed() } : other)),
            )
          }
        />
        <Button
          look="bare"
          size="small"
          icon="remove"
          label={`Delete line ${line.name}`}
          onClick={() => change(lines.filter((other) => other !== line))}
        />
      </div>
      {since === undefined ? null : (
        <p className="line-since" data-testid={`line-${line.name}-since`}>
          counted since {clockWords(since)}
        </p>
      )}
      <div className="directions">
        <DirectionCount
          source={source}
          line={line.name}
          direction="forward"
          vector={forward}
          count={count?.forward ?? null}
          speed={speeds.find((speed) => speed.line === line.name && speed.direction === 'forward')}
        />
        <DirectionCount
          source={source}
          line={line.name}
          direction="backward"
          vector={{ x: -forward.x, y: -forward.y }}
          count={count?.backward ?? null}
          speed={speeds.find((speed) => speed.line === line.name && speed.direction === 'backward')}
        />
      </div>
    </article>
  );
}

interface DirectionCountProps {
  readonly source: SourceView;
  readonly line: string;
  readonly direction: 'forward' | 'backward';
  readonly vector: { readonly x: number; readonly y: number };
  readonly count: LineCount['forward'] | null;
  readonly speed: LineSpeed | undefined;
}

function DirectionCount(props: DirectionCountProps): ReactElement {
  const { source, line, direction, vector, count, speed } = props;
  return (
    <div className="direction">
      <div className="direction-head">
        <Icon name="arrow" size={14} turn={directionDegrees(vector)} />
        <span title={`${direction}, ${directionWords(vector)} on the picture`}>{direction}</span>
      </div>
      <OpenedCount source={source} line={line} direction={direction} total={count?.total ?? 0}>
        <output
          className="direction-total number"
          aria-label={`${line} ${direction}, ${directionWords(vector)}: ${count?.total ?? 'not counted yet'}`}
          title={count === null ? 'Not counted yet' : undefined}
          data-testid={`line-${line}-${direction}`}
        >
          {count === null ? '–' : countWords(count.total)}
        </output>
      </OpenedCount>
      <ClassRows byClass={count?.byClass ?? {}} changes={changesAt(source.changes, { line, direction })} />
      {speed === undefined ? null : <SpeedWords speed={speed} />}
    </div>
  );
}
