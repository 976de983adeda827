import { type ReactElement, useEffect, useRef, useState } from 'react';
import type { LogLevel } from '#shared/contracts/worker-lifecycle.contract.ts';
import type { LogEntry } from '#shared/domain/log-entry.ts';
import { ask } from '../../bridge.ts';
import { countWords } from '../../figures/words.ts';
import { useAppState } from '../../stores/app-state-store.ts';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { type LogWish, useLog } from './use-log.ts';
import './log-page.css';

const LEAST: readonly { value: LogLevel; words: string; title: string }[] = [
  { value: 'debug', words: 'All', title: 'Everything that is written' },
  { value: 'info', words: 'Info', title: 'Info and graver' },
  { value: 'warn', words: 'Warnings', title: 'Warnings and errors' },
  { value: 'error', words: 'Errors', title: 'Errors only' },
];
const everything: LogWish = { least: 'info', process: null, sourceId: null, text: '' };

/** What ivis wrote about itself since it was started; the newest at the end, as it comes. */
export function LogPage(): ReactElement {
  const [wish, setWish] = useState<LogWish>(everything);
  const [follows, follow] = useState(true);
  const { lines, matching, processes, level } = useLog(wish, follows);
  const sources = useAppState((store) => store.state?.sources) ?? [];
  const change = (part: Partial<LogWish>): void => setWish((before) => ({ ...before, ...part }));
  const filtered =
    wish.process !== null || wish.sourceId !== null || wish.text !== '' || wish.least !== 'info';
  return (
    <main className="log" data-testid="log-page">
      <header className="log-bar">
        <Segments
          label="Least level shown"
          value={wish.least}
          options={LEAST}
          onChange={(least) => change({ least })}
        />
        <select
          className="log-select"
          aria-label="Process"
          data-testid="log-process"
          value={wish.process ?? ''}
          onChange={(event) => change({ process: event.target.value === '' ? null : event.target.value })}
        >
          <option value="">All processes</option>
          {processes.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        {sources.length === 0 ? null : (
          <select
            className="log-select"
            aria-label="Source"
            value={wish.sourceId ?? ''}
            onChange={(event) => change({ sourceId: event.target.value === '' ? null : event.target.value })}
          >
            <option value="">All sources</option>
            {sources.map(({ sourceId, title }) => (
              <option key={sourceId} value={sourceId}>
                {title}
              </option>
            ))}
          </select>
        )}
        <input
          className="log-search"
          type="search"
          placeholder="Search"
          aria-label="Search the log"
          data-testid="log-search"
          value={wish.text}
          onChange={(event) => change({ text: event.target.value.slice(0, 200) })}
        />
        <span className="log-count number" data-testid="log-count">
          {countWords(matching)} {matching === 1 ? 'line' : 'lines'}
        </span>
        {filtered ? (
          <Button look="bare" onClick={() => setWish(everything)}>
            Show all
          </Button>
        ) : null}
        <label
          className="log-level"
          title="From now on this level and graver ones are written. Debug is a lot."
        >
          Write from
          <select
            className="log-select"
            data-testid="log-level"
            value={level ?? 'info'}
            disabled={level === null}
            onChange={(event) =>
              void ask('settings.change', {
                changes: [{ field: 'logging.level', value: event.target.value }],
              })
            }
          >
            <option value="debug">Debug</option>
            <option value="info">Info</option>
            <option value="warn">Warnings</option>
            <option value="error">Errors</option>
          </select>
        </label>
        <Button aria-pressed={follows} title="Keep the newest line in sight" onClick={() => follow(!follows)}>
          {follows ? 'Following' : 'Paused'}
        </Button>
      </header>
      <Lines lines={lines} follows={follows} onLeave={() => follow(false)} />
    </main>
  );
}

interface LinesProps {
  readonly lines: readonly LogEntry[];
  readonly follows: boolean;
  /** The person scrolled away from the end. */
  readonly onLeave: () => void;
}

const AT_END_PX = 8;

function Lines({ lines, follows, onLeave }: LinesProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const last = lines.at(-1)?.number;
  useEffect(() => {
    if (follows && last !== undefined) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [follows, last]);
  const wheel = (deltaY: number): void => {
    const element = box.current;
    if (element === null || deltaY >= 0) return;
    if (element.scrollHeight - element.clientHeight > AT_END_PX) onLeave();
  };
  if (lines.length === 0)
    return <p className="log-empty">No line fits. Choose a lower level or another word.</p>;
  return (
    <div className="log-lines selectable" ref={box} dir="ltr" onWheel={({ deltaY }) => wheel(deltaY)}>
      <table>
        <thead className="unseen">
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Level</th>
            <th scope="col">Process</th>
            <th scope="col">Message</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Line key={line.number} line={line} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const two = (n: number): string => String(n).padStart(2, '0');

/** Local time to the millisecond; the whole UTC time is in the title. */
function timeWords(wallMs: number): string {
  const at = new Date(wallMs);
  const millis = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${millis}`;
}

function Line({ line }: { readonly line: LogEntry }): ReactElement {
  const fields = Object.entries(line.fields).filter(([, value]) => value !== null && value !== '');
  return (
    <tr className="log-line" data-level={line.level} data-testid="log-line">
      <td className="log-time number" title={new Date(line.wallMs).toISOString()}>
        {timeWords(line.wallMs)}
      </td>
      <td className="log-tag">{line.level}</td>
      <td className="log-process number">
        {line.process}
        {line.pid === null ? null : <span> {line.pid}</span>}
      </td>
      <td className="log-message">
        {line.message}
        {line.sourceId === null ? null : <span className="log-field">{line.sourceId}</span>}
        {fields.map(([key, value]) => (
          <span key={key} className="log-field">
            {key}={String(value)}
          </span>
        ))}
      </td>
    </tr>
  );
}
