import { type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import type { CountedCrossing } from '#shared/domain/correction.ts';
import { classColour } from '../../overlay/colours.ts';
import { nameOf, useThumbnails } from './blob-pictures.ts';
import { whenWords } from './evidence-words.ts';

interface CrossingListProps {
  readonly rows: readonly CountedCrossing[];
  /** Of a live source: the clock tells more than the time in the stream. */
  readonly live: boolean;
  readonly total: number;
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
  readonly onEnd: () => void;
}

const ROW_PX = 66;
const SPARE_ROWS = 4;

/** The crossings behind a count; only the rows in view exist. */
export function CrossingList(props: CrossingListProps): ReactElement {
  const { rows, live, total, chosen, onChoose, onEnd } = props;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const first = Math.max(0, Math.floor(view.top / ROW_PX) - SPARE_ROWS);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / ROW_PX) + SPARE_ROWS);
  const inView = useMemo(() => rows.slice(first, last), [rows, first, last]);
  const thumbnails = useThumbnails(inView);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const top = chosen * ROW_PX;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_PX > element.scrollTop + element.clientHeight)
      element.scrollTop = top + ROW_PX - element.clientHeight;
  }, [chosen]);
  useEffect(() => {
    if (last >= rows.length && rows.length < total) onEnd();
  }, [last, rows.length, total, onEnd]);

  return (
    <div className="crossing-list" ref={box} role="listbox" aria-label="Crossings" tabIndex={-1}>
      <div className="crossing-rows" style={{ blockSize: rows.length * ROW_PX }}>
        {inView.map((row, i) => (
          <Row
            key={nameOf(row)}
            row={row}
            live={live}
            top={(first + i) * ROW_PX}
            picture={thumbnails.get(nameOf(row)) ?? null}
            chosen={first + i === chosen}
            onChoose={() => onChoose(first + i)}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: CountedCrossing;
  readonly live: boolean;
  readonly top: number;
  readonly picture: string | null;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Row({ row, live, top, picture, chosen, onChoose }: RowProps): ReactElement {
  return (
    <button
      type="button"
      role="option"
      aria-selected={chosen}
      className="crossing-row"
      data-wrong={row.wrong !== null}
      data-testid="crossing-row"
      tabIndex={chosen ? 0 : -1}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onChoose}
    >
      <span className="crossing-thumb">
        {picture === null ? (
          <span className="crossing-blank">{row.added === null ? 'no picture' : 'added'}</span>
        ) : (
          <img src={picture} alt="" data-testid="crossing-thumbnail" />
        )}
      </span>
      <span className="crossing-words">
        <span className="crossing-time number">{whenWords(live, row.wallMs, row.ptsMs)}</span>
        <span className="crossing-what">
          <span className="swatch" style={{ background: classColour(row.label) }} />
          {row.label} · {row.direction}
        </span>
        <span className="crossing-line">
          <bdi>{row.line}</bdi>
          {row.trackId === null ? '' : ` · track ${row.trackId}`}
        </span>
      </span>
      {row.wrong === null ? null : (
        <span className="crossing-mark" data-tone="bad">
          wrong
        </span>
      )}
      {row.added === null ? null : (
        <span className="crossing-mark" data-tone="good">
          added
        </span>
      )}
    </button>
  );
}
